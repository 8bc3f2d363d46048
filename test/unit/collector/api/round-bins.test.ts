import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { roundBins } from '../../../../collector/api/round-bins.ts';
import { SECOND, T0 } from './ports.ts';

const widthOf = ({ from, to, count }: ReturnType<typeof roundBins>) => Number((to - from) / BigInt(count)) / 1e9;

describe('bins of a round width', () => {
  test.each([
    ['a burst', 0.4, 0.005],
    ['a minute', 60, 1],
    ['an hour', 3600, 60],
    ['three and a half hours', 12_600, 120],
    ['nine hours', 32_400, 600],
    ['three days', 259_200, 3600],
    ['a month', 2_592_000, 43_200],
    ['a year', 31_536_000, 432_000],
  ])('over %s (%d s) are %d s wide', (_, seconds, width) => {
    expect(widthOf(roundBins(T0, T0 + BigInt(seconds * 1e9), 108))).toBe(width);
  });
  it('hold one moment', () => {
    expect(roundBins(T0, T0 + 1n, 60)).toEqual({ from: T0, to: T0 + 1000n, count: 1 });
  });
  it('are one without a round width around 1970, where each width has a border', () => {
    expect(roundBins(-4n, 252n, 1)).toEqual({ from: -4n, to: 252n, count: 1 });
    expect(roundBins(-(2n ** 63n), 2n ** 63n - 1n, 2)).toMatchObject({ count: 2 });
  });
  test('law: they cover the range, begin at multiples of their width, and are no more than asked for', () => {
    const moment = fc.bigInt({ min: -1_000_000_000n * SECOND, max: 4_000_000_000n * SECOND });
    const length = fc.nat({ max: 60 }).map((exponent) => 2n ** BigInt(exponent));
    fc.assert(
      fc.property(moment, length, fc.integer({ min: 1, max: 1000 }), (from, duration, most) => {
        fc.pre(most > 1 || from >= 0n || from + duration <= 0n);
        const bins = roundBins(from, from + duration, most);
        const width = (bins.to - bins.from) / BigInt(bins.count);
        expect(bins.count).toBeLessThanOrEqual(most);
        expect(bins.from % width).toBe(0n);
        expect(bins.from <= from && bins.to >= from + duration).toBe(true);
        expect(bins.from + width > from && bins.to - width < from + duration).toBe(true);
      }),
    );
  });
});
