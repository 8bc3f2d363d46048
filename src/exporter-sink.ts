import type { Attributes, ValueType } from '@opentelemetry/api';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { AggregationTemporality, DataPointType, GaugeMetricData } from '@opentelemetry/sdk-metrics';
import type { AttributeMap, AttributeValue } from './attributes.ts';
import { SimvueError } from './errors.ts';
import { ExportQueue } from './export-queue.ts';
import type { LogRecord } from './log-record.ts';
import type { Reports } from './reports.ts';
import type { ExporterPair } from './run-options.ts';
import { POINT } from './semconv.ts';
import type { SinkCounters, TelemetrySink } from './telemetry-sink.ts';
import { unixNanoToHrTime } from './time.ts';

/** The SDK's own words for these, without loading the SDK. */
const INT: ValueType.INT = 0;
const DOUBLE: ValueType.DOUBLE = 1;
const CUMULATIVE: AggregationTemporality.CUMULATIVE = 1;
const GAUGE: DataPointType.GAUGE = 2;
/** Estimate of what a point or record takes in memory. */
const ITEM_BYTES = 512;

export interface ExporterSinkOptions {
  readonly exporter: ExporterPair;
  readonly resource: AttributeMap;
  readonly scope: { readonly name: string; readonly version: string };
  readonly memoryLimitBytes: number;
  readonly reports: Reports;
}

/** The way out through a pair of stock exporters: each value is one metric with one gauge data point. */
export class ExporterSink implements TelemetrySink {
  readonly counters: SinkCounters = { deliveredItems: 0, droppedItems: 0, rejectedItems: 0 };
  readonly rejected = [];
  readonly #options: ExporterSinkOptions;
  readonly #resource: Resource;
  readonly #units = new Map<string, string>();
  readonly #points: ExportQueue<GaugeMetricData>;
  readonly #records: ExportQueue<ReadableLogRecord>;

  constructor(options: ExporterSinkOptions) {
    this.#options = options;
    const { exporter, scope } = options;
    this.#resource = resourceFromAttributes(sdkAttributes(options.resource));
    const queue = {
      maxItems: Math.max(1, Math.floor(options.memoryLimitBytes / ITEM_BYTES)),
      delivered: (items: number) => {
        this.counters.deliveredItems += items;
      },
      failed: (reason: string) => {
        options.reports.once('exporter', `Data waits in memory: the exporter failed: ${reason}. It is tried again.`);
      },
    };
    this.#points = new ExportQueue({
      ...queue,
      export: (items, done) =>
        exporter.metrics.export({ resource: this.#resource, scopeMetrics: [{ scope, metrics: [...items] }] }, done),
    });
    this.#records = new ExportQueue({
      ...queue,
      export: (items, done) => exporter.logs.export([...items], done),
    });
  }

  get pendingPoints(): number {
    return this.#points.length;
  }

  get pendingRecords(): number {
    return this.#records.length;
  }

  writePoints(
    names: readonly string[],
    values: readonly (number | bigint)[],
    timeUnixNano: bigint,
    step: number | undefined,
    runTimeSeconds: number | undefined,
    dimensions: AttributeMap = new Map(),
  ): number {
    const time = unixNanoToHrTime(timeUnixNano);
    const attributes: Attributes = sdkAttributes(dimensions);
    if (step !== undefined) attributes[POINT.step] = step;
    if (runTimeSeconds !== undefined) attributes[POINT.time] = runTimeSeconds;
    let taken = 0;
    names.forEach((name, index) => {
      const value = values[index] ?? Number.NaN;
      const valueType = typeof value === 'bigint' ? INT : DOUBLE;
      const metric: GaugeMetricData = {
        descriptor: { name, description: '', unit: this.#units.get(name) ?? '', valueType },
        aggregationTemporality: CUMULATIVE,
        dataPointType: GAUGE,
        dataPoints: [{ startTime: time, endTime: time, attributes, value: Number(value) }],
      };
      if (this.#points.push(metric)) taken++;
    });
    this.#countDropped(names.length - taken);
    return taken;
  }

  setUnit(name: string, unit: string): void {
    this.#units.set(name, unit);
  }

  writeRecord(record: LogRecord, control: boolean): boolean {
    const { severityNumber, severityText, body, eventName } = record;
    const taken = this.#records.push(
      {
        hrTime: unixNanoToHrTime(record.timeUnixNano),
        hrTimeObserved: unixNanoToHrTime(record.observedTimeUnixNano),
        ...(severityNumber > 0 ? { severityNumber, severityText } : {}),
        ...(body === undefined ? {} : { body }),
        ...(eventName === '' ? {} : { eventName }),
        resource: this.#resource,
        instrumentationScope: this.#options.scope,
        attributes: sdkAttributes(record.attributes),
        droppedAttributesCount: 0,
      },
      control,
    );
    this.#countDropped(taken ? 0 : 1);
    return taken;
  }

  assignGrid(): boolean {
    throw new SimvueError('SIMVUE_ERR_CONFIG', 'exporter: it has no place for metrics on grids. Leave it out.');
  }

  writeGrid(): boolean {
    return this.assignGrid();
  }

  async flush(timeoutMillis: number): Promise<boolean> {
    const drained = await Promise.all([this.#points.flush(timeoutMillis), this.#records.flush(timeoutMillis)]);
    return drained.every(Boolean);
  }

  /** A stock exporter needs the event loop: what is pending when the process ends without `close` is lost. */
  deliverAtExit(): void {
    this.#countDropped(this.pendingPoints + this.pendingRecords);
  }

  async stopSending(): Promise<void> {
    this.#points.shutdown();
    this.#records.shutdown();
  }

  close(): void {
    return;
  }

  #countDropped(items: number): void {
    if (items === 0) return;
    this.counters.droppedItems += items;
    this.#options.reports.once('full', 'Data is dropped: the memory for data that is not yet exported is full.');
  }
}

/** Attributes as the SDK's types know them; integers beyond 2^53 become text. */
function sdkAttributes(attributes: AttributeMap): Attributes {
  return Object.fromEntries([...attributes].map(([key, value]) => [key, sdkValue(value)])) as Attributes;
}

function sdkValue(value: AttributeValue): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}
