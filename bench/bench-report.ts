/** One line of docs/benchmarks.md. */
export interface BenchRow {
  readonly what: string;
  /** What must be reached, in words; empty = stated only. */
  readonly mustReach: string;
  readonly measured: string;
  /** Another program on the same work, where there is one: its figure, and its name in brackets. */
  readonly peer: string;
  /** Ours over the peer's; empty without a peer. */
  readonly ratio: string;
  readonly reached: boolean;
}

/** True when the benchmark is asked for its short form: the same work, less of it. */
export const isShort = process.argv.includes('--short');

/** Prints the rows as one line of JSON, the last one of the process. */
export function printRows(rows: readonly BenchRow[], details: unknown = {}): void {
  console.log(JSON.stringify({ short: isShort, rows, details }));
}

/** A row without a peer, reached when `value` does not exceed `most`. */
export function atMost(what: string, value: number, most: number, unit: string, digits = 1): BenchRow {
  return {
    what,
    mustReach: `<= ${most} ${unit}`,
    measured: `${value.toFixed(digits)} ${unit}`,
    peer: '',
    ratio: '',
    reached: value <= most,
  };
}

/** A row without a peer, reached when `value` is not below `least`. */
export function atLeast(what: string, value: number, least: number, unit: string, digits = 1): BenchRow {
  return { ...atMost(what, value, least, unit, digits), mustReach: `>= ${least} ${unit}`, reached: value >= least };
}

/** A row that is stated only. */
export function stated(what: string, value: number, unit: string, digits = 1): BenchRow {
  return { what, mustReach: '', measured: `${value.toFixed(digits)} ${unit}`, peer: '', ratio: '', reached: true };
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Median time of `repeats` turns of some work, milliseconds. */
export async function medianMillis(work: () => Promise<void>, repeats = 50): Promise<number> {
  const millis: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await work();
    millis.push(performance.now() - start);
  }
  return median(millis);
}
