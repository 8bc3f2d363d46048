const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;
/** Wider than all times that nanoseconds of 64 bits can tell. */
const AGES = 1_000_000n * DAY;
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
  // Every width has a border at 1970: a single bin around it has none of them.
  return { from, to, count: 1 };
}

function* widths(): Generator<bigint> {
  yield* decimals(MICROSECOND, SECOND);
  yield* CLOCK_WIDTHS;
  yield* decimals(DAY, AGES);
}

/** 1, 2, 5, 10, 20 … times a width. */
function* decimals(first: bigint, end: bigint): Generator<bigint> {
  for (let unit = first; unit < end; unit *= 10n) yield* [unit, 2n * unit, 5n * unit];
}
