/** Axes of a grid: space, and the components of a value. */
export const MAX_DIMENSIONS = 4;

/** One array of a multi-dimensional metric, row-major. */
export interface MetricArray {
  readonly metric: string;
  readonly timeUnixNano: bigint;
  readonly step: number;
  /** Seconds since the start of the run. */
  readonly runTimeSeconds: number;
  /** Length of each dimension, at most {@link MAX_DIMENSIONS}; their product is the number of values. */
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

export function arrayBytes(arrays: readonly MetricArray[]): number {
  return arrays.reduce((sum, { values }) => sum + values.byteLength, 0);
}
