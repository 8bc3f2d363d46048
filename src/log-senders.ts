import { type FrameSource, LOG_NAMES, type LogName } from './frame-log.ts';
import type { RequestHead } from './otlp-writer.ts';
import type { Outlet } from './outlet.ts';
import type { Rejected } from './rejected-frames.ts';
import type { Reports } from './reports.ts';
import { Sender } from './sender.ts';
import type { SinkCounters } from './telemetry-sink.ts';

/** Metrics on grids say themselves what they belong to. */
const NO_HEAD: Pick<RequestHead, 'request'> = {
  request: (payloadBytes) => ({ body: Buffer.allocUnsafe(payloadBytes), payloadOffset: 0 }),
};

export interface LogSendersParts {
  readonly outlet: Outlet;
  readonly sources: Readonly<Record<LogName, FrameSource>>;
  readonly head: RequestHead;
  /** Counted in as data is delivered and refused. */
  readonly counters: SinkCounters;
  readonly reports: Reports;
  /** Called after each acknowledged request. */
  readonly onDelivered: () => void;
  readonly onRejected: (frame: Rejected) => void;
}

/** The senders of a writer's logs; they count what they do and report each kind of trouble once. */
export class LogSenders {
  readonly #senders: Readonly<Record<LogName, Sender>>;

  constructor(parts: LogSendersParts) {
    this.#senders = {
      metrics: createSender('metrics', parts),
      logs: createSender('logs', parts),
      grids: createSender('grids', parts),
    };
  }

  /** Tells that a log has grown. */
  notify(log: LogName): void {
    this.#senders[log].notify();
  }

  /** @returns true when nothing is left; false when `timeoutMillis` passed first. */
  async flush(timeoutMillis: number): Promise<boolean> {
    const drained = await Promise.all(LOG_NAMES.map((log) => this.#senders[log].flush(timeoutMillis)));
    return drained.every(Boolean);
  }

  /** Ends what is under way; the logs are not read any more. */
  async shutdown(): Promise<void> {
    await Promise.all(LOG_NAMES.map((log) => this.#senders[log].shutdown()));
  }
}

function createSender(name: LogName, parts: LogSendersParts): Sender {
  const { outlet, sources, head, counters, reports, onDelivered, onRejected } = parts;
  const connect = () =>
    outlet.connect(name, (items, message) => {
      counters.rejectedItems += items;
      reports.once(`partial ${name} ${message}`, message);
    });
  const events = {
    delivered: (items: number) => {
      counters.deliveredItems += items;
      onDelivered();
    },
    rejected: (frame: Rejected) => {
      counters.rejectedItems += frame.items;
      onRejected(frame);
      reports.once(`rejected ${name} ${frame.reason}`, `Data is refused and not sent again: ${frame.reason}`);
    },
    waiting: (answer: { kind: string; reason: string }) => {
      const advice = answer.kind === 'misconfigured' ? 'Check the address and the token.' : 'It is tried again.';
      reports.once(`waiting ${answer.kind} ${name}`, `Data waits: ${answer.reason}. ${advice}`);
    },
  };
  return new Sender({
    signal: name,
    log: sources[name],
    head: name === 'grids' ? NO_HEAD : head,
    connect,
    events,
  });
}
