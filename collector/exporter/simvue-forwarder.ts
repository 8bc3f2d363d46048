import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from 'simvue-otel/errors';
import { type Forwarding, openForwarding } from 'simvue-otel/exporter';
import type { RequestDecoder } from '../pipeline/ingest-port.ts';
import { isTerminal } from '../pipeline/run-lifecycle.ts';
import type { RunResolver } from '../pipeline/run-resolver-port.ts';
import type { StagingArena } from '../pipeline/staging.ts';
import type { ArtifactFiles } from '../store/artifact-files.ts';
import type { CatalogStore, RunRow } from '../store/catalog-store.ts';
import type { IngestLog, LogReader } from '../store/ingest-log-port.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';
import { Delivery } from './delivery.ts';
import { eachOf } from './each-of.ts';
import { ExportHealth } from './export-health.ts';
import { ForwardedRun } from './forwarded-run.ts';
import { ItemForwarder } from './item-forwarder.ts';
import { type LogBatch, type RunPart, readBatch } from './log-batch.ts';

/** Where to forward to. */
export interface SimvueTarget {
  /** Base address of the server, without `/api` and without credentials. */
  readonly url: string;
  readonly token: string | undefined;
  /** Whether runs that are deleted here are deleted there. */
  readonly deletions: boolean;
}

export interface ForwarderParts {
  readonly target: SimvueTarget;
  readonly log: IngestLog;
  readonly catalog: Pick<CatalogStore, 'exports' | 'findRun' | 'artifacts' | 'alerts' | 'grids'>;
  readonly telemetry: Pick<TelemetryStore, 'arrayAt'>;
  readonly files: Pick<ArtifactFiles, 'read'>;
  readonly resolver: Pick<RunResolver, 'resolve'>;
  /** For this forwarder alone. */
  readonly arena: StagingArena;
  readonly decoder: RequestDecoder;
  /** What of the log waits at the most. */
  readonly maxQueueBytes: number;
  /** {@link SimvueForwarder.safeSequence} has risen. */
  readonly onPosition: () => void;
  readonly tell: (level: 'info' | 'warn', message: string) => void;
}

const POLL_MILLISECONDS = 250;
const BOUND_MILLISECONDS = 1_000;
const PARALLEL_RUNS = 8;
const MAX_HELD_RUNS = 10_000;
/** What is under way when the collector stops is given so long; what is not answered is sent again at the next start. */
const CLOSE_MILLISECONDS = 2_000;

/**
 * Forwards what the ingest log holds, and the state of its runs, to a Simvue server. The log is the queue: how far it was sent is
 * kept in the catalogue, so that a restart goes on there.
 */
export class SimvueForwarder {
  readonly health: ExportHealth;
  readonly #parts: ForwarderParts;
  readonly #stop = new AbortController();
  readonly #forwarding: Forwarding;
  readonly #delivery: Delivery;
  readonly #items: ItemForwarder;
  #reader: LogReader;
  readonly #target: number;
  readonly #runs = new Map<string, ForwardedRun>();
  /** Runs whose state is to be sent, with the newest record when they changed. */
  readonly #changed = new Map<string, number>();
  /** First record that is not acknowledged. */
  #position: number;
  /** First record that is neither sent nor under way. */
  #unread: number;
  #isClosing = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: ForwarderParts) {
    this.#parts = parts;
    const { target, catalog, log, tell } = parts;
    this.health = new ExportHealth((level, message) => tell(level, `export to ${target.url}: ${message}`));
    this.#forwarding = openForwarding({ ...target, onUnavailable: (error) => this.health.failed(errorText(error)) });
    this.#delivery = new Delivery(this.#stop.signal, this.health);
    const { id, position } = catalog.exports.open(target.url, log.lastSequence + 1, target.deletions);
    this.#target = id;
    this.#position = position;
    this.#unread = position;
    this.#reader = log.reader(position);
    const { telemetry, files } = parts;
    this.#items = new ItemForwarder(
      {
        target: id,
        catalog,
        telemetry,
        files,
        forwarding: this.#forwarding,
        delivery: this.#delivery,
        health: this.health,
      },
      (runId) => this.runChanged(runId),
    );
  }

  get url(): string {
    return this.#parts.target.url;
  }

  /** Records below are acknowledged, or given up. */
  get safeSequence(): number {
    return this.#position;
  }

  get statistics() {
    const { log } = this.#parts;
    const waitingRecords = Math.max(0, log.lastSequence + 1 - this.#position);
    const { exports } = this.#parts.catalog;
    const waitingRuns = exports.pendingCount(this.#target);
    const waitingFolders = exports.pendingFolderCount(this.#target);
    return {
      waitingRuns,
      waitingFolders,
      waitingRecords,
      waitingBytes: waitingRecords === 0 ? 0 : log.backlog(this.#position).bytes,
    };
  }

  start(): void {
    for (const runId of this.#parts.catalog.exports.changedRuns(this.#target)) this.runChanged(runId);
    this.#timer = setInterval(() => this.#bound(), BOUND_MILLISECONDS);
    this.#running = this.#run();
    this.#items.start();
  }

  /** The state of the run is different. */
  runChanged(runId: string): void {
    this.#changed.set(runId, this.#parts.log.lastSequence);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    const deadline = setTimeout(() => this.#stop.abort(), this.health.failures > 0 ? 0 : CLOSE_MILLISECONDS);
    await Promise.all([this.#running, this.#items.close()]);
    clearTimeout(deadline);
    await this.#reader.close();
    await this.#forwarding.close();
  }

  async #run(): Promise<void> {
    while (!this.#isClosing) {
      try {
        if (await this.#step()) continue;
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.health.failed(errorText(error));
        await this.#startOver();
      }
      await sleep(POLL_MILLISECONDS);
    }
  }

  /** After trouble of our own: all as it was kept, so that what is sent again is the same. */
  async #startOver(): Promise<void> {
    const { log, catalog } = this.#parts;
    await this.#reader.close();
    this.#reader = log.reader(this.#position);
    this.#unread = this.#position;
    this.#runs.clear();
    for (const runId of catalog.exports.changedRuns(this.#target)) this.runChanged(runId);
  }

  /** @returns whether there may be more to do at once. */
  async #step(): Promise<boolean> {
    const { decoder, resolver } = this.#parts;
    const batch = await readBatch({ reader: this.#reader, decoder, resolver, health: this.health });
    if (batch.lastSequence > 0) this.#unread = batch.lastSequence + 1;
    const sent = new Set<ForwardedRun>();
    try {
      await this.#sendData(batch, sent);
    } finally {
      batch.release();
    }
    await this.#sendStates(sent);
    if (sent.size === 0 && this.#unread <= this.#position) return false;
    this.#position = Math.max(this.#position, this.#unread);
    const saved = [...sent].map((run) => run.saved);
    this.#parts.catalog.exports.save(this.#target, this.#position, saved);
    this.#parts.onPosition();
    this.#forgetOldest();
    return batch.lastSequence > 0;
  }

  async #sendData({ runs }: LogBatch, sent: Set<ForwardedRun>): Promise<void> {
    await eachOf([...runs], PARALLEL_RUNS, async ([runId, parts]) => {
      const run = await this.#runOf(runId);
      if (run === undefined) return this.#refuse(parts);
      sent.add(run);
      for (const { decoded, part, events } of parts) {
        await run.sendPoints(decoded, part);
        await run.sendEvents(events);
      }
    });
  }

  /** The end of a run waits for the data before it. */
  async #sendStates(sent: Set<ForwardedRun>): Promise<void> {
    await eachOf([...this.#changed], PARALLEL_RUNS, async ([runId, sequence]) => {
      const row = this.#parts.catalog.findRun(runId);
      if (row !== undefined && isOver(row) && sequence >= this.#unread) return;
      this.#changed.delete(runId);
      const run = row === undefined ? undefined : await this.#runOf(runId);
      if (row === undefined || run === undefined) return;
      await run.sendState(row);
      sent.add(run);
    });
  }

  async #runOf(runId: string): Promise<ForwardedRun | undefined> {
    const held = this.#runs.get(runId);
    if (held !== undefined) {
      this.#runs.delete(runId);
      this.#runs.set(runId, held);
      return held;
    }
    const { catalog, arena } = this.#parts;
    const onFolder = (path: string): void => catalog.exports.noteFolder(this.#target, path);
    const parts = { forwarding: this.#forwarding, delivery: this.#delivery, health: this.health, arena, onFolder };
    const saved = catalog.exports.run(this.#target, runId);
    const row = catalog.findRun(runId);
    if (row === undefined) return undefined;
    const run = saved === undefined ? await ForwardedRun.make(parts, row) : ForwardedRun.known(parts, saved);
    if (run === undefined) return undefined;
    if (saved === undefined && !this.#changed.has(runId)) this.runChanged(runId);
    this.#runs.set(runId, run);
    return run;
  }

  #refuse(parts: readonly RunPart[]): void {
    const items = parts.reduce((sum, { part, events }) => sum + part.points + events.length, 0);
    this.health.refuse('run', items, 'data of runs that the target does not take, or that are deleted here');
  }

  /** A target that is down for long must not fill the disk. */
  #bound(): void {
    const { log, maxQueueBytes, catalog, onPosition } = this.#parts;
    const { bytes, oldestEnd } = log.backlog(this.#position);
    if (bytes <= maxQueueBytes || this.#position > oldestEnd) return;
    this.health.drop(Math.max(0, oldestEnd + 1 - this.#unread));
    this.#position = oldestEnd + 1;
    this.#unread = Math.max(this.#unread, this.#position);
    catalog.exports.save(this.#target, this.#position, []);
    onPosition();
  }

  #forgetOldest(): void {
    for (const runId of this.#runs.keys()) {
      if (this.#runs.size <= MAX_HELD_RUNS) return;
      this.#runs.delete(runId);
    }
  }
}

function isOver({ status }: RunRow): boolean {
  return isTerminal(status) || status === 'lost';
}
