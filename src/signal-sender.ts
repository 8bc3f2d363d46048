import type { Delivery } from './delivery.ts';
import type { Endpoint } from './endpoints.ts';
import type { FrameSource, Signal } from './frame-log.ts';
import type { RequestHead } from './otlp-writer.ts';
import type { Rejected } from './rejected-frames.ts';
import type { Reports } from './reports.ts';
import { Sender } from './sender.ts';
import type { SinkCounters } from './telemetry-sink.ts';

export interface SignalSenderParts {
  readonly signal: Signal;
  readonly source: FrameSource;
  readonly head: RequestHead;
  readonly endpoint: Endpoint;
  /** Counted in as data is delivered and refused. */
  readonly counters: SinkCounters;
  readonly reports: Reports;
  /** Called after each acknowledged request. */
  readonly onDelivered: () => void;
  readonly onRejected: (frame: Rejected) => void;
}

/** A sender over OTLP/HTTP that counts what it does and reports each kind of trouble once. */
export function signalSender(parts: SignalSenderParts): Sender {
  const { signal, source, head, endpoint, counters, reports, onDelivered, onRejected } = parts;
  const connect = async (): Promise<Delivery> => {
    const { createOtlpDelivery } = await import('./delivery.ts');
    return createOtlpDelivery(signal, endpoint, ({ rejectedItems, message }) => {
      counters.rejectedItems += rejectedItems;
      reports.once(`partial ${signal} ${message}`, `${endpoint.url} refused ${rejectedItems} of a request: ${message}`);
    });
  };
  const events = {
    delivered: (items: number) => {
      counters.deliveredItems += items;
      onDelivered();
    },
    rejected: (frame: Rejected) => {
      counters.rejectedItems += frame.items;
      onRejected(frame);
      reports.once(`rejected ${signal} ${frame.reason}`, `Data is refused and not sent again: ${frame.reason}`);
    },
    waiting: (answer: { kind: string; reason: string }) => {
      const advice = answer.kind === 'misconfigured' ? 'Check the address and the token.' : 'It is tried again.';
      reports.once(`waiting ${answer.kind} ${signal}`, `Data waits: ${answer.reason}. ${advice}`);
    },
  };
  return new Sender({ signal, log: source, head, connect, events });
}
