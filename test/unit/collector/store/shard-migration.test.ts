import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { decodeRecords, type StoredChunk } from '../../../../collector/store/shard/chunk-record.ts';
import { Shard } from '../../../../collector/store/shard/shard.ts';
import { SHARD_MIGRATIONS } from '../../../../collector/store/shard/shard-schema.ts';
import { openDatabase, type SqlParameter } from '../../../../collector/store/sqlite-database.ts';
import type { PlotQuery } from '../../../../collector/store/telemetry-store.ts';
import { memoryDirectory } from '../../../support/memory-directory.ts';
import { stage, stagingBlock, testSeries } from '../../../support/shard-requests.ts';

const RUN = 'eeeeeeeeeeeeeeeeeeeeee';
const QUERY: PlotQuery = { runId: RUN, seriesIds: [1, 2], axis: 'timestamp', originUnixNano: 0n };
const POINTS = 3_000;

test('points of an older file are read as they were', () => {
  const directory = memoryDirectory('shard-');
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [today, older] = [join(directory, 'today.db'), join(directory, 'older.db')];
  const shard = new Shard(today);
  const block = stagingBlock();
  shard.addBlock(block);
  for (const id of [1, 2]) shard.define(RUN, testSeries(id));
  const points = Array.from({ length: POINTS }, (_, i) => ({
    time: BigInt(i + 1),
    value: i / 7,
    step: i,
    runTime: Number.NaN,
  }));
  shard.commit(
    stage(block, 1, [
      { series: 1, points },
      { series: 2, points: points.slice(5) },
    ]),
  );
  shard.flush();
  const [plots, summaries] = [shard.plot(QUERY), shard.summaries(RUN)];
  shard.close();

  const database = openDatabase(older, SHARD_MIGRATIONS.slice(0, 2));
  database.exec(`ATTACH '${today}' AS today`);
  const insert = database.prepare(`INSERT INTO chunk VALUES (${Array(25).fill('?').join(', ')})`);
  const chunks = database.prepare(
    'SELECT c.series, c.record, p.points FROM today.chunk c JOIN today.chunk_points p ON p.id = c.points',
  );
  for (const { series, record, points: packed } of chunks.all()) {
    const [chunk] = decodeRecords(record as Buffer);
    insert.run(series as number, ...columnsOf(chunk as StoredChunk), packed as Buffer);
  }
  for (const table of ['run', 'series']) database.exec(`INSERT INTO ${table} SELECT * FROM today.${table}`);
  database.close();

  const migrated = new Shard(older);
  expect(migrated.plot(QUERY)).toEqual(plots);
  expect(migrated.summaries(RUN)).toEqual(summaries);
  expect(plots.map(({ total }) => total)).toEqual([POINTS, POINTS - 5]);
  migrated.close();
});

/** A chunk in the columns of an older file. */
function columnsOf({ number, summary, sequence, sequencePoints }: StoredChunk): SqlParameter[] {
  const { count, firstTimeUnixNano, lastTimeUnixNano, finiteCount, min, max, sum, minPlace, maxPlace } = summary;
  const last = Buffer.alloc(8);
  last.writeDoubleLE(summary.last);
  const places = [minPlace, maxPlace].flatMap(({ timeUnixNano, step }) => [timeUnixNano, step, null]);
  return [
    ...[number, count, firstTimeUnixNano, lastTimeUnixNano, finiteCount, min, max, sum, ...places],
    ...[last, summary.lastStep, null, summary.stepLow, summary.stepHigh, null, null, sequence, sequencePoints],
  ];
}
