const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;
/** What a timestamp of the API can tell apart. */
const MICROSECOND = 1000n;
const CLOCK_WIDTHS = [
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((count) => count * SECOND),
  ...[1n, 2n, 5n, 10n, 15n, 30n].map((count) => count * MINUTE),
  ...[1n, 2n, 6n, 12n].map((count) => count * HOUR),
];

/** Bins of one width, side by side, nanoseconds. */
export interface RoundBins {
  readonly from: bigint;
  /** The end of the last one, which is not in it. */
  readonly to: bigint;
  readonly count: number;
}

/** At most `most` bins over all of [from, to): the narrowest of a width that a clock or a calendar has, beginning at its multiples. */
export function roundBins(from: bigint, to: bigint, most: number): RoundBins {
  for (const width of widths()) {
    const begin = from - (((from % width) + width) % width);
    const count = Number((to - begin + width - 1n) / width);
    if (count <= most) return { from: begin, to: begin + BigInt(count) * width, count };
  }
  throw new RangeError(`no width for ${to - from} ns`);
}

function* widths(): Generator<bigint> {
  yield* decimals(MICROSECOND, SECOND);
  yield* CLOCK_WIDTHS;
  yield* decimals(DAY);
}

/** 1, 2, 5, 10, 20 … times a width. */
function* decimals(first: bigint, end?: bigint): Generator<bigint> {
  for (let unit = first; end === undefined || unit < end; unit *= 10n) yield* [unit, 2n * unit, 5n * unit];
}
