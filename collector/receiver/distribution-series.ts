import { type Bucket, bucketQuantile } from './bucket-quantile.ts';

/** A histogram, exponential histogram or summary point, whatever its encoding. */
export interface Distribution {
  readonly count: number;
  readonly sum: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Rising, not overlapping; undefined when the point has none. */
  readonly buckets: readonly Bucket[] | undefined;
  /** Quantiles that the sender computed (summary). */
  readonly quantiles: readonly { readonly quantile: number; readonly value: number }[];
}

/** One number of a distribution, as the series `<metric>.<suffix>`. */
export interface DistributionPart {
  readonly suffix: string;
  readonly value: number;
  /** True for count and sum: they have the temporality of the instrument and add up; the others are gauges. */
  readonly additive: boolean;
}

/** Quantiles estimated from buckets. */
export const ESTIMATED_QUANTILES = [0.5, 0.9, 0.99] as const;

/**
 * The series of a distribution: `count`, `sum`, `min`, `max`, `avg`, and quantiles named `p50`, `p99`, `p99.9`.
 *
 * A summary's quantiles are the sender's own; a histogram's p50, p90 and p99 are interpolated in its buckets. What is not known is left
 * out: no sum → no average, no observations → neither average nor quantiles.
 */
export function distributionParts(distribution: Distribution): DistributionPart[] {
  const { count, sum, min, max, buckets, quantiles } = distribution;
  const parts: DistributionPart[] = [{ suffix: 'count', value: count, additive: true }];
  const gauge = (suffix: string, value: number | undefined) => {
    if (value !== undefined) parts.push({ suffix, value, additive: false });
  };
  if (sum !== undefined) parts.push({ suffix: 'sum', value: sum, additive: true });
  gauge('min', min);
  gauge('max', max);
  if (sum !== undefined && count > 0) gauge('avg', sum / count);
  for (const { quantile, value } of quantiles) gauge(quantileSuffix(quantile), value);
  if (buckets !== undefined) {
    for (const quantile of ESTIMATED_QUANTILES) {
      gauge(quantileSuffix(quantile), bucketQuantile(quantile, buckets, min, max));
    }
  }
  return parts;
}

/** `p50` of 0.5, `p99.9` of 0.999. */
export function quantileSuffix(quantile: number): string {
  return `p${Number((quantile * 100).toPrecision(12))}`;
}
