import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Shard } from '../../../../collector/store/shard/shard.ts';
import type { Axis, PlotSeries } from '../../../../collector/store/telemetry-store.ts';
import { stage, stagingBlock, type TestPoint, testSeries } from '../../../support/shard-requests.ts';

const RUN = 'bbbbbbbbbbbbbbbbbbbbbb';
const ORIGIN = 1_790_000_000_000_000_000n;

let directory: string;
let shard: Shard;
let sequence: number;
const block = stagingBlock();

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plot-'));
  shard = new Shard(join(directory, 'points-0.db'));
  shard.addBlock(block);
  shard.define(RUN, testSeries(1));
  sequence = 0;
});
afterEach(() => {
  shard.close();
  rmSync(directory, { recursive: true });
});

function write(points: readonly TestPoint[]): void {
  shard.commit(stage(block, ++sequence, [{ series: 1, points }]));
}

function plot(
  axis: Axis,
  query: { from?: number; to?: number; maxPoints?: number; totals?: boolean } = {},
): PlotSeries {
  const [series] = shard.plot({ runId: RUN, seriesIds: [1], axis, originUnixNano: ORIGIN, ...query });
  if (series === undefined) throw new Error('the series is not there');
  return series;
}

function point(i: number, value: number, step = i): TestPoint {
  return { time: ORIGIN + BigInt(i) * 1_000_000n, value, step, runTime: Number.NaN };
}

/** What any honest bucketed plot of the points must satisfy. */
function expectHonest(series: PlotSeries, points: readonly { x: number; value: number }[], maxPoints: number): void {
  if (series.kind !== 'buckets') throw new Error('buckets were expected');
  const buckets = series.x0.length;
  expect(buckets).toBeLessThanOrEqual(maxPoints);
  expect(buckets).toBeGreaterThanOrEqual(maxPoints / 2);
  expect(series.total).toBe(points.length);
  const owner = points.map(({ x }) => series.x1.findIndex((end) => x <= end));
  expect(owner.every((bucket, i) => bucket >= 0 && (series.x0[bucket] as number) <= (points[i]?.x as number))).toBe(
    true,
  );
  for (let bucket = 0; bucket < buckets; bucket++) {
    if (bucket > 0) expect(series.x0[bucket]).toBeGreaterThanOrEqual(series.x1[bucket - 1] as number);
    const own = points.filter((_, i) => owner[i] === bucket);
    const finite = own.filter(({ value }) => Number.isFinite(value));
    expect(series.count[bucket]).toBe(own.length);
    expect(series.nonFinite[bucket]).toBe(own.length - finite.length);
    if (finite.length === 0) {
      expect(series.min[bucket]).toBeNaN();
      continue;
    }
    const values = finite.map(({ value }) => value);
    expect(series.min[bucket]).toBe(Math.min(...values));
    expect(series.max[bucket]).toBe(Math.max(...values));
    expect(series.mean[bucket]).toBeCloseTo(values.reduce((a, b) => a + b) / values.length, 9);
    expect(finite.some(({ x, value }) => x === series.minX[bucket] && value === series.min[bucket])).toBe(true);
    expect(finite.some(({ x, value }) => x === series.maxX[bucket] && value === series.max[bucket])).toBe(true);
  }
}

test('buckets have the exact extremes, means and counts, whatever was late and whichever part is asked for', () => {
  const size = 12_000;
  const values = fc.sample(fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constant(Number.NaN)), {
    numRuns: size,
    seed: 7,
  });
  const all = values.map((value, i) => point(i, value));
  const isLate = (i: number) => i % 997 === 5;
  write(all.filter((_, i) => !isLate(i)));
  shard.store();
  write(all.filter((_, i) => isLate(i)).slice(0, 6));
  shard.flush();
  write(all.filter((_, i) => isLate(i)).slice(6));
  fc.assert(
    fc.property(
      fc.nat(size - 1),
      fc.nat(size - 1),
      fc.constantFrom(4, 10, 20, 100),
      fc.boolean(),
      (a, b, maxPoints, isAll) => {
        const [from, to] = isAll ? [0, size - 1] : [Math.min(a, b), Math.max(a, b)];
        const series = plot('step', { ...(isAll ? {} : { from, to }), maxPoints });
        const inRange = all.slice(from, to + 1).map(({ step, value }) => ({ x: step, value }));
        if (inRange.length > maxPoints) expectHonest(series, inRange, maxPoints);
        else expect(series).toMatchObject({ kind: 'points', total: inRange.length });
      },
    ),
    { numRuns: 40 },
  );
});

test('the axes are the step, seconds since the start, and seconds since the epoch', () => {
  write([point(0, 1, 10), point(1500, 2, 20), { ...point(3000, 3, 30), runTime: 7.5 }]);
  const expected: Record<Axis, number[]> = {
    step: [10, 20, 30],
    time: [0, 1.5, 7.5],
    timestamp: [0, 1.5, 3].map((seconds) => seconds + 1_790_000_000),
  };
  for (const sealed of [false, true]) {
    if (sealed) shard.flush();
    for (const axis of ['step', 'time', 'timestamp'] as const) {
      const series = plot(axis);
      expect(series.kind === 'points' && [...series.x]).toEqual(expected[axis]);
      expect(series.kind === 'points' && [...series.value]).toEqual([1, 2, 3]);
    }
  }
});

test('a series without steps is drawn by ordinal on the step axis', () => {
  write(Array.from({ length: 2_500 }, (_, i) => point(i, i, Number.NaN)));
  const series = plot('step', { from: 1_000, to: 1_009 });
  expect(series.kind === 'points' && [...series.x]).toEqual(Array.from({ length: 10 }, (_, i) => 1_000 + i));
  expect(series.kind === 'points' && [...series.value]).toEqual(Array.from({ length: 10 }, (_, i) => 1_000 + i));
});

test('a point that is logged again at a step already drawn stands beside the first', () => {
  write([point(0, 1, 0), point(1, 2, 1)]);
  write([point(2, 9, 0)]);
  const series = plot('step');
  expect(series.kind === 'points' && [[...series.x], [...series.value]]).toEqual([
    [0, 0, 1],
    [1, 9, 2],
  ]);
});

test('totals of a delta series are the running sums of all that came, whatever was late, from any place on', () => {
  const { definition, ...series } = testSeries(1);
  const law = fc.property(fc.nat(), fc.boolean(), fc.nat({ max: 2500 }), fc.integer({ min: 1, max: 300 }), check);
  fc.assert(law, { numRuns: 30 });

  function check(seed: number, fallsOnce: boolean, from: number, maxPoints: number): void {
    const size = 1500 + (seed % 1000);
    const all = Array.from({ length: size }, (_, i) =>
      point(i, fallsOnce && i === 700 ? -5 : i % 31 === 3 ? Number.NaN : (i * 7919 + seed) % 10, Number.NaN),
    );
    let sum = 0;
    const totals = all.map(({ value }) => {
      if (Number.isFinite(value)) sum += value;
      return sum;
    });
    const own = new Shard(':memory:');
    own.addBlock(block);
    own.define(RUN, { ...series, definition: { ...definition, temporality: 'delta' } });
    const isLate = (_: TestPoint, i: number): boolean => i % 97 === 5;
    for (const [number, points] of [all.filter((one, i) => !isLate(one, i)), all.filter(isLate)].entries()) {
      for (let i = 0; i < points.length; i += 250) {
        own.commit(stage(block, number * 100 + i / 250 + 1, [{ series: 1, points: points.slice(i, i + 250) }]));
        own.flush();
      }
    }
    // Between two points: x has the precision of a double.
    const start = Number(ORIGIN / 1_000_000n) / 1000 + (from - 0.5) / 1000;
    const ask = (query: { from?: number; maxPoints?: number; totals?: boolean }): PlotSeries => {
      const [drawn] = own.plot({ runId: RUN, seriesIds: [1], axis: 'timestamp', originUnixNano: ORIGIN, ...query });
      if (drawn === undefined) throw new Error('the series is not there');
      return drawn;
    };
    const indexOf = (x: number): number => Math.round((x - Number(ORIGIN / 1_000_000n) / 1000) * 1000);
    const exact = ask({ totals: true, from: start });
    expect(exact.kind === 'points' && [...exact.value]).toEqual(totals.slice(from));
    const drawn = ask({ totals: true, from: start, maxPoints });
    if (drawn.kind === 'points') {
      expect(drawn.x.length).toBeLessThanOrEqual(maxPoints);
      expect([...drawn.value]).toEqual(Array.from(drawn.x, (x) => totals[indexOf(x)]));
      if (from < size) expect(drawn.value.at(-1)).toBe(sum);
    } else {
      expect(Math.min(...drawn.min)).toBe(Math.min(...totals.slice(from)));
      expect(Math.max(...drawn.max)).toBe(Math.max(...totals.slice(from)));
    }
    const raw = ask({});
    expect(raw.kind === 'points' && [...raw.value]).toEqual(all.map(({ value }) => value));
    own.close();
  }
});
