/** Points of one series in the order they came. Times are nanoseconds since the start of the run. */
export interface PointBatch {
  readonly count: number;
  /** True when the times rise strictly; such a stretch is taken as a whole. */
  readonly isOrdered: boolean;
  timeNano(index: number): number;
  value(index: number): number;
  /** A hash, 32 bits: the same for the same point, delivered twice. */
  identity(index: number): number;
}
