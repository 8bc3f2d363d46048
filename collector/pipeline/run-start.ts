const WORD = 0x1_0000_0000;

/** Start of a run in two words: times are taken relative to it, exact to the nanosecond for 104 days. */
export interface RunStart {
  readonly low: number;
  readonly high: number;
}

export function runStart(startUnixNano: bigint): RunStart {
  return { low: Number(BigInt.asUintN(32, startUnixNano)), high: Number(startUnixNano >> 32n) };
}

/** Nanoseconds from the start of a run to a time in two words. */
export function nanoSince(start: RunStart, timeLow: number, timeHigh: number): number {
  return (timeHigh - start.high) * WORD + (timeLow - start.low);
}
