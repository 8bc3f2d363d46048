import { ByteBudget } from './byte-budget.ts';
import type { Delivery } from './delivery.ts';
import type { Endpoints } from './endpoints.ts';
import { deliverWhileExiting, type ExitRequest } from './exit-delivery.ts';
import { FRAME_FLAG_CONTROL, FRAME_KIND, type FrameLog, type FramePosition, type Signal } from './frame-log.ts';
import type { LogRecord } from './log-record.ts';
import { MemoryLog } from './memory-log.ts';
import { OtlpMetricWriter } from './otlp-metric-writer.ts';
import { type RequestHead, writeLogRecord } from './otlp-writer.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { RejectedFrames } from './rejected-frames.ts';
import type { Reports } from './reports.ts';
import { Sender } from './sender.ts';
import type { TelemetrySink } from './telemetry-sink.ts';

/** A call with more encoded bytes becomes several frames, so that a refused frame takes little with it. */
const MAX_FRAME_BYTES = 64 * 1024;
const EXIT_REQUEST_BYTES = 4 * 1024 * 1024;

export interface OtlpSinkOptions {
  readonly endpoints: Endpoints;
  readonly head: RequestHead;
  readonly memoryLimitBytes: number;
  readonly reports: Reports;
  /** Called after each acknowledged request. */
  readonly onDelivered: () => void;
}

/** Our own way out: values are encoded once into framed logs, and two senders drain them. */
export class OtlpSink implements TelemetrySink {
  readonly counters = { deliveredItems: 0, droppedItems: 0, rejectedItems: 0 };
  readonly #options: OtlpSinkOptions;
  readonly #rejected = new RejectedFrames();
  readonly #metricWriter = new OtlpMetricWriter();
  readonly #recordWriter = new ProtobufWriter();
  readonly #logs: Readonly<Record<Signal, FrameLog>>;
  readonly #senders: Readonly<Record<Signal, Sender>>;

  constructor(options: OtlpSinkOptions) {
    this.#options = options;
    const budget = new ByteBudget(options.memoryLimitBytes);
    this.#logs = {
      metrics: new MemoryLog(FRAME_KIND.metrics, budget),
      logs: new MemoryLog(FRAME_KIND.logs, budget),
    };
    this.#senders = { metrics: this.#sender('metrics'), logs: this.#sender('logs') };
  }

  get rejected() {
    return this.#rejected.list;
  }

  get pendingPoints(): number {
    return this.#logs.metrics.pending.items;
  }

  get pendingRecords(): number {
    return this.#logs.logs.pending.items;
  }

  writePoints(
    names: readonly string[],
    values: readonly (number | bigint)[],
    timeUnixNano: bigint,
    step: number,
    runTimeSeconds: number | undefined,
  ): number {
    const writer = this.#metricWriter;
    writer.begin(timeUnixNano, step, runTimeSeconds);
    let taken = 0;
    let inFrame = 0;
    for (let i = 0; i < names.length; i++) {
      writer.value(names[i] as string, values[i] as number | bigint);
      inFrame++;
      if (writer.output.length < MAX_FRAME_BYTES && i < names.length - 1) continue;
      if (this.#append('metrics', 0, inFrame, writer.output)) taken += inFrame;
      writer.restart();
      inFrame = 0;
    }
    return taken;
  }

  writeRecord(record: LogRecord, control: boolean): boolean {
    const writer = this.#recordWriter;
    writer.reset();
    writeLogRecord(writer, record);
    return this.#append('logs', control ? FRAME_FLAG_CONTROL : 0, 1, writer);
  }

  async flush(timeoutMillis: number): Promise<boolean> {
    const { metrics, logs } = this.#senders;
    const drained = await Promise.all([metrics.flush(timeoutMillis), logs.flush(timeoutMillis)]);
    return drained.every(Boolean);
  }

  deliverAtExit(timeoutMillis: number): void {
    const requests = [...this.#exitRequests('logs'), ...this.#exitRequests('metrics')];
    const answered = deliverWhileExiting(requests, timeoutMillis);
    for (const { log, range } of requests.slice(0, answered)) {
      log.release(range);
      this.counters.deliveredItems += range.items;
    }
  }

  shutdown(): void {
    this.#senders.metrics.shutdown();
    this.#senders.logs.shutdown();
  }

  #append(signal: Signal, flags: number, items: number, writer: ProtobufWriter): boolean {
    const taken = this.#logs[signal].append(flags, items, writer.buffer, writer.length);
    if (taken) this.#senders[signal].notify();
    else {
      this.counters.droppedItems += items;
      const limit = this.#options.memoryLimitBytes;
      this.#options.reports.once('full', `Data is dropped: the ${limit} bytes for unsent data are full.`);
    }
    return taken;
  }

  #exitRequests(signal: Signal) {
    const log = this.#logs[signal];
    const requests: (ExitRequest & { log: FrameLog; range: NonNullable<ReturnType<FrameLog['range']>> })[] = [];
    let start: FramePosition | undefined;
    for (;;) {
      const range = log.range({ payloadBytes: EXIT_REQUEST_BYTES }, start);
      if (range === undefined) return requests;
      const { body, payloadOffset } = this.#options.head.request(range.payloadBytes);
      log.copyPayloads(range, body, payloadOffset);
      requests.push({ endpoint: this.#options.endpoints[signal], body, log, range });
      start = range.end;
    }
  }

  #sender(signal: Signal): Sender {
    const { endpoints, head, reports, onDelivered } = this.#options;
    const url = endpoints[signal].url;
    const connect = async (): Promise<Delivery> => {
      const { createOtlpDelivery } = await import('./delivery.ts');
      return createOtlpDelivery(signal, endpoints[signal], ({ rejectedItems, message }) => {
        this.counters.rejectedItems += rejectedItems;
        reports.once(`partial ${signal} ${message}`, `${url} refused ${rejectedItems} of a request: ${message}`);
      });
    };
    const events = {
      delivered: (items: number) => {
        this.counters.deliveredItems += items;
        onDelivered();
      },
      rejected: (frame: Parameters<RejectedFrames['add']>[0]) => {
        this.counters.rejectedItems += frame.items;
        this.#rejected.add(frame);
        reports.once(`rejected ${signal} ${frame.reason}`, `Data is refused and not sent again: ${frame.reason}`);
      },
      waiting: (answer: { kind: string; reason: string }) => {
        const advice = answer.kind === 'misconfigured' ? 'Check the address and the token.' : 'It is tried again.';
        reports.once(`waiting ${answer.kind} ${signal}`, `Data waits in memory: ${answer.reason}. ${advice}`);
      },
    };
    return new Sender({ signal, log: this.#logs[signal], head, connect, events });
  }
}
