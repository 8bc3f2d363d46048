import type { AttributeMap } from './attributes.ts';
import type { Endpoint, Endpoints } from './endpoints.ts';
import { deliverWhileExiting, type ExitRequest } from './exit-delivery.ts';
import {
  FRAME_FLAG_CONTROL,
  FRAME_PADDING_BYTES,
  FRAME_PREFIX_BYTES,
  type FrameRange,
  type Signal,
} from './frame-log.ts';
import type { FrameStore } from './frame-store.ts';
import type { LogRecord } from './log-record.ts';
import { OtlpMetricWriter } from './otlp-metric-writer.ts';
import { type RequestHead, writeLogRecord } from './otlp-writer.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { type Rejected, RejectedFrames } from './rejected-frames.ts';
import type { Reports } from './reports.ts';
import type { Sender } from './sender.ts';
import { signalSender } from './signal-sender.ts';
import type { TelemetrySink } from './telemetry-sink.ts';

/** A call with more encoded bytes becomes several frames, so that a refused frame takes little with it. */
const MAX_FRAME_BYTES = 64 * 1024;
const EXIT_REQUEST_BYTES = 4 * 1024 * 1024;
/** More than the deadline of an exit can carry. */
const EXIT_TOTAL_BYTES = 128 * 1024 * 1024;

interface PendingRequest extends ExitRequest {
  readonly signal: Signal;
  readonly range: FrameRange;
}

export interface OtlpSinkOptions {
  /** Undefined = offline: the store keeps everything. */
  readonly endpoints: Endpoints | undefined;
  readonly head: RequestHead;
  readonly store: FrameStore;
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
  readonly #recordWriter = new ProtobufWriter(1024, FRAME_PREFIX_BYTES);
  readonly #senders: Readonly<Record<Signal, Sender>> | undefined;

  constructor(options: OtlpSinkOptions) {
    this.#options = options;
    const { endpoints, store } = options;
    if (endpoints === undefined) return;
    const senders = {
      metrics: this.#sender('metrics', endpoints.metrics),
      logs: this.#sender('logs', endpoints.logs),
    };
    this.#senders = senders;
    store.listen((signal) => senders[signal].notify());
  }

  get rejected() {
    return this.#rejected.list;
  }

  get pendingPoints(): number {
    return this.#options.store.logs.metrics.waitingItems;
  }

  get pendingRecords(): number {
    return this.#options.store.logs.logs.waitingItems;
  }

  writePoints(
    names: readonly string[],
    values: readonly (number | bigint)[],
    timeUnixNano: bigint,
    step: number | undefined,
    runTimeSeconds: number | undefined,
    attributes?: AttributeMap,
  ): number {
    const writer = this.#metricWriter;
    writer.begin(timeUnixNano, step, runTimeSeconds, attributes);
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

  setUnit(name: string, unit: string): void {
    this.#metricWriter.setUnit(name, unit);
  }

  writeRecord(record: LogRecord, control: boolean): boolean {
    const writer = this.#recordWriter;
    writer.reset();
    writeLogRecord(writer, record);
    return this.#append('logs', control ? FRAME_FLAG_CONTROL : 0, 1, writer);
  }

  async flush(timeoutMillis: number): Promise<boolean> {
    const start = performance.now();
    await this.#options.store.flush();
    if (this.#senders === undefined) return true;
    const { metrics, logs } = this.#senders;
    const leftMillis = Math.max(0, timeoutMillis - (performance.now() - start));
    const drained = await Promise.all([metrics.flush(leftMillis), logs.flush(leftMillis)]);
    return drained.every(Boolean);
  }

  deliverAtExit(timeoutMillis: number): void {
    const { store, endpoints } = this.#options;
    store.flushSync();
    const requests = endpoints === undefined ? [] : this.#exitRequests(endpoints);
    const accepted = deliverWhileExiting(requests, timeoutMillis, !store.outlivesProcess);
    for (const signal of ['logs', 'metrics'] as const) {
      for (const request of requests.filter((each) => each.signal === signal)) {
        if (!accepted.includes(request)) break;
        store.logs[signal].release(request.range);
        this.counters.deliveredItems += request.range.items;
      }
    }
    store.close();
  }

  async shutdown(): Promise<void> {
    await Promise.all([this.#senders?.metrics.shutdown(), this.#senders?.logs.shutdown()]);
    this.#options.store.close();
  }

  #append(signal: Signal, flags: number, items: number, writer: ProtobufWriter): boolean {
    const { store, reports } = this.#options;
    writer.reserve(FRAME_PADDING_BYTES);
    const taken = store.logs[signal].append(flags, items, writer.buffer, writer.length);
    if (taken) this.#senders?.[signal].notify();
    else {
      this.counters.droppedItems += items;
      reports.once('full', store.fullMessage);
    }
    return taken;
  }

  /** Records first: they say how the run ended. */
  #exitRequests(endpoints: Endpoints): PendingRequest[] {
    const requests: PendingRequest[] = [];
    let totalBytes = 0;
    for (const signal of ['logs', 'metrics'] as const) {
      const log = this.#options.store.logs[signal];
      let range = log.range({ payloadBytes: EXIT_REQUEST_BYTES });
      for (
        ;
        range !== undefined && totalBytes < EXIT_TOTAL_BYTES;
        range = log.range({ payloadBytes: EXIT_REQUEST_BYTES }, range.end)
      ) {
        const { body, payloadOffset } = this.#options.head.request(range.payloadBytes);
        log.copyPayloads(range, body, payloadOffset);
        requests.push({ endpoint: endpoints[signal], body, signal, range });
        totalBytes += body.length;
      }
    }
    return requests;
  }

  #sender(signal: Signal, endpoint: Endpoint): Sender {
    const { store, head, reports, onDelivered } = this.#options;
    const onRejected = (frame: Rejected) => {
      this.#rejected.add(frame);
      store.keep(frame);
    };
    const { counters } = this;
    return signalSender({
      signal,
      source: store.logs[signal],
      head,
      endpoint,
      counters,
      reports,
      onDelivered,
      onRejected,
    });
  }
}
