import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatLogTick,
  formatXTicks,
  linearRange,
  logPositions,
  logRange,
  movedRange,
  pickDecades,
  pickLogLabels,
} from '../../../web/src/lib/axis.ts';
import { spreadLabels } from '../../../web/src/lib/gutter.ts';

describe('axes', () => {
  it('shorten steps alike', () => {
    expect(formatXTicks('step', [0, 5000, 10_000, 15_000])).toEqual(['0', '5k', '10k', '15k']);
    expect(formatXTicks('step', [0, 2000, 4000])).toEqual(['0', '2000', '4000']);
  });
  it('write seconds since the start as a clock', () =>
    expect(formatXTicks('time', [0, 1800, 3600])).toEqual(['0:00', '30:00', '1:00:00']));
  it('write wall time to the second only where needed', () => {
    const noon = Date.UTC(2026, 10, 20, 12) / 1000;
    expect(formatXTicks('timestamp', [noon, noon + 600])).toEqual(['12:00', '12:10']);
    expect(formatXTicks('timestamp', [noon, noon + 5])).toEqual(['12:00:00', '12:00:05']);
    expect(formatXTicks('timestamp', [noon, noon + 86_400])).toEqual(['11-20', '11-21']);
  });
  it('label at the most every decade, and 1, 2, 5 on a short logarithmic axis', () => {
    expect(pickLogLabels([1e-4, 1e-3, 2e-3, 1e-2, 1e-1], 1e-4, 1)).toEqual([1e-4, 1e-3, null, 1e-2, 1e-1]);
    expect(pickLogLabels([1, 2, 3, 5, 10], 1, 10)).toEqual([1, 2, null, 5, 10]);
    expect(pickDecades([1, 2, 10])).toEqual([1, null, 10]);
    expect([formatLogTick(1e-2, 1e-6, 1), formatLogTick(2e-3, 1e-3, 1e-2)]).toEqual(['10⁻²', '2e−3']);
  });
  it('leave air, but none below zero for what is never negative', () => {
    expect(linearRange(0, 100)).toEqual([0, 108]);
    expect(linearRange(-50, 50)).toEqual([-58, 58]);
    expect(linearRange(null, null)).toEqual([0, 1]);
    expect(linearRange(5e-5, 5e-5 + 1e-20)).toEqual([expect.closeTo(4.5e-5), expect.closeTo(5.5e-5)]);
    expect(linearRange(5, 5)[1]).toBeGreaterThan(5);
    const [low, high] = logRange(1e-4, 1);
    expect(low).toBeLessThan(1e-4);
    expect(high).toBeGreaterThan(1);
  });
});

describe('gutter labels', () => {
  it('stay where they are without a collision', () => expect(spreadLabels([80, 20], 14, 0, 100)).toEqual([80, 20]));
  it('move apart by their height and stay inside', () => {
    const places = spreadLabels([98, 97, 99], 14, 0, 100);
    expect(places).toEqual([86, 72, 100]);
  });
});

const share = fc.double({ min: -2, max: 2, noNaN: true });

it('a moved range keeps its length, and comes back', () => {
  const range = fc.tuple(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
  );
  fc.assert(
    fc.property(range, share, ([low, length], by) => {
      const there = movedRange([low, low + length], by, false);
      expect(there[1] - there[0]).toBeCloseTo(length, 6);
      expect(there[0] - low).toBeCloseTo(by * length, 5);
      expect(movedRange(there, -by, false)[0]).toBeCloseTo(low, 5);
    }),
  );
});

it('on a logarithmic axis it keeps its decades and stays above zero', () => {
  const range = fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: 0.01, max: 6, noNaN: true }));
  fc.assert(
    fc.property(range, share, ([low, decades], by) => {
      const there = movedRange([10 ** low, 10 ** (low + decades)], by, true);
      expect(Math.log10(there[0])).toBeCloseTo(low + by * decades, 6);
      expect(Math.log10(there[1] / there[0])).toBeCloseTo(decades, 6);
    }),
  );
});

it('gives a logarithmic axis the multiples of its decades between its ends', () => {
  expect(logPositions(0.035, 0.4)).toEqual([0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.2, 0.3, 0.4]);
  expect(logPositions(1e-20, 1e20)).toHaveLength(41);
  fc.assert(
    fc.property(
      fc.double({ min: -300, max: 300, noNaN: true }),
      fc.double({ min: 1e-3, max: 600, noNaN: true }),
      (power, decades) => {
        const [min, max] = [10 ** power, 10 ** Math.min(307, power + decades)];
        const positions = logPositions(min, max);
        expect(positions).toEqual(positions.toSorted((a, b) => a - b));
        expect(positions.every((position) => position >= min * 0.999 && position <= max * 1.001)).toBe(true);
        expect(positions.length).toBeLessThanOrEqual(610);
      },
    ),
  );
});
