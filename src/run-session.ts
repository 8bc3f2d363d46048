import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AttributeMap } from './attributes.ts';
import { Clock } from './clock.ts';
import { createSink, SCOPE } from './create-sink.ts';
import { type ControlAddress, type Endpoints, type Environment, resolveEndpoints } from './endpoints.ts';
import { errorText } from './errors.ts';
import { DEFAULT_SPOOL_BYTES, defaultSpoolDirectory } from './journal/spool.ts';
import { requestHead } from './otlp-writer.ts';
import type { Reports } from './reports.ts';
import type { InitOptions, RunConfig } from './run-options.ts';
import { describeRun, type RunIdentity } from './run-resource.ts';
import { EVENT, LOG_RECORD_UID } from './semconv.ts';
import type { TelemetrySink } from './telemetry-sink.ts';

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
  /** The server gives the run another id, and has pages of its own. */
  readonly #isSimvue: boolean;
  #records = 0;
  #heartbeat: NodeJS.Timeout | undefined;
  #url: string | undefined;
  #asked: Promise<void> | undefined;
  #reachable = true;
  readonly #recovering = new AbortController();
  #recovery: Promise<void> | undefined;

  /** @param environment - as `loadSettings` completes it. */
  constructor(config: RunConfig, options: InitOptions, reports: Reports, environment: Environment) {
    this.#config = config;
    this.#reports = reports;
    this.identity = describeRun(options, randomUUID());
    this.startUnixNano = this.clock.now();
    const { exporter, mode = 'online', transport = 'otlp' } = config;
    const sends = exporter === undefined && mode === 'online';
    this.#endpoints = sends ? resolveEndpoints(config, environment) : undefined;
    this.#isSimvue = transport === 'simvue';
    const { identity, startUnixNano } = this;
    const onDelivered = () => this.#delivered();
    this.sink = createSink({ config, identity, startUnixNano, endpoints: this.#endpoints, reports, onDelivered });
  }

  get url(): string | undefined {
    return this.#url;
  }

  /** Where the REST API is; undefined when the exporters of the program take its place. */
  get control(): ControlAddress | undefined {
    return this.#endpoints?.control;
  }

  /** Whether a server with the REST API is known to be at the control address: a plain OpenTelemetry Collector may be. */
  get hasServer(): boolean {
    return this.#isSimvue || this.#url !== undefined;
  }

  /** Id of the run in the REST API. */
  async idAtServer(signal: AbortSignal): Promise<string> {
    const { control, identity, startUnixNano } = this;
    if (!this.#isSimvue || control === undefined) return identity.id;
    const { simvueRunId } = await import('./outlet.ts');
    return simvueRunId(control, requestHead(identity.resource, SCOPE), startUnixNano, signal);
  }

  /** The journal's directory, and how much all journals beside it may take; undefined when there is none on disk. */
  get spool(): { readonly directory: string; readonly maxBytes: number } | undefined {
    const directory = join(this.#spoolDirectory, this.identity.instanceId);
    if (!existsSync(directory)) return undefined;
    return { directory, maxBytes: this.#config.spoolMaxBytes ?? DEFAULT_SPOOL_BYTES };
  }

  get #spoolDirectory(): string {
    return this.#config.spoolDirectory ?? defaultSpoolDirectory(process.env);
  }

  /** Starts what works beside the program. */
  start(): void {
    if (this.#config.mode === 'disabled') return;
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MILLIS).unref();
  }

  /** Finds out once whether our collector serves the run's page; again after a failure, when data gets through. */
  askControl(): Promise<void> {
    const { control } = this;
    if (control === undefined || this.#isSimvue) return Promise.resolve();
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

  /** Waits until what earlier runs left is sent too, or gives up; what is left then stays in its journals. */
  async endRecovery(timeoutMillis: number): Promise<void> {
    const timer = setTimeout(() => this.#recovering.abort(), Math.max(0, timeoutMillis));
    await this.#recovery;
    clearTimeout(timer);
  }

  /** Ends what works beside the program; data may still be flushed. */
  stop(): void {
    clearInterval(this.#heartbeat);
  }

  /** Nothing is said that older data says when it gets through; offline nobody but the journal knows that the run lives. Not from what is kept for changes of state. */
  #beat(): void {
    if (this.sink.pendingRecords === 0 || this.#config.mode === 'offline') this.record(EVENT.runHeartbeat, {}, false);
  }

  /** The server answers: time to ask it for the run's page again, and to send what earlier runs have left. */
  #delivered(): void {
    this.#recovery ??= this.#recover().catch((error) => {
      this.#reports.once('recovery', `What earlier runs left is not sent: ${errorText(error)}`);
    });
    if (this.#reachable) return;
    this.#reachable = true;
    this.#asked = undefined;
    void this.askControl();
  }

  async #recover(): Promise<void> {
    const endpoints = this.#endpoints;
    if (endpoints === undefined || this.#config.journal === 'memory') return;
    const { recoverJournals } = await import('./journal/recovery.ts');
    const spoolDirectory = this.#spoolDirectory;
    await recoverJournals({ spoolDirectory, endpoints, reports: this.#reports, signal: this.#recovering.signal });
  }

  async #ask(address: ControlAddress): Promise<void> {
    const { url } = address;
    const { askControlAddress } = await import('./control-address.ts');
    const answer = await askControlAddress(address);
    this.#reachable = answer.kind !== 'unreachable';
    if (answer.kind === 'collector') this.#url = `${url}/runs/${encodeURIComponent(this.identity.id)}`;
    if (answer.kind !== 'other') return;
    const advice = 'Set SIMVUE_URL to the address of a simvue-otel-collector for the page of the run.';
    this.#reports.once('control', `${url} is not a simvue-otel-collector. ${advice}`);
  }
}
