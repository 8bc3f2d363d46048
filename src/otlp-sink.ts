import type { AttributeMap } from './attributes.ts';
import type { Endpoints } from './endpoints.ts';
import { deliverWhileExiting, type ExitRequest } from './exit-delivery.ts';
import {
  FRAME_FLAG_CONTROL,
  FRAME_PADDING_BYTES,
  FRAME_PREFIX_BYTES,
  type FrameRange,
  type LogName,
  type Signal,
} from './frame-log.ts';
import type { FrameStore } from './frame-store.ts';
import {
  encodeAssignment,
  encodePoint,
  type GridAssignment,
  type GridFrame,
  type GridPoint,
} from './grids/grid-frames.ts';
import type { NumberGrid } from './grids/number-grid.ts';
import type { LogRecord } from './log-record.ts';
import { LogSenders } from './log-senders.ts';
import { OtlpMetricWriter } from './otlp-metric-writer.ts';
import { type RequestHead, writeLogRecord } from './otlp-writer.ts';
import type { Outlet } from './outlet.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { type Rejected, RejectedFrames } from './rejected-frames.ts';
import type { Reports } from './reports.ts';
import { EVENT } from './semconv.ts';
import type { TelemetrySink } from './telemetry-sink.ts';
import { type ViewedBytes, viewed } from './viewed-bytes.ts';

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
  readonly outlet: Outlet | undefined;
  /** Where what is left is sent while the process ends; undefined = it is not. */
  readonly endpoints: Endpoints | undefined;
  readonly head: RequestHead;
  readonly store: FrameStore;
  readonly reports: Reports;
  /** Called after each acknowledged request. */
  readonly onDelivered: () => void;
}

/** Our own way out: values are encoded once into framed logs, which senders drain. */
export class OtlpSink implements TelemetrySink {
  readonly counters = { deliveredItems: 0, droppedItems: 0, rejectedItems: 0 };
  readonly #options: OtlpSinkOptions;
  readonly #rejected = new RejectedFrames();
  readonly #metricWriter = new OtlpMetricWriter();
  readonly #recordWriter = new ProtobufWriter(1024, FRAME_PREFIX_BYTES);
  readonly #senders: LogSenders | undefined;

  constructor(options: OtlpSinkOptions) {
    this.#options = options;
    const { outlet, store, head, reports, onDelivered } = options;
    if (outlet === undefined) return;
    const { counters } = this;
    const onRejected = (frame: Rejected) => {
      this.#rejected.add(frame);
      store.keep(frame);
    };
    const senders = new LogSenders({ outlet, sources: store.logs, head, counters, reports, onDelivered, onRejected });
    this.#senders = senders;
    store.listen((log) => senders.notify(log));
  }

  get rejected() {
    return this.#rejected.list;
  }

  get pendingPoints(): number {
    const { metrics, grids } = this.#options.store.logs;
    return metrics.waitingItems + grids.waitingItems;
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
    if (record.eventName === EVENT.runEnd) this.#options.store.releaseReserve();
    const writer = this.#recordWriter;
    writer.reset();
    writeLogRecord(writer, record);
    return this.#append('logs', control ? FRAME_FLAG_CONTROL : 0, 1, writer);
  }

  assignGrid(assignment: GridAssignment): boolean {
    return this.#appendGrid(encodeAssignment(assignment));
  }

  writeGrid(point: GridPoint, values: NumberGrid): boolean {
    return this.#appendGrid(encodePoint(point, values));
  }

  async flush(timeoutMillis: number): Promise<boolean> {
    const start = performance.now();
    await this.#options.store.flush();
    if (this.#senders === undefined) return true;
    return this.#senders.flush(Math.max(0, timeoutMillis - (performance.now() - start)));
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
    if (!store.outlivesProcess) this.counters.droppedItems += this.pendingPoints + this.pendingRecords;
    store.close();
  }

  async stopSending(): Promise<void> {
    await this.#senders?.shutdown();
  }

  close(): void {
    this.#options.store.close();
  }

  #append(signal: Signal, flags: number, items: number, writer: ProtobufWriter): boolean {
    writer.reserve(FRAME_PADDING_BYTES);
    return this.#appendFrame(signal, flags, items, writer, writer.length);
  }

  #appendGrid({ frame, payloadBytes }: GridFrame): boolean {
    return this.#appendFrame('grids', 0, 1, viewed(frame), payloadBytes);
  }

  #appendFrame(log: LogName, flags: number, items: number, frame: ViewedBytes, payloadBytes: number): boolean {
    const { store, reports } = this.#options;
    const taken = store.logs[log].append(flags, items, frame, payloadBytes);
    if (taken) this.#senders?.notify(log);
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
}
