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

/** Row-major cells as lists in lists, one level for each dimension. */
export function inShape(shape: readonly number[], cells: readonly unknown[]): unknown[] {
  return shape.slice(1).reduceRight<unknown[]>(inLists, [...cells]);
}

/** Lists of so many, in order. */
function inLists(items: readonly unknown[], length: number): unknown[][] {
  return Array.from({ length: items.length / length }, (_, index) => items.slice(index * length, (index + 1) * length));
}
