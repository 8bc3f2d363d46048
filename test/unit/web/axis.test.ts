import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPlace, linearRange, logRange, movedRange, spanOf } from '../../../web/src/lib/axis.ts';
import { spreadLabels } from '../../../web/src/lib/gutter.ts';

describe('axes', () => {
  it('leave air, but none below zero for what is never negative', () => {
    expect(linearRange(0, 100)).toEqual([0, 108]);
    expect(linearRange(-50, 50)).toEqual([-58, 58]);
    expect(linearRange(null, null)).toEqual([0, 1]);
    expect(linearRange(5e-5, 5e-5 + 1e-20)).toEqual([expect.closeTo(4.5e-5), expect.closeTo(5.5e-5)]);
    expect(linearRange(5, 5)[1]).toBeGreaterThan(5);
    expect(linearRange(0, 0)).toEqual([-1, 1]);
    expect(linearRange(-0, 0)).toEqual([-1, 1]);
    const [least, most] = linearRange(-Number.MAX_VALUE, Number.MAX_VALUE);
    expect(most - least).toBeLessThan(Number.POSITIVE_INFINITY);
    const [low, high] = logRange(1e-4, 1);
    expect(low).toBeLessThan(1e-4);
    expect(high).toBeGreaterThan(1);
  });
});

describe('places on an axis in words', () => {
  it('have a date where the axis is longer than a day', () => {
    const at = Date.UTC(2026, 10, 20, 14, 36, 24) / 1000;
    expect(formatPlace('timestamp', at, 86_400)).toBe('14:36:24');
    expect(formatPlace('timestamp', at, 90_000)).toBe('11-20 14:36:24');
    expect(formatPlace('step', 1000, 90_000)).not.toContain('-');
  });
  it('are on an axis from its first to its last end', () => {
    expect(
      spanOf([
        [3, 5],
        [1, 4],
      ]),
    ).toBe(4);
    expect(spanOf([])).toBe(0);
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
