import { describe, expect, test } from 'vitest';
import { bucketQuantile, explicitBuckets, exponentialBuckets } from '../../../../collector/receiver/bucket-quantile.ts';
import { distributionParts, quantileSuffix } from '../../../../collector/receiver/distribution-series.ts';

const empty = { count: 0, sum: undefined, min: undefined, max: undefined, buckets: undefined, quantiles: [] };

describe('the series of a distribution', () => {
  test('are count, sum, min, max, average and quantiles; only count and sum add up', () => {
    const buckets = explicitBuckets([2, 2], [10]);
    const parts = distributionParts({ ...empty, count: 4, sum: 40, min: 0, max: 20, buckets });
    expect(Object.fromEntries(parts.map(({ suffix, value }) => [suffix, value]))).toEqual({
      count: 4,
      sum: 40,
      min: 0,
      max: 20,
      avg: 10,
      p50: 10,
      p90: 18,
      p99: 19.8,
    });
    expect(parts.filter((part) => part.additive).map((part) => part.suffix)).toEqual(['count', 'sum']);
  });

  test('leave out what is not known', () => {
    expect(distributionParts({ ...empty, sum: 0, buckets: explicitBuckets([0], []) })).toEqual([
      { suffix: 'count', value: 0, additive: true },
      { suffix: 'sum', value: 0, additive: true },
    ]);
  });

  test.each([
    [0, 'p0'],
    [0.5, 'p50'],
    [0.999, 'p99.9'],
    [0.07, 'p7'],
    [1, 'p100'],
  ])('name the quantile %d %s', (quantile, suffix) => {
    expect(quantileSuffix(quantile)).toBe(suffix);
  });
});

describe('a quantile of buckets', () => {
  const counts = [0, 4, 4];
  test.each([
    ['in the middle of a bucket', 0.25, [1, 3], undefined, undefined, 2],
    ['at a bound', 0.5, [1, 3], undefined, undefined, 3],
    ['in an open last bucket is its lower bound', 0.9, [1, 3], undefined, undefined, 3],
    ['in an open last bucket with a known maximum is interpolated', 0.75, [1, 3], 1, 5, 4],
    ['is never beyond the maximum', 0.25, [1, 3], 1.5, 1.75, 1.75],
  ] as const)('%s', (_title, quantile, bounds, min, max, expected) => {
    expect(bucketQuantile(quantile, explicitBuckets(counts, [...bounds]) ?? [], min, max)).toBe(expected);
  });

  test('of a negative first bucket without a minimum is its bound', () => {
    expect(bucketQuantile(0.5, explicitBuckets([2, 0], [-4]) ?? [], undefined, undefined)).toBe(-4);
  });

  test.each([
    ['too few bounds', [1, 1, 1], [1]],
    ['bounds that fall', [1, 1, 1], [2, 1]],
    ['a bound that is NaN', [1, 1], [Number.NaN]],
  ])('needs buckets that fit: not %s', (_title, bucketCounts, bounds) => {
    expect(explicitBuckets(bucketCounts, bounds)).toBeUndefined();
  });

  test('of an exponential histogram goes from negative over zero to positive, within one bucket of the truth', () => {
    const values = Array.from({ length: 999 }, (_, i) => (i - 200) / 10);
    const scale = 3;
    const index = (value: number) => Math.ceil(Math.log2(value) * 2 ** scale) - 1;
    const side = (of: number[]) => {
      const indexes = of.map(index);
      const offset = Math.min(...indexes);
      const sideCounts = Array<number>(Math.max(...indexes) - offset + 1).fill(0);
      for (const i of indexes) sideCounts[i - offset] = (sideCounts[i - offset] ?? 0) + 1;
      return { offset, counts: sideCounts };
    };
    const positive = side(values.filter((value) => value > 0));
    const negative = side(values.filter((value) => value < 0).map((value) => -value));
    const buckets = exponentialBuckets(scale, 1, 0, positive, negative);
    for (const quantile of [0.01, 0.1, 0.5, 0.9, 0.99]) {
      const truth = values[Math.round(quantile * values.length) - 1] ?? 0;
      const estimate = bucketQuantile(quantile, buckets, values[0], values.at(-1)) ?? Number.NaN;
      expect(Math.abs(estimate - truth)).toBeLessThan(0.1 * Math.abs(truth) + 0.2);
    }
  });
});
