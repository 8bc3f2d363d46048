import { randomFillSync } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Shard } from '../../../../collector/store/shard/shard.ts';
import { SHARD_MIGRATIONS } from '../../../../collector/store/shard/shard-schema.ts';
import { openDatabase } from '../../../../collector/store/sqlite-database.ts';
import { memoryDirectory } from '../../../support/memory-directory.ts';
import { stage, stagingBlock, type TestPoint, testSeries } from '../../../support/shard-requests.ts';

const RUN = 'ffffffffffffffffffffff';
const START = 1_790_000_000_000_000_000n;
const SECOND = 1_000_000_000n;
const block = stagingBlock();

let directory: string;
let path: string;
let sequence: number;
beforeEach(() => {
  directory = memoryDirectory('compaction-');
  path = join(directory, 'points-0.db');
  sequence = 0;
});
afterEach(() => rmSync(directory, { recursive: true }));

function open(): Shard {
  const shard = new Shard(path);
  shard.addBlock(block);
  return shard;
}

const point = (second: number): TestPoint => ({
  time: START + BigInt(second) * SECOND + BigInt((second * 7919) % 1000) * 1_000n,
  value: Math.round(2_000 * Math.sin(second / 50) + ((second * 104_729) % 30)) / 100,
  step: second,
  runTime: Number.NaN,
});

function send(shard: Shard, points: readonly TestPoint[], series = 1): void {
  shard.commit(stage(block, ++sequence, [{ series, points }]));
}

function rows(sql: string): number {
  const database = openDatabase(path, SHARD_MIGRATIONS);
  const [row] = database.prepare(sql).arrays();
  database.close();
  return Number(row?.[0]);
}

const valuesOf = (shard: Shard, maxPoints?: number) =>
  shard.plot({ runId: RUN, seriesIds: [1], axis: 'timestamp', originUnixNano: START, maxPoints })[0];

describe('a run of one point a second whose collector was stopped each minute', () => {
  test('takes seven bytes a point instead of ten once its chunks were merged, and reads the same', () => {
    const hours = 2;
    let shard = open();
    shard.define(RUN, testSeries(1));
    for (let second = 0; second < hours * 3600; second++) {
      send(shard, [point(second)]);
      if (second % 60 === 59) shard.flush();
    }
    const before = valuesOf(shard);
    const bytesOf = (): number => rows("SELECT sum(payload) FROM dbstat WHERE name LIKE 'chunk%'");
    shard.close();
    const bytesBefore = bytesOf();
    shard = open();
    expect(valuesOf(shard)).toEqual(before);
    while (shard.compact());
    expect(valuesOf(shard)).toEqual(before);
    const summary = shard.summaries(RUN)[0];
    shard.close();
    const perPoint = [bytesBefore, bytesOf()].map((bytes) => bytes / (hours * 3600));
    expect(perPoint[0]).toBeGreaterThan(10);
    expect(perPoint[1]).toBeLessThan(7);
    shard = open();
    expect([shard.summaries(RUN)[0]?.count, shard.summaries(RUN)[0]?.last]).toEqual([summary?.count, summary?.last]);
    expect(shard.statistics().mergedChunks).toBe(0);
    shard.close();
  });
});

test('a late chunk goes into the ones it lies over, and a replay after that adds nothing', () => {
  let shard = open();
  shard.define(RUN, testSeries(1));
  const points = Array.from({ length: 3_000 }, (_, i) => point(i));
  const requests = [points.filter((_, i) => i % 50 !== 7), points.filter((_, i) => i % 50 === 7)];
  for (const request of requests) {
    send(shard, request);
    shard.flush();
  }
  while (shard.compact());
  shard.close();
  shard = open();
  sequence = 0;
  for (const request of requests) send(shard, request);
  expect(shard.statistics()).toMatchObject({ points: 0, duplicates: 0 });
  const plot = valuesOf(shard);
  expect(plot?.kind === 'points' && [...plot.value]).toEqual(points.map(({ value }) => value));
  shard.close();
  expect(
    rows('SELECT count(*) FROM chunk_time a JOIN chunk_time b ON a.number < b.number AND a.last_time > b.first_time'),
  ).toBe(0);
});

test('the room of a deleted run is used again, and given back a little at a time', () => {
  const shard = open();
  const values = new Float64Array(1 << 17);
  randomFillSync(values);
  const array = { metric: 'field', timeUnixNano: 1n, runTimeSeconds: 0, shape: [values.length], values };
  const runs = ['gggggggggggggggggggggg', 'hhhhhhhhhhhhhhhhhhhhhh'];
  const put = (run: string): void => {
    for (let step = 0; step < 9; step++) shard.putArrays(run, [{ ...array, step }]);
  };
  put(RUN);
  shard.flush();
  expect(shard.shrink()).toBe(false);
  shard.deleteRuns([RUN]);
  let steps = 1;
  while (shard.shrink()) steps++;
  expect(steps).toBeGreaterThan(2);
  for (const run of runs) {
    put(run);
    shard.deleteRuns([run]);
  }
  shard.close();
  expect(statSync(path).size).toBeLessThan(14 << 20);
});
