import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Evaluation } from '../../../../collector/alert/evaluation.ts';
import { AGGREGATIONS, type WindowRule } from '../../../../collector/alert/rule.ts';
import { TickWatch } from '../../../../collector/alert/tick-watch.ts';
import { KeptWatch } from '../../../support/kept-watch.ts';
import { pointBatch } from '../../../support/point-batch.ts';

const THRESHOLD = 2;

interface Point {
  readonly time: number;
  readonly value: number;
}
type Step = { readonly points: readonly Point[]; readonly advanceTo: number };

/** Whole seconds, and values whose sums are exact. */
const point: fc.Arbitrary<Point> = fc.record({
  time: fc.integer({ min: 0, max: 60 }),
  value: fc.oneof(fc.integer({ min: -8, max: 8 }), fc.constantFrom(Number.NaN, Infinity, -Infinity)),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ points: fc.array(point, { maxLength: 8 }), advanceTo: fc.integer({ min: 0, max: 70 }) }),
  { maxLength: 8 },
);
const rule = fc.record({
  delayNano: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 })),
  windowNano: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 20, max: 50 })),
  frequencyNano: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 8 })),
  aggregation: fc.constantFrom(...AGGREGATIONS),
  evaluatesPartialWindow: fc.boolean(),
});

/** Keeps every point and looks at all of them at each tick. */
function naive(
  { delayNano, windowNano, frequencyNano, aggregation, evaluatesPartialWindow }: WindowRule,
  script: readonly Step[],
) {
  const held = new Map<string, Point>();
  const verdicts = new Map<number, readonly [string, number, number | undefined]>();
  let tick = Number.POSITIVE_INFINITY;
  for (const { points, advanceTo } of script) {
    for (const one of points) if (delayNano === 0 || one.time > delayNano) held.set(`${one.time} ${one.value}`, one);
    if (verdicts.size === 0 && held.size > 0) {
      const first = Math.min(...[...held.values()].map(({ time }) => time));
      tick = Math.max(1, Math.ceil(first / frequencyNano)) * frequencyNano;
    }
    for (; tick <= advanceTo; tick += frequencyNano) {
      const inside = [...held.values()].filter(({ time }) => time > tick - windowNano && time <= tick);
      const value = aggregate(aggregation, inside);
      const fires =
        value !== undefined &&
        (aggregation === 'all' ? value === 1 : aggregation === 'at least one' ? value > 0 : value > THRESHOLD);
      const verdict =
        tick - delayNano < windowNano && !evaluatesPartialWindow
          ? 'warming up'
          : value === undefined
            ? 'no data'
            : fires
              ? 'firing'
              : 'ok';
      verdicts.set(tick, [verdict, inside.length, value]);
    }
  }
  return verdicts;
}

function aggregate(aggregation: WindowRule['aggregation'], points: readonly Point[]): number | undefined {
  const finite = points
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => a.time - b.time || a.value - b.value);
  const values = finite.map(({ value }) => value);
  const sum = values.reduce((total, value) => total + value, 0);
  const [first, last] = [finite[0], finite.at(-1)];
  if (aggregation === 'at least one' || aggregation === 'all') {
    const numbers = points.filter(({ value }) => !Number.isNaN(value));
    return numbers.length === 0 ? undefined : numbers.filter(({ value }) => value > THRESHOLD).length / numbers.length;
  }
  if (first === undefined || last === undefined) return undefined;
  if (aggregation === 'average') return sum / values.length;
  if (aggregation === 'sum') return sum;
  if (values.length < 2) return undefined;
  if (aggregation === 'spread') return Math.max(...values) - Math.min(...values);
  return last.time === first.time ? undefined : (last.value - first.value) / ((last.time - first.time) / 60e9);
}

/** The same point has the same identity, whenever it comes. */
const identityOf = ({ time, value }: Point): number =>
  time * 100 + (Number.isFinite(value) ? value + 10 : Number.isNaN(value) ? 30 : value > 0 ? 31 : 32);

it('agrees with an evaluator that keeps every point, over late, repeated, unordered and non-finite points, and restarts', () => {
  fc.assert(
    fc.property(rule, steps, fc.boolean(), fc.boolean(), (partial, script, restarts, isWhole) => {
      const full: WindowRule = {
        kind: 'window',
        metric: 'm',
        bounds: { test: 'is above', threshold: THRESHOLD },
        ...partial,
      };
      const expected = naive(full, script);
      const seen: Evaluation[] = [];
      let watch = new TickWatch(full, 0);
      const kept = new KeptWatch();
      for (const { points, advanceTo } of script) {
        for (const part of isWhole ? [points] : points.map((one) => [one]))
          watch.addPoints(pointBatch(...part.map((one) => [one.time, one.value, identityOf(one)] as const)));
        watch.advance(advanceTo, (evaluation) => seen.push(evaluation));
        if (!restarts) continue;
        kept.save(watch);
        watch = kept.restore(full);
      }
      for (const { timeNano, verdict, points, value } of seen) {
        expect([timeNano, verdict, points, value]).toEqual([timeNano, ...(expected.get(timeNano) ?? [])]);
      }
      const skipped = seen.reduce((total, one) => total + one.skipped, 0);
      expect(seen.length + skipped).toBe(expected.size);
    }),
    { numRuns: 2_000 },
  );
});
