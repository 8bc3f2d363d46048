import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunView } from '../../../collector/api/contract/run.ts';
import {
  automaticAxes,
  type Dimension,
  dimensionOf,
  placeOf,
  ticksOf,
  valueAt,
  wordOf,
} from '../../../web/src/lib/dimensions.ts';

const run = (metadata: Record<string, unknown>, metrics: Record<string, Record<string, number | null>> = {}) =>
  ({ metadata, metrics }) as unknown as RunView;
const numbers = (...values: number[]): Dimension => {
  const dimension = dimensionOf(
    values.map((x) => run({ x })),
    'metadata:x',
  );
  if (dimension === undefined) throw new Error('the dimension is not there');
  return dimension;
};
const finite = fc
  .double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 })
  .map((x) => (Math.abs(x) < 1e-12 ? 0 : x));

describe('dimensions of runs', () => {
  test('are numbers, also when they were logged as text, or words in their order', () => {
    const runs = [run({ Re: 10, solver: 'PCG' }), run({ Re: '2000', solver: 'GAMG' }), run({})];
    expect(dimensionOf(runs, 'metadata:Re')).toMatchObject({
      values: [10, 2000, undefined],
      low: 10,
      high: 2000,
      log: true,
    });
    const solver = dimensionOf(runs, 'metadata:solver');
    expect(solver).toMatchObject({ values: [1, 0, undefined], words: ['GAMG', 'PCG'], log: false });
    expect(solver && ticksOf(solver).map(({ label }) => label)).toEqual(['GAMG', 'PCG']);
    expect(solver && wordOf(solver, 1)).toBe('PCG');
    expect(dimensionOf(runs, 'metadata:nothing')).toBeUndefined();
  });

  test('tell long integers apart, in their marks and words', () => {
    const seeds = numbers(12_345_678_901_234, 12_345_678_901_239);
    const words = seeds.values.map((value) => wordOf(seeds, value ?? 0).replace(/\s/g, ''));
    expect(words).toEqual(['12345678901234', '12345678901239']);
    const labels = ticksOf(seeds).map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
  });

  test('of metrics are what was asked for; what is not finite is not there', () => {
    const runs = [run({}, { loss: { last: 1, min: 0.5 } }), run({}, { loss: { last: null, min: 0 } })];
    expect(dimensionOf(runs, 'last:loss')?.values).toEqual([1, undefined]);
    expect(dimensionOf(runs, 'min:loss')).toMatchObject({ values: [0.5, 0], log: false, of: 'min' });
  });

  test('are chosen by what differs, without resource use', () => {
    const of = (lr: number, loss: number) =>
      run(
        { lr, seed: 1, mesh: { n: lr } },
        { loss: { last: loss }, flat: { last: 1 }, 'resources/cpu': { last: loss } },
      );
    expect(automaticAxes([of(1, 5), of(2, 6)])).toEqual(['metadata:lr', 'metadata:mesh.n', 'last:loss']);
  });

  test('a place between the ends is the place of its value', () => {
    fc.assert(
      fc.property(finite, finite, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, place) => {
        fc.pre(Math.abs(a - b) > 1e-6 * Math.max(Math.abs(a), Math.abs(b)));
        const dimension = numbers(a, b);
        expect(placeOf(dimension, valueAt(dimension, place))).toBeCloseTo(place, 5);
      }),
    );
  });

  test('have round marks between their ends, not too many', () => {
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        fc.pre(Math.abs(a - b) > 1e-6 * Math.max(Math.abs(a), Math.abs(b)));
        const dimension = numbers(a, b);
        const ticks = ticksOf(dimension);
        expect(ticks.length).toBeLessThanOrEqual(7);
        const air = (dimension.high - dimension.low) * 1e-6;
        for (const { at } of ticks) {
          expect(at).toBeGreaterThanOrEqual(dimension.low - air);
          expect(at).toBeLessThanOrEqual(dimension.high + air);
        }
      }),
    );
    expect(ticksOf(numbers(0.001, 100)).map(({ label }) => label)).toEqual([
      '10⁻³',
      '10⁻²',
      '10⁻¹',
      '10⁰',
      '10¹',
      '10²',
    ]);
    expect(ticksOf(numbers(3, 3)).map(({ label }) => label)).toEqual(['3']);
  });
});
