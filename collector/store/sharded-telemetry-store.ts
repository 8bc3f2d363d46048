import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MetricArray } from '../pipeline/metric-array.ts';
import type { StagingBlock } from '../pipeline/staging.ts';
import type { SeriesDefinition } from '../pipeline/telemetry.ts';
import type { MetricsText } from './shard/metrics-json.ts';
import { ShardThread } from './shard/shard-thread.ts';
import { TextCache } from './shard/text-cache.ts';
import type { SpanQuery } from './span-store.ts';
import type {
  EventCount,
  EventQuery,
  MetricCellQuery,
  PlotQuery,
  PointPageQuery,
  PointQuery,
  RunOrigin,
  ShardCommit,
  StepQuery,
  TelemetryStore,
} from './telemetry-store.ts';

/** What may live in the memory of one shard before requests are answered 503. */
export interface ShardLimits {
  readonly maxLiveBytes: number;
  readonly maxWaitingCommits: number;
}

export const DEFAULT_SHARD_LIMITS: ShardLimits = { maxLiveBytes: 512 << 20, maxWaitingCommits: 1_000 };

export interface TelemetryStoreOptions {
  /** An existing directory; each shard is a file `points-<n>.db` in it. */
  readonly directory: string;
  /** Shards of a new directory; an existing one keeps its number. */
  readonly shards?: number;
  readonly limits?: ShardLimits;
  /** Told when a shard's thread dies: the collector must stop, its log has everything. */
  readonly onFatal: (error: unknown) => void;
  /** Told why a part cannot store now, and with undefined that it can again. Nothing is lost: the log has it. */
  readonly onDisk: (part: string, trouble: string | undefined) => void;
}

const DEFAULT_SHARDS = 2;
const TEXT_CACHE_BYTES = 32 << 20;

/**
 * Opens the embedded store: one worker thread and one SQLite file a shard.
 *
 * @throws SimvueError `SIMVUE_ERR_DATA_DIRECTORY` when a file cannot be opened.
 */
export async function openTelemetryStore(options: TelemetryStoreOptions): Promise<TelemetryStore> {
  const { directory } = options;
  const existing = existsSync(directory)
    ? readdirSync(directory).filter((name) => /^points-\d+\.db$/.test(name)).length
    : 0;
  const count = existing > 0 ? existing : (options.shards ?? DEFAULT_SHARDS);
  const listeners: ((sequence: number) => void)[] = [];
  let store: ShardedTelemetryStore | undefined;
  const tell = (): void => {
    if (store === undefined) return;
    for (const listener of listeners) listener(store.safeSequence);
  };
  const threads = await Promise.all(
    Array.from({ length: count }, (_, i) =>
      ShardThread.start(join(directory, `points-${i}.db`), {
        onPosition: tell,
        onDisk: (trouble) => options.onDisk(`shard ${i}`, trouble),
        onFatal: options.onFatal,
      }),
    ),
  );
  store = new ShardedTelemetryStore(threads, listeners, options.limits ?? DEFAULT_SHARD_LIMITS);
  return store;
}

const byId = (runId: string) => ({ runId });
const idOf = ({ runId }: ReturnType<typeof byId>): string => runId;

class ShardedTelemetryStore implements TelemetryStore {
  readonly #threads: readonly ShardThread[];
  readonly #listeners: ((sequence: number) => void)[];
  readonly #limits: ShardLimits;
  readonly #texts = new TextCache(TEXT_CACHE_BYTES);
  readonly replayFrom: number;
  readonly storedUpTo: number;

  constructor(threads: readonly ShardThread[], listeners: ((sequence: number) => void)[], limits: ShardLimits) {
    this.#threads = threads;
    this.#listeners = listeners;
    this.#limits = limits;
    const positions = threads.map((thread) => thread.safeSequence);
    this.replayFrom = Math.min(...positions);
    this.storedUpTo = Math.max(...positions);
  }

  get shardCount(): number {
    return this.#threads.length;
  }

  shardOf(runId: string): number {
    let hash = 0x811c9dc5;
    for (let i = 0; i < runId.length; i++) hash = Math.imul(hash ^ runId.charCodeAt(i), 0x01000193);
    return ((hash ^ (hash >>> 15)) >>> 0) % this.#threads.length;
  }

  addBlock(block: StagingBlock): void {
    for (const thread of this.#threads) thread.post({ type: 'block', index: block.index, buffer: block.buffer });
  }

  openRun(runId: string) {
    return this.#of(runId).call('openRun', runId);
  }

  defineSeries(runId: string, definition: SeriesDefinition, instance: string): number {
    const thread = this.#of(runId);
    const id = thread.newSeriesId();
    thread.post({ type: 'define', runId, series: { id, definition, instance } });
    return id;
  }

  commit(shard: number, commit: ShardCommit, released: () => void): void {
    (this.#threads[shard] as ShardThread).commit({ type: 'commit', commit }, released);
  }

  get hasRoom(): boolean {
    return this.#threads.every(
      (thread) =>
        thread.liveBytes < this.#limits.maxLiveBytes && thread.waitingCommits < this.#limits.maxWaitingCommits,
    );
  }

  /** A shard in which all is stored keeps no record: only the others count. */
  get safeSequence(): number {
    const waiting = this.#threads.filter((thread) => !thread.isSafe);
    if (waiting.length > 0) return Math.min(...waiting.map((thread) => thread.safeSequence));
    return Math.max(this.replayFrom, ...this.#threads.map((thread) => thread.lastCommitted + 1));
  }

  onSafeSequence(listener: (sequence: number) => void): void {
    this.#listeners.push(listener);
  }

  summaries(runId: string) {
    return this.#of(runId).call('summaries', runId);
  }

  async metricsJson(runs: readonly RunOrigin[]): Promise<readonly Uint8Array[]> {
    const known = runs.map(({ runId }) => this.#texts.get(runId));
    const asked = runs.map((run, index) => ({ ...run, version: known[index]?.version }));
    const changed = await this.#ofEach(asked, (thread, own) => thread.call('metricsTexts', own));
    return runs.map(({ runId }, index) => {
      const text = changed[index];
      if (text !== undefined) this.#texts.set(runId, text);
      return (text ?? (known[index] as MetricsText)).json;
    });
  }

  plot(query: PlotQuery) {
    return this.#of(query.runId).call('plot', query);
  }

  metricCells(query: MetricCellQuery) {
    return this.#ofEach(query.runs, (thread, runs) => thread.call('metricCells', { ...query, runs }));
  }

  lastValues(metric: string, runIds: readonly string[]) {
    return this.#ofEach(runIds.map(byId), (thread, own) => thread.call('lastValues', metric, own.map(idOf)));
  }

  stepSpans(runs: readonly StepQuery[]) {
    return this.#ofEach(runs, (thread, own) => thread.call('stepSpans', own));
  }

  eventCounts(counted: EventCount, runIds: readonly string[]) {
    return this.#ofEach(runIds.map(byId), (thread, own) => thread.call('eventCounts', counted, own.map(idOf)));
  }

  points(query: PointQuery) {
    return this.#of(query.runId).call('points', query);
  }

  pointPage(query: PointPageQuery) {
    return this.#of(query.runId).call('pointPage', query);
  }

  events(query: EventQuery) {
    return this.#of(query.runId).call('events', query);
  }

  eventHistogram(runId: string, fromUnixNano: bigint, toUnixNano: bigint, bins: number) {
    return this.#of(runId).call('histogram', runId, fromUnixNano, toUnixNano, bins);
  }

  writers(runId: string) {
    return this.#of(runId).call('writers', runId);
  }

  spans(query: SpanQuery) {
    return this.#of(query.runId).call('spans', query);
  }

  putArrays(runId: string, arrays: readonly MetricArray[]) {
    return this.#of(runId).call('putArrays', runId, arrays);
  }

  arrayAt(runId: string, metric: string, step: number) {
    return this.#of(runId).call('arrayAt', runId, metric, step);
  }

  arraySteps(runId: string, metric: string) {
    return this.#of(runId).call('arraySteps', runId, metric);
  }

  arraySummaries(runId: string) {
    return this.#of(runId).call('arraySummaries', runId);
  }

  async metricNames(runIds: readonly string[]) {
    const names = await this.#ofShards(runIds, (thread, own) => thread.call('metricNames', own));
    return [...new Set(names.flat())];
  }

  async deleteRuns(runIds: readonly string[]): Promise<void> {
    await this.#ofShards(runIds, (thread, own) => thread.call('deleteRuns', own));
  }

  async flush(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.call('flush')));
  }

  statistics() {
    return Promise.all(this.#threads.map((thread) => thread.call('statistics')));
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  /** Asks each shard once for its own runs. @returns an answer a run, in the order of the runs. */
  async #ofEach<R extends Pick<RunOrigin, 'runId'>, T>(
    runs: readonly R[],
    ask: (thread: ShardThread, own: readonly R[]) => Promise<readonly T[]>,
  ): Promise<T[]> {
    const answers = new Map<R, T>();
    await Promise.all(
      this.#threads.map(async (thread) => {
        const own = runs.filter(({ runId }) => this.#of(runId) === thread);
        if (own.length === 0) return;
        for (const [index, answer] of (await ask(thread, own)).entries()) answers.set(own[index] as R, answer);
      }),
    );
    return runs.map((run) => answers.get(run) as T);
  }

  /** Asks each shard that has any of the runs once. */
  #ofShards<T>(
    runIds: readonly string[],
    ask: (thread: ShardThread, own: readonly string[]) => Promise<T>,
  ): Promise<T[]> {
    const shards = this.#threads.map((thread) => ({
      thread,
      own: runIds.filter((runId) => this.#of(runId) === thread),
    }));
    return Promise.all(shards.filter(({ own }) => own.length > 0).map(({ thread, own }) => ask(thread, own)));
  }

  #of(runId: string): ShardThread {
    return this.#threads[this.shardOf(runId)] as ShardThread;
  }
}
