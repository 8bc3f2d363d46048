/** The last value of a metric of a run; NaN = it has none. */
export interface LastValue {
  readonly runId: string;
  readonly value: number;
}

/** Last values of some metrics, beside the rows of runs so that lists are read in their order; in memory only, brought by who knows the points. */
export interface LastValueStore {
  /** Ids of runs in their order, those after one: the way through all of them. */
  runsAfter(runId: string, count: number): readonly string[];
  put(metric: string, values: readonly LastValue[]): void;
  /** Memory of the values of all metrics. */
  readonly sizeBytes: number;
  /** Forgets a part of the values of a metric. @returns true when there are more. */
  forget(metric: string): boolean;
}
