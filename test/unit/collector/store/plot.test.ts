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

function plot(axis: Axis, query: { from?: number; to?: number; maxPoints?: number } = {}): PlotSeries {
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
