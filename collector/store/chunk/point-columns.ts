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

/** Nanoseconds since the epoch of a time in two words. */
export function unixNano(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

/** Seconds of each point since `originUnixNano`. */
export function secondsSince({ count, timeLow, timeHigh }: PointColumns, originUnixNano: bigint): Float64Array {
  const seconds = new Float64Array(count);
  // Differences of words, so that no precision goes to the 1.8e18 ns since the epoch.
  const originLow = Number(originUnixNano & 0xffff_ffffn);
  const originHigh = Number(originUnixNano >> 32n);
  for (let i = 0; i < count; i++) {
    const high = ((timeHigh[i] as number) - originHigh) * 0x1_0000_0000;
    seconds[i] = (high + ((timeLow[i] as number) - originLow)) / 1e9;
  }
  return seconds;
}

/** Seconds of each point since the start of the run: those that its program gave, else since `originUnixNano`. */
export function runTimes(columns: PointColumns, originUnixNano: bigint): Float64Array {
  const seconds = secondsSince(columns, originUnixNano);
  for (let i = 0; i < columns.count; i++) {
    const runTime = columns.runTime?.[i] ?? Number.NaN;
    if (!Number.isNaN(runTime)) seconds[i] = runTime;
  }
  return seconds;
}
