/** Observations in (lower, upper]; a side may be infinite. */
export interface Bucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

/**
 * Estimates a quantile from rising buckets: linear within a bucket, its open sides closed by the least and greatest value when they are known.
 *
 * Without them an open first bucket starts at 0 (or at its bound when that is negative) and an open last bucket gives its lower bound, as in
 * Prometheus.
 *
 * @returns undefined when there is no observation.
 */
export function bucketQuantile(
  quantile: number,
  buckets: readonly Bucket[],
  min: number | undefined,
  max: number | undefined,
): number | undefined {
  let total = 0;
  for (const bucket of buckets) total += bucket.count;
  if (total === 0) return undefined;
  const rank = quantile * total;
  let below = 0;
  for (const { lower, upper, count } of buckets) {
    if (count > 0 && below + count >= rank) {
      const from = lower === Number.NEGATIVE_INFINITY ? (min ?? Math.min(0, upper)) : lower;
      const to = upper === Number.POSITIVE_INFINITY ? (max ?? from) : upper;
      return clamp(from + (to - from) * ((rank - below) / count), min, max);
    }
    below += count;
  }
  return max;
}

/** Buckets of explicit bounds. @returns undefined when counts and bounds do not fit together. */
export function explicitBuckets(counts: readonly number[], bounds: readonly number[]): Bucket[] | undefined {
  if (counts.length !== bounds.length + 1) return undefined;
  const buckets: Bucket[] = [];
  for (const [index, count] of counts.entries()) {
    const lower = bounds[index - 1] ?? Number.NEGATIVE_INFINITY;
    const upper = bounds[index] ?? Number.POSITIVE_INFINITY;
    if (!(lower < upper)) return undefined;
    buckets.push({ lower, upper, count });
  }
  return buckets;
}

/** One side of an exponential histogram: the bucket at `offset + i` holds values in (base^(offset+i), base^(offset+i+1)]. */
export interface ExponentialSide {
  readonly offset: number;
  readonly counts: readonly number[];
}

/** Buckets of an exponential histogram of base 2^(2^-scale), from the most negative to the most positive. */
export function exponentialBuckets(
  scale: number,
  zeroCount: number,
  zeroThreshold: number,
  positive: ExponentialSide,
  negative: ExponentialSide,
): Bucket[] {
  const bound = (index: number) => 2 ** (index * 2 ** -scale);
  const side = ({ offset, counts }: ExponentialSide) =>
    counts.map((count, index) => ({ lower: bound(offset + index), upper: bound(offset + index + 1), count }));
  const mirrored = side(negative)
    .map(({ lower, upper, count }) => ({ lower: -upper, upper: -lower, count }))
    .reverse();
  return [...mirrored, { lower: -zeroThreshold, upper: zeroThreshold, count: zeroCount }, ...side(positive)];
}

function clamp(value: number, min: number | undefined, max: number | undefined): number {
  return Math.min(Math.max(value, min ?? value), max ?? value);
}
