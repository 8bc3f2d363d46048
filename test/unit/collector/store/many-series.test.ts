import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Shard } from '../../../../collector/store/shard/shard.ts';
import type { MetricCellQuery } from '../../../../collector/store/telemetry-store.ts';
import { memoryDirectory } from '../../../support/memory-directory.ts';
import { stage, stagingBlock, testSeries } from '../../../support/shard-requests.ts';

const SERIES_A_RUN = 1_000;
const block = stagingBlock();
const runOf = (index: number): string => `run-${index}`;

let directory: string;
let shard: Shard;
beforeEach(() => {
  directory = memoryDirectory('many-series-');
  shard = open();
});
afterEach(() => {
  shard.close();
  rmSync(directory, { recursive: true });
});

function open(): Shard {
  const opened = new Shard(join(directory, 'points-0.db'));
  opened.addBlock(block);
  return opened;
}

/** One point a series in one request a run; run `index` is request `index + 1`. */
function fill(runs: number): void {
  for (let run = 0; run < runs; run++) {
    const ids = Array.from({ length: SERIES_A_RUN }, (_, i) => run * SERIES_A_RUN + i + 1);
    for (const [i, id] of ids.entries()) shard.define(runOf(run), testSeries(id, `metric.${i}`));
    const segments = ids.map((series) => ({
      series,
      points: [{ time: BigInt(run + 1), value: series, step: 0, runTime: Number.NaN }],
    }));
    shard.commit(stage(block, run + 1, segments));
  }
}

const cellsOf = (runs: readonly number[]): MetricCellQuery => ({
  runs: runs.map((run) => ({ runId: runOf(run), originUnixNano: 0n })),
  metrics: ['metric.7', 'metric.none', 'metric.3'],
  maxPoints: 10,
});

test('heads are sealed oldest first, as many a turn as allowed, and the position follows', () => {
  fill(4);
  shard.commit({ ...stage(block, 5, []), logBytes: 1 << 30 });
  const turns = [1, 2, 3].map(() => {
    const hasMore = shard.sweep(true, 1_500);
    shard.store();
    return [hasMore, shard.safeSequence];
  });
  expect(turns).toEqual([
    [true, 2],
    [true, 4],
    [false, 6],
  ]);
  expect(shard.statistics().chunks).toBe(4 * SERIES_A_RUN);
});

test('cells of runs that are not in memory are read without their other series', () => {
  fill(3);
  const before = shard.metricCells(cellsOf([2, 0]));
  expect(before.map((run) => run.map(({ metric, last }) => [metric, last]))).toEqual([
    [
      ['metric.7', 2_008],
      ['metric.3', 2_004],
    ],
    [
      ['metric.7', 8],
      ['metric.3', 4],
    ],
  ]);
  shard.close();
  shard = open();
  expect(shard.metricCells(cellsOf([2, 0]))).toEqual(before);
  expect(shard.metricCells(cellsOf([77]))).toEqual([[]]);
  expect(shard.statistics().series).toBe(0);
});

test('of runs that are written no more a bounded number of series stays in memory, and all are read and go on', () => {
  const runs = 60;
  fill(runs);
  shard.store();
  expect(shard.statistics().series).toBe(runs * SERIES_A_RUN);
  shard.flush();
  shard.store();
  expect(shard.statistics().series).toBe(50_000);
  shard.commit(
    stage(block, runs + 1, [{ series: 5, points: [{ time: 99n, value: 1, step: 1, runTime: Number.NaN }] }]),
  );
  expect(shard.summaries(runOf(0))[4]).toMatchObject({ count: 2, last: 1 });
  expect(shard.summaries(runOf(59)).length).toBe(SERIES_A_RUN);
}, 90_000);

test('small chunks are looked at for a merge when there are several of a series', () => {
  shard.define(runOf(0), testSeries(1));
  for (let second = 1; second <= 12; second++) {
    const point = { time: BigInt(second), value: second, step: second, runTime: Number.NaN };
    shard.commit(stage(block, second, [{ series: 1, points: [point] }]));
    shard.flush();
    while (shard.compact());
    expect(shard.summaries(runOf(0))[0]?.count).toBe(second);
  }
  expect(shard.statistics().mergedChunks).toBe(12);
});
