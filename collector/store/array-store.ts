import type { MetricArray } from '../pipeline/metric-array.ts';

/** What is kept of one multi-dimensional metric of a run. */
export interface ArraySummary {
  readonly metric: string;
  readonly count: number;
  readonly minStep: number;
  readonly maxStep: number;
  readonly minRunTimeSeconds: number;
  readonly maxRunTimeSeconds: number;
  readonly firstTimeUnixNano: bigint;
  readonly lastTimeUnixNano: bigint;
}

/** Steps of a metric that are listed. */
export const MAX_ARRAY_STEPS = 10_000;

/** Arrays of multi-dimensional metrics; they are few and large, and are kept beside the points of their run. */
export interface ArrayStore {
  /** Durable when it resolves; an array that is there already is stored once. */
  putArrays(runId: string, arrays: readonly MetricArray[]): Promise<void>;
  /** The newest array of a step. */
  arrayAt(runId: string, metric: string, step: number): Promise<MetricArray | undefined>;
  /** Steps at which a metric has an array, ascending; the first {@link MAX_ARRAY_STEPS}. */
  arraySteps(runId: string, metric: string): Promise<readonly number[]>;
  arraySummaries(runId: string): Promise<readonly ArraySummary[]>;
}
