import type { StagingBlock } from '../pipeline/staging.ts';
import type { EventRecord, SeriesDefinition } from '../pipeline/telemetry.ts';
import type { WriterReport } from '../pipeline/telemetry-batch.ts';
import type { ArrayStore } from './array-store.ts';
import type { PointColumns } from './chunk/point-columns.ts';
import type { RunSpans, SpanStore } from './span-store.ts';

/** A series of a run as the store keeps it. */
export interface StoredSeries {
  /** Unique in its shard. */
  readonly id: number;
  readonly definition: SeriesDefinition;
  /** Writer of the series; empty for points that came by REST. */
  readonly instance: string;
}

/** What one request adds to one shard. Sent in log order; applied at once, durable in the shard's own time (the log is durable already). */
export interface ShardCommit {
  /** Sequence number of the request in the ingest log. */
  readonly sequence: number;
  /** Bytes of the log when the request came; never falls, a replay included: old heads are sealed when the log grows long behind them. */
  readonly logBytes: number;
  /** Segments as in `DecodedRequest.segments`, with the store's series id in word 0. */
  readonly segments: Int32Array;
  readonly events: readonly RunEvents[];
  readonly spans: readonly RunSpans[];
  readonly writers: readonly RunWriter[];
}

/** What a request says of a writer of a run. */
export interface RunWriter extends WriterReport {
  readonly runId: string;
  readonly instance: string;
}

/** What has not come from a writer of a run. */
export interface WriterGaps {
  readonly instance: string;
  /** Sequence numbers between the least and the greatest that did not come. */
  readonly missing: number;
  /** Attributes that its SDK dropped. */
  readonly droppedAttributes: number;
}

export interface RunEvents {
  readonly runId: string;
  readonly instance: string;
  readonly records: readonly EventRecord[];
}

/** Axis of a plot: step, seconds since the run's start, or wall time in seconds since the epoch. */
export type Axis = 'step' | 'time' | 'timestamp';

/** Summary of the points of a series, kept in chunk headers. Non-finite values are counted apart. */
export interface SeriesSummary {
  readonly series: StoredSeries;
  readonly count: number;
  /** Of the finite values; NaN when there is none. */
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  /** Number of NaN and infinite values in `count`. */
  readonly nonFiniteCount: number;
  /** Value with the greatest time, and its step (NaN = none) and run time (NaN = none). */
  readonly last: number;
  readonly lastStep: number;
  readonly lastRunTime: number;
  readonly firstTimeUnixNano: bigint;
  readonly lastTimeUnixNano: bigint;
}

export interface PlotQuery {
  readonly runId: string;
  /** Ids of the series to draw. */
  readonly seriesIds: readonly number[];
  readonly axis: Axis;
  /** Start of the run, nanoseconds: origin of the `time` axis where a point has no run time of its own. */
  readonly originUnixNano: bigint;
  /** Inclusive range on the axis, in its unit. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** At the most this many points or buckets a series; undefined = every point. */
  readonly maxPoints?: number | undefined;
  /** True = running totals of the series that are delta sums. */
  readonly totals?: boolean | undefined;
}

/**
 * Points of one series, ascending on the axis. `points` is exact; `buckets` are whole runs of points, each with the exact
 * extremes and where they lie, so that no peak is lost.
 */
export type PlotSeries =
  | {
      readonly seriesId: number;
      readonly kind: 'points';
      readonly total: number;
      readonly x: Float64Array;
      readonly value: Float64Array;
    }
  | {
      readonly seriesId: number;
      readonly kind: 'buckets';
      readonly total: number;
      /** First and last x of each bucket. */
      readonly x0: Float64Array;
      readonly x1: Float64Array;
      readonly count: Float64Array;
      readonly mean: Float64Array;
      readonly min: Float64Array;
      readonly max: Float64Array;
      /** x at which the minimum and the maximum lie. */
      readonly minX: Float64Array;
      readonly maxX: Float64Array;
      readonly nonFinite: Float64Array;
    };

/** Metrics of some runs as a table shows them. */
export interface MetricCellQuery {
  readonly runs: readonly RunOrigin[];
  /** Display names. */
  readonly metrics: readonly string[];
  /** At the most this many points or buckets a series; 0 = the summary alone. */
  readonly maxPoints: number;
}

/** Points of a metric over its steps: one plot an instance. */
export interface MetricCell extends MetricSummary {
  readonly metric: string;
  readonly plots: readonly PlotSeries[];
}

/** All instances of a metric together; extremes and average are those of the finite values (`average` NaN = there is none). */
export interface MetricSummary {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly average: number;
  /** Value with the greatest time, and where it lies. */
  readonly last: number;
  readonly step: number;
  readonly time: number;
  readonly timestamp: string;
}

/** A stretch of a run of which the steps are wanted. */
export interface StepQuery {
  readonly runId: string;
  /** Where it begins, event time. */
  readonly sinceUnixNano: bigint;
}

/** How a run's steps went over a stretch of it, from its first point to its last. */
export interface StepSpan {
  readonly firstStep: number;
  readonly firstTimeUnixNano: bigint;
  readonly lastStep: number;
  readonly lastTimeUnixNano: bigint;
}

export interface PointQuery {
  readonly runId: string;
  readonly seriesIds: readonly number[];
  /** Both inclusive. */
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
}

/** Points as they were sent, in no certain order between the parts. */
export interface SeriesPoints {
  readonly series: StoredSeries;
  readonly columns: readonly PointColumns[];
}

/** Where a page of points begins. */
export interface PageStart {
  readonly seriesId: number;
  readonly fromUnixNano: bigint;
}

export interface PointPageQuery {
  readonly runId: string;
  /** In the order in which they are read. */
  readonly seriesIds: readonly number[];
  /** Undefined = at the first point of the first series. */
  readonly start: PageStart | undefined;
  /** About so many points; a page has whole chunks. */
  readonly maxPoints: number;
}

/** Points of one series, ascending in time. */
export interface SeriesPage {
  readonly seriesId: number;
  readonly columns: PointColumns;
}

export interface PointPage {
  readonly parts: readonly SeriesPage[];
  /** Undefined = nothing is left. */
  readonly next: PageStart | undefined;
}

export interface EventQuery {
  readonly runId: string;
  readonly start: number;
  /** 0 = no limit. */
  readonly count: number;
  readonly descending: boolean;
  /** Substring of the message. */
  readonly contains?: string | undefined;
  readonly minSeverity?: number | undefined;
  readonly fromUnixNano?: bigint | undefined;
  readonly toUnixNano?: bigint | undefined;
}

/** Which events of a run are counted: all, those of level ERROR and above, those of level WARN. */
export type EventCount = 'count' | 'errors' | 'warnings';

export interface EventPage {
  readonly total: number;
  readonly events: readonly (EventRecord & { readonly instance: string })[];
}

export interface EventHistogramBin {
  readonly fromUnixNano: bigint;
  /** Counts by level: error and above, warn, info, debug and below or unspecified. */
  readonly error: number;
  readonly warn: number;
  readonly info: number;
  readonly debug: number;
}

/** Counters of one shard since its start. */
export interface ShardStatistics {
  readonly points: number;
  readonly duplicates: number;
  readonly latePoints: number;
  readonly events: number;
  readonly duplicateEvents: number;
  readonly spans: number;
  readonly duplicateSpans: number;
  /** Points, events and spans dropped because their run was deleted while they were on their way. */
  readonly ofDeletedRuns: number;
  readonly chunks: number;
  /** Small and late chunks that went into others. */
  readonly mergedChunks: number;
  readonly series: number;
  /** Bytes in heads, in the seal queue and not yet committed. */
  readonly liveBytes: number;
  readonly commitSeconds: number;
}

/** A run, and the origin of `time` for its points without a run time of their own. */
export interface RunOrigin {
  readonly runId: string;
  readonly originUnixNano: bigint;
}

/**
 * Points, events and spans. The embedded form is one worker thread and one SQLite file a shard; a run lives in one shard.
 * Every read sees all that was committed before it.
 */
export interface TelemetryStore extends ArrayStore, SpanStore {
  readonly shardCount: number;
  shardOf(runId: string): number;
  /** Makes a staging block known to the shards. */
  addBlock(block: StagingBlock): void;
  /** Series of a run that the store knows; called once before the first commit to the run. */
  openRun(runId: string): Promise<readonly StoredSeries[]>;
  /** Registers a series and returns its id; series become durable in the order of these calls. */
  defineSeries(runId: string, definition: SeriesDefinition, instance: string): number;
  /** @param released - called when the shard has copied the points out of the staging blocks. */
  commit(shard: number, commit: ShardCommit, released: () => void): void;
  /** True while a commit may be accepted; false: answer 503 before the body is read. */
  readonly hasRoom: boolean;
  /** Where a replay of the log starts: least position that a shard had stored when the store was opened. */
  readonly replayFrom: number;
  /** Greatest position that a shard had stored when the store was opened: the log has had all records before it. */
  readonly storedUpTo: number;
  /** Records of the log below this number are stored and may be dropped. */
  readonly safeSequence: number;
  onSafeSequence(listener: (sequence: number) => void): void;
  summaries(runId: string): Promise<readonly SeriesSummary[]>;
  /**
   * A JSON object of one summary a metric name for each run, as the run view has it, in UTF-8: a run has thousands of metrics, and is looked
   * at again and again. What has not changed is the same object, which nobody may change.
   */
  metricsJson(runs: readonly RunOrigin[]): Promise<readonly Uint8Array[]>;
  plot(query: PlotQuery): Promise<readonly PlotSeries[]>;
  /** For each run, those of the metrics that it has; no other series of the run is read. */
  metricCells(query: MetricCellQuery): Promise<readonly (readonly MetricCell[])[]>;
  /** Names of the metrics of some runs, each once. */
  metricNames(runIds: readonly string[]): Promise<readonly string[]>;
  /** The newest value of a metric of each run; undefined = it has none. */
  lastValues(metric: string, runIds: readonly string[]): Promise<readonly (number | undefined)[]>;
  /** For each run the steps of its metric that came furthest, by the writer that began last; undefined = none has a step. */
  stepSpans(runs: readonly StepQuery[]): Promise<readonly (StepSpan | undefined)[]>;
  points(query: PointQuery): Promise<readonly SeriesPoints[]>;
  /** Every point of some series, a page at a time; one that comes in between may be on none. */
  pointPage(query: PointPageQuery): Promise<PointPage>;
  /** How many events each run has; undefined = it has none. */
  eventCounts(counted: EventCount, runIds: readonly string[]): Promise<readonly (number | undefined)[]>;
  events(query: EventQuery): Promise<EventPage>;
  eventHistogram(
    runId: string,
    fromUnixNano: bigint,
    toUnixNano: bigint,
    bins: number,
  ): Promise<readonly EventHistogramBin[]>;
  /** Writers that number what they send, or that dropped something. */
  writers(runId: string): Promise<readonly WriterGaps[]>;
  deleteRuns(runIds: readonly string[]): Promise<void>;
  /** Seals every head and commits: after it `safeSequence` is past the last commit. */
  flush(): Promise<void>;
  statistics(): Promise<readonly ShardStatistics[]>;
  close(): Promise<void>;
}
