/** Decoded points of a chunk, one array a column. `undefined` columns are absent: no point has that word. */
export interface PointColumns {
  readonly count: number;
  /** time_unix_nano, low and high 32 bits. */
  readonly timeLow: Uint32Array;
  readonly timeHigh: Uint32Array;
  /** Bit-exact. */
  readonly value: Float64Array;
  /** NaN = none. */
  readonly step: Float64Array | undefined;
  /** Seconds since the start of the run; NaN = none. */
  readonly runTime: Float64Array | undefined;
}

/** Seconds since the epoch of a time in two words; a double, so exact to about 0.25 µs. */
export function unixSeconds(low: number, high: number): number {
  return (high * 0x1_0000_0000 + low) / 1e9;
}

/** Nanoseconds since the epoch of a time in two words. */
export function unixNano(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}
