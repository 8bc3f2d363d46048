import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distance, rangeUnder, zoomedRange } from '../../../web/src/lib/plot-range.ts';

const place = (value: number, log: boolean) => (log ? Math.log10(value) : value);
const shareOf = (value: number, [low, high]: readonly [number, number], log: boolean) =>
  (place(value, log) - place(low, log)) / (place(high, log) - place(low, log));
const range = fc
  .tuple(fc.double({ min: 1, max: 1e6, noNaN: true }), fc.double({ min: 1.1, max: 1e3, noNaN: true }))
  .map(([low, factor]): [number, number] => [low, low * factor]);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const apart = fc
  .tuple(fc.double({ min: 0, max: 0.5, noNaN: true }), fc.double({ min: 0.1, max: 0.5, noNaN: true }))
  .map(([at, further]) => [at, at + further]);

describe('the range of a plot', () => {
  test('keeps what is zoomed around in its place, and has the length asked for', () => {
    fc.assert(
      fc.property(
        range,
        share,
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        fc.boolean(),
        (from, at, factor, log) => {
          const around = from[0] + (from[1] - from[0]) * at;
          const to = zoomedRange(from, around, factor, log);
          expect(shareOf(around, to, log)).toBeCloseTo(shareOf(around, from, log), 6);
          const span = (ends: readonly [number, number]) => place(ends[1], log) - place(ends[0], log);
          expect(span(to) / span(from)).toBeCloseTo(factor, 6);
        },
      ),
    );
  });

  test('keeps under each finger the value that it took hold of', () => {
    fc.assert(
      fc.property(range, apart, apart, fc.boolean(), (from, held, now, log) => {
        const valueAt = (at: number) => {
          const value = place(from[0], log) + at * (place(from[1], log) - place(from[0], log));
          return log ? 10 ** value : value;
        };
        const fingers = held.map((at, index) => ({ value: valueAt(at), at: now[index] ?? 0 }));
        for (const { value, at } of fingers)
          expect(shareOf(value, rangeUnder(from, fingers, log), log)).toBeCloseTo(at, 6);
        const one = fingers.slice(0, 1);
        for (const { value, at } of one) expect(shareOf(value, rangeUnder(from, one, log), log)).toBeCloseTo(at, 6);
      }),
    );
  });

  test('is as far from another one as its farther end is', () => {
    expect(distance([0, 10], [2, 12], false)).toBeCloseTo(0.2);
    expect(distance([0, 10], [0, 5], false)).toBeCloseTo(0.5);
    expect(distance([1, 100], [10, 1000], true)).toBeCloseTo(0.5);
  });
});
