import { randomUUID } from 'node:crypto';
import type { AttributeMap } from './attributes.ts';
import { Clock } from './clock.ts';
import { type ControlAddress, type Endpoints, resolveEndpoints } from './endpoints.ts';
import { SimvueError } from './errors.ts';
import { ExporterSink } from './exporter-sink.ts';
import { OtlpSink } from './otlp-sink.ts';
import { RequestHead } from './otlp-writer.ts';
import type { Reports } from './reports.ts';
import type { InitOptions, RunConfig } from './run-options.ts';
import { describeRun, type RunIdentity } from './run-resource.ts';
import { EVENT, LOG_RECORD_UID, SCOPE_NAME } from './semconv.ts';
import type { TelemetrySink } from './telemetry-sink.ts';
import { VERSION } from './version.ts';

const DEFAULT_MEMORY_BYTES = 128 * 1024 * 1024;
const HEARTBEAT_MILLIS = 60_000;

/** A record without what the session adds: times, identity. */
export interface NewRecord {
  readonly timeUnixNano?: bigint | undefined;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body?: string;
  readonly attributes?: AttributeMap;
}

/** What stands behind an initialised `Run`: its identity, its clock, its way out, and its timers. */
export class RunSession {
  readonly identity: RunIdentity;
  readonly clock = new Clock();
  readonly startUnixNano: bigint;
  readonly sink: TelemetrySink;
  readonly #config: RunConfig;
  readonly #reports: Reports;
  readonly #endpoints: Endpoints | undefined;
  #records = 0;
  #heartbeat: NodeJS.Timeout | undefined;
  #url: string | undefined;
  #asked: Promise<void> | undefined;
  #reachable = true;

  constructor(config: RunConfig, options: InitOptions, reports: Reports) {
    this.#config = config;
    this.#reports = reports;
    this.identity = describeRun(options, randomUUID());
    this.startUnixNano = this.clock.now();
    this.#endpoints = config.exporter === undefined ? resolveEndpoints(config, process.env) : undefined;
    this.sink = this.#createSink(config.memoryLimitBytes ?? DEFAULT_MEMORY_BYTES);
  }

  get url(): string | undefined {
    return this.#url;
  }

  /** Where the REST API is; undefined when the exporters of the program take its place. */
  get control(): ControlAddress | undefined {
    return this.#endpoints?.control;
  }

  /** Starts what works beside the program. */
  start(): void {
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MILLIS).unref();
  }

  /** Finds out once whether our collector serves the run's page; again after a failure, when data gets through. */
  askControl(): Promise<void> {
    const { control } = this;
    if (control === undefined) return Promise.resolve();
    this.#asked ??= this.#ask(control);
    return this.#asked;
  }

  record(eventName: string, record: NewRecord, control: boolean): boolean {
    const now = this.clock.now();
    const attributes = record.attributes ?? new Map();
    attributes.set(LOG_RECORD_UID, `${this.identity.instanceId}-${this.#records++}`);
    return this.sink.writeRecord(
      {
        timeUnixNano: record.timeUnixNano ?? now,
        observedTimeUnixNano: now,
        severityNumber: record.severityNumber ?? 0,
        severityText: record.severityText ?? '',
        body: record.body,
        eventName,
        attributes,
      },
      control,
    );
  }

  /** Ends what works beside the program; data may still be flushed. */
  stop(): void {
    clearInterval(this.#heartbeat);
  }

  /** One at a time: a heartbeat says nothing when older data still waits. */
  #beat(): void {
    if (this.sink.pendingRecords === 0) this.record(EVENT.runHeartbeat, {}, true);
  }

  #createSink(memoryLimitBytes: number): TelemetrySink {
    const { resource } = this.identity;
    const scope = { name: SCOPE_NAME, version: VERSION };
    const reports = this.#reports;
    if (this.#config.exporter !== undefined) {
      return new ExporterSink({ exporter: this.#config.exporter, resource, scope, memoryLimitBytes, reports });
    }
    if (this.#endpoints === undefined) throw new SimvueError('SIMVUE_ERR_CONFIG', 'no address to send to');
    return new OtlpSink({
      endpoints: this.#endpoints,
      head: new RequestHead(resource, scope),
      memoryLimitBytes,
      reports,
      onDelivered: () => {
        if (this.#reachable) return;
        this.#reachable = true;
        this.#asked = undefined;
        void this.askControl();
      },
    });
  }

  async #ask({ url, headers }: ControlAddress): Promise<void> {
    const { askControlAddress } = await import('./control-address.ts');
    const answer = await askControlAddress(url, headers);
    this.#reachable = answer.kind !== 'unreachable';
    if (answer.kind === 'collector') this.#url = `${url}/runs/${encodeURIComponent(this.identity.id)}`;
    if (answer.kind !== 'other') return;
    const advice = 'Set SIMVUE_URL to the address of a simvue-otel-collector for the page of the run.';
    this.#reports.once('control', `${url} is not a simvue-otel-collector. ${advice}`);
  }
}
