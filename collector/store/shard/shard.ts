import type { MetricArray } from '../../pipeline/metric-array.ts';
import type { StagingBlock } from '../../pipeline/staging.ts';
import type { ArraySummary } from '../array-store.ts';
import type { SpanPage, SpanQuery } from '../span-store.ts';
import { type Database, openDatabase, type Statement } from '../sqlite-database.ts';
import type {
  EventCount,
  EventHistogramBin,
  EventPage,
  EventQuery,
  MetricCell,
  MetricCellQuery,
  PlotQuery,
  PlotSeries,
  PointPage,
  PointPageQuery,
  PointQuery,
  SeriesPoints,
  SeriesSummary,
  ShardCommit,
  ShardStatistics,
  StepQuery,
  StepSpan,
  StoredSeries,
  WriterGaps,
} from '../telemetry-store.ts';
import { ArrayTable } from './array-table.ts';
import { ChunkTable } from './chunk-table.ts';
import { Compaction } from './compaction.ts';
import { EventTable } from './event-table.ts';
import { LastValueReader } from './last-values.ts';
import { metricCells } from './metric-cells.ts';
import { MetricsJson, type MetricsText, type MetricsTextQuery } from './metrics-json.ts';
import { plotSeries } from './plot-series.ts';
import { pointPage } from './point-page.ts';
import { RunTable } from './run-table.ts';
import { SeriesCatalogue } from './series-catalogue.ts';
import type { SeriesState } from './series-state.ts';
import { SHARD_MIGRATIONS } from './shard-schema.ts';
import { ShardWriter } from './shard-writer.ts';
import { SpanTable } from './span-table.ts';
import { StepSpanReader } from './step-span.ts';
import { storedPoints } from './stored-points.ts';
import { WaitingRecords } from './waiting-records.ts';
import { WriterTable } from './writer-table.ts';

/** Chunks are 2 to 10 kB: in pages of this size, with overflow pages, the least room is left empty (measured; 16 KiB waste a quarter). */
const PAGE_BYTES = 8192;
const CHECKPOINT_PAGES = 512;
/** Sealed chunks, events and spans are stored when this much waits, whatever the time. */
const STORE_BYTES = 8 << 20;
/** A head is sealed when the log has grown by this much since its first point: it bounds the log and the replay. */
const MAX_LOG_BEHIND_BYTES = 1 << 30;
/** A shard to which nothing is written seals everything when the log has grown by this much since it last did: the log becomes small. */
const IDLE_LOG_BYTES = 16 << 20;

/** One shard: points, events and spans of its runs in memory and in one SQLite file. Synchronous; belongs to one thread. */
export class Shard {
  readonly #database: Database;
  readonly #runs: RunTable;
  readonly #chunks: ChunkTable;
  readonly #events: EventTable;
  readonly #spans: SpanTable;
  readonly #waiting: WaitingRecords;
  readonly #arrays: ArrayTable;
  readonly #writers: WriterTable;
  readonly #catalogue: SeriesCatalogue;
  readonly #metricsJson = new MetricsJson();
  readonly #lastValues: LastValueReader;
  readonly #stepSpans: StepSpanReader;
  readonly #writer: ShardWriter;
  readonly #compaction: Compaction;
  readonly #setPosition: Statement;
  readonly #blocks: StagingBlock[] = [];
  #appliedSequence = 0;
  #logBytes = 0;
  #sealedAtLogBytes = 0;
  #commitSeconds = 0;
  safeSequence: number;

  constructor(path: string) {
    this.#database = openDatabase(path, SHARD_MIGRATIONS, {
      pageBytes: PAGE_BYTES,
      autocheckpointPages: CHECKPOINT_PAGES,
      returnsPages: true,
    });
    this.#runs = new RunTable(this.#database);
    this.#chunks = new ChunkTable(this.#database);
    this.#events = new EventTable(this.#database);
    this.#spans = new SpanTable(this.#database);
    this.#waiting = new WaitingRecords(this.#runs, this.#events, this.#spans);
    this.#arrays = new ArrayTable(this.#database);
    this.#writers = new WriterTable(this.#database, this.#runs);
    this.#catalogue = new SeriesCatalogue(this.#runs, this.#chunks);
    this.#lastValues = new LastValueReader(this.#database, this.#catalogue);
    this.#stepSpans = new StepSpanReader(this.#chunks);
    this.#writer = new ShardWriter(this.#chunks);
    this.#compaction = new Compaction({
      database: this.#database,
      chunks: this.#chunks,
      held: (series) => this.#catalogue.held(series),
      onMerged: () => this.#writer.chunksChanged(),
    });
    this.#setPosition = this.#database.prepare('UPDATE position SET safe_sequence = ?');
    const row = this.#database.prepare('SELECT safe_sequence FROM position').get();
    this.safeSequence = Number(row?.['safe_sequence'] ?? 1);
  }

  get lastSeries(): number {
    return this.#runs.lastSeries;
  }

  get liveBytes(): number {
    return this.#writer.liveBytes + this.#waiting.sizeBytes;
  }

  /** True when something waits to be stored, or the position can move. */
  get isDirty(): boolean {
    if (this.#writer.withPending.size > 0 || !this.#waiting.isEmpty || !this.#writers.isEmpty) return true;
    if (this.#catalogue.unstored.length > 0) return true;
    return this.safeSequence <= this.#appliedSequence && this.#positionAfterStore() > this.safeSequence;
  }

  addBlock(block: StagingBlock): void {
    this.#blocks[block.index] = block;
  }

  openRun(runId: string): StoredSeries[] {
    return this.#catalogue.open(runId).map((state) => state.series);
  }

  define(runId: string, series: StoredSeries): void {
    this.#catalogue.define(runId, series);
  }

  commit(commit: ShardCommit): void {
    this.#logBytes = commit.logBytes;
    this.#writer.apply(commit.segments, this.#blocks, this.#find, commit.sequence, commit.logBytes);
    const isDeleted = (runId: string): boolean => this.#catalogue.isDeleted(runId);
    this.#waiting.add(commit, isDeleted);
    this.#writers.add(commit, isDeleted);
    this.#appliedSequence = commit.sequence;
  }

  /** True when so much waits that it is time to {@link store}. */
  get isFull(): boolean {
    return this.#writer.pendingBytes + this.#waiting.sizeBytes > STORE_BYTES;
  }

  /** Seals heads that lie far behind in the log, and any when memory is short, the oldest first, at most `budget` of them. @returns true when more are left. */
  sweep(isIdle: boolean, budget: number): boolean {
    const sealsAll = isIdle && this.#logBytes - this.#sealedAtLogBytes > IDLE_LOG_BYTES;
    const behind = sealsAll ? 0 : MAX_LOG_BEHIND_BYTES;
    let left = budget;
    for (const state of this.#writer.withHead) {
      const bornAt = state.head?.bornAtLogBytes ?? 0;
      if (this.#logBytes - bornAt < behind && !this.#writer.isCrowded) break;
      if (left-- === 0) return true;
      this.#writer.seal(state);
    }
    if (sealsAll) this.#sealedAtLogBytes = this.#logBytes;
    return false;
  }

  /**
   * One transaction: new series, sealed chunks, events, spans, and the position they reach.
   *
   * @throws SimvueError `SIMVUE_ERR_DISK` when there is no room: everything waits on, and the log has it.
   */
  store(): void {
    this.#catalogue.trim();
    this.#writer.trim();
    if (!this.isDirty) return;
    const startedAt = performance.now();
    const position = this.#positionAfterStore();
    const records = this.#database.transaction(() => {
      for (const state of this.#catalogue.unstored) this.#runs.insertSeries(this.#runs.run(state.runId), state.series);
      for (const state of this.#writer.withPending) {
        for (const { chunk, points } of state.pending) this.#chunks.insert(state.series.id, chunk, points);
      }
      this.#writers.store();
      this.#setPosition.run(position);
      return this.#waiting.store();
    });
    for (const state of this.#catalogue.unstored) state.isStored = true;
    this.#catalogue.unstored = [];
    for (const state of this.#writer.withPending) {
      if (state.pending.some(({ isUntidy }) => isUntidy)) this.#compaction.stored(state.series.id);
      state.pending = [];
    }
    this.#writer.withPending.clear();
    this.#writer.pendingBytes = 0;
    this.#waiting.clear(records);
    this.#writers.clear();
    this.safeSequence = position;
    this.#commitSeconds += (performance.now() - startedAt) / 1000;
  }

  /** Merges some small and late chunks. @returns true when there may be more. */
  compact(): boolean {
    return this.#compaction.step();
  }

  /** Gives some of the room that deleted rows had back to the file system. @returns true when there is more. */
  shrink(): boolean {
    return this.#compaction.shrink();
  }

  /** Seals every head and stores. */
  flush(): void {
    for (const state of this.#writer.withHead) this.#writer.seal(state);
    this.store();
  }

  summaries(runId: string): SeriesSummary[] {
    return this.#catalogue
      .ofRun(runId)
      .map((state) => state.summary())
      .filter((summary) => summary !== undefined);
  }

  metricsTexts(runs: readonly MetricsTextQuery[]): (MetricsText | undefined)[] {
    const states = this.#catalogue.ofRuns(runs.map(({ runId }) => runId));
    return runs.map((run, index) => this.#metricsJson.text(states[index] as SeriesState[], run));
  }

  plot(query: PlotQuery): PlotSeries[] {
    const wanted = new Set(query.seriesIds);
    return this.#catalogue
      .ofRun(query.runId)
      .filter((state) => wanted.has(state.series.id))
      .map((state) => plotSeries(state, this.#chunks, query));
  }

  metricCells(query: MetricCellQuery): MetricCell[][] {
    const names = new Set(query.metrics);
    return query.runs.map((run) => metricCells(this.#catalogue.named(run.runId, names), this.#chunks, run, query));
  }

  metricNames(runIds: readonly string[]): string[] {
    return this.#catalogue.names(runIds);
  }

  lastValues(metric: string, runIds: readonly string[]): (number | undefined)[] {
    return this.#lastValues.read(metric, runIds);
  }

  stepSpans(runs: readonly StepQuery[]): (StepSpan | undefined)[] {
    const states = this.#catalogue.ofRuns(runs.map(({ runId }) => runId));
    return runs.map(({ sinceUnixNano }, index) => this.#stepSpans.read(states[index] as SeriesState[], sinceUnixNano));
  }

  points(query: PointQuery): SeriesPoints[] {
    const wanted = new Set(query.seriesIds);
    return this.#catalogue
      .ofRun(query.runId)
      .filter((state) => wanted.has(state.series.id))
      .map((state) => storedPoints(state, this.#chunks, query));
  }

  pointPage(query: PointPageQuery): PointPage {
    return pointPage(this.#catalogue.ofRun(query.runId), this.#chunks, query);
  }

  eventCounts(counted: EventCount, runIds: readonly string[]): (number | undefined)[] {
    if (!this.#waiting.isEmpty) this.store();
    return this.#events.counts(counted, runIds);
  }

  events(query: EventQuery): EventPage {
    if (!this.#waiting.isEmpty) this.store();
    const run = this.#runs.findRun(query.runId);
    return run === undefined ? { total: 0, events: [] } : this.#events.page(run, query);
  }

  histogram(runId: string, from: bigint, to: bigint, bins: number): EventHistogramBin[] {
    if (!this.#waiting.isEmpty) this.store();
    return this.#events.histogram(this.#runs.findRun(runId) ?? -1, from, to, bins);
  }

  spans(query: SpanQuery): SpanPage {
    if (!this.#waiting.isEmpty) this.store();
    return this.#spans.page(this.#runs.findRun(query.runId) ?? -1, query);
  }

  writers(runId: string): WriterGaps[] {
    if (!this.#writers.isEmpty) this.store();
    return this.#writers.ofRun(this.#runs.findRun(runId) ?? -1);
  }

  /** One transaction of its own: arrays are not in the log. */
  putArrays(runId: string, arrays: readonly MetricArray[]): void {
    this.#database.transaction(() => {
      const run = this.#runs.run(runId);
      for (const array of arrays) this.#arrays.insert(run, array);
    });
  }

  arrayAt(runId: string, metric: string, step: number): MetricArray | undefined {
    return this.#arrays.at(this.#runs.findRun(runId) ?? -1, metric, step);
  }

  arraySteps(runId: string, metric: string): number[] {
    return this.#arrays.steps(this.#runs.findRun(runId) ?? -1, metric);
  }

  arraySummaries(runId: string): ArraySummary[] {
    return this.#arrays.summaries(this.#runs.findRun(runId) ?? -1);
  }

  deleteRuns(runIds: readonly string[]): void {
    this.store();
    const runs = runIds.map((runId) => this.#runs.findRun(runId)).filter((run) => run !== undefined);
    if (runs.length > 0) {
      this.#database.transaction(() => {
        for (const run of runs) this.#runs.delete(run);
      });
    }
    for (const runId of runIds) {
      for (const state of this.#catalogue.delete(runId)) {
        this.#writer.drop(state);
        this.#compaction.forget(state.series.id);
      }
    }
  }

  statistics(): ShardStatistics {
    const { points, duplicates, latePoints, deleted, chunks } = this.#writer.statistics;
    const { deleted: deletedRecords, ...records } = this.#waiting.statistics;
    return {
      points,
      duplicates,
      latePoints,
      chunks,
      ...records,
      ofDeletedRuns: deleted + deletedRecords,
      mergedChunks: this.#compaction.mergedChunks,
      series: this.#catalogue.size,
      liveBytes: this.liveBytes,
      commitSeconds: this.#commitSeconds,
    };
  }

  /** @throws SimvueError `SIMVUE_ERR_DISK` when there is no room: the file is closed all the same, and the log has the rest. */
  close(): void {
    try {
      this.flush();
    } finally {
      this.#database.close();
    }
  }

  readonly #find = (id: number): SeriesState | undefined => this.#catalogue.find(id);

  /** Least request with a point that is only in a head; chunks, events and spans that wait are about to be stored. */
  #positionAfterStore(): number {
    const [oldest] = this.#writer.withHead;
    return Math.max(oldest?.head?.firstSequence ?? this.#appliedSequence + 1, this.safeSequence);
  }
}
