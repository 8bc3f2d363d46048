import type { ErrorCode } from 'simvue-otel/errors';
import type { MetricArray } from '../../pipeline/metric-array.ts';
import type { SpanQuery } from '../span-store.ts';
import type {
  EventCount,
  EventQuery,
  MetricCellQuery,
  PlotQuery,
  PointPageQuery,
  PointQuery,
  ShardCommit,
  StepQuery,
  StoredSeries,
} from '../telemetry-store.ts';
import type { MetricsTextQuery } from './metrics-json.ts';
import type { Shard } from './shard.ts';

/** Reads and other calls of a shard that have an answer. */
export interface ShardCalls {
  openRun(runId: string): ReturnType<Shard['openRun']>;
  summaries(runId: string): ReturnType<Shard['summaries']>;
  metricsTexts(runs: readonly MetricsTextQuery[]): ReturnType<Shard['metricsTexts']>;
  plot(query: PlotQuery): ReturnType<Shard['plot']>;
  metricCells(query: MetricCellQuery): ReturnType<Shard['metricCells']>;
  metricNames(runIds: readonly string[]): ReturnType<Shard['metricNames']>;
  lastValues(metric: string, runIds: readonly string[]): ReturnType<Shard['lastValues']>;
  stepSpans(runs: readonly StepQuery[]): ReturnType<Shard['stepSpans']>;
  points(query: PointQuery): ReturnType<Shard['points']>;
  pointPage(query: PointPageQuery): ReturnType<Shard['pointPage']>;
  eventCounts(counted: EventCount, runIds: readonly string[]): ReturnType<Shard['eventCounts']>;
  events(query: EventQuery): ReturnType<Shard['events']>;
  histogram(runId: string, from: bigint, to: bigint, bins: number): ReturnType<Shard['histogram']>;
  spans(query: SpanQuery): ReturnType<Shard['spans']>;
  writers(runId: string): ReturnType<Shard['writers']>;
  putArrays(runId: string, arrays: readonly MetricArray[]): void;
  arrayAt(runId: string, metric: string, step: number): ReturnType<Shard['arrayAt']>;
  arraySteps(runId: string, metric: string): ReturnType<Shard['arraySteps']>;
  arraySummaries(runId: string): ReturnType<Shard['arraySummaries']>;
  deleteRuns(runIds: readonly string[]): void;
  flush(): void;
  statistics(): ReturnType<Shard['statistics']>;
  close(): void;
}
export type ShardMethod = keyof ShardCalls;

/** Main thread → shard, handled in order. */
export type ToShard =
  | { readonly type: 'block'; readonly index: number; readonly buffer: SharedArrayBuffer }
  | { readonly type: 'define'; readonly runId: string; readonly series: StoredSeries }
  | { readonly type: 'commit'; readonly commit: ShardCommit }
  | {
      readonly type: 'call';
      readonly id: number;
      readonly method: ShardMethod;
      readonly parameters: readonly unknown[];
    };

/** Shard → main thread. `applied` answers one commit, in order. */
export type FromShard =
  | { readonly type: 'ready'; readonly safeSequence: number; readonly lastSeries: number }
  | { readonly type: 'applied' }
  | { readonly type: 'position'; readonly safeSequence: number }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly code: ErrorCode; readonly message: string }
  /** Why nothing can be stored now; undefined = it can again. Commits are applied all the same. */
  | { readonly type: 'disk'; readonly trouble: string | undefined };

export interface ShardWorkerData {
  readonly path: string;
  /** One double: bytes that live in the shard's memory. */
  readonly gauge: SharedArrayBuffer;
}
