import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { decodeRecords, type StoredChunk } from '../../../../collector/store/shard/chunk-record.ts';
import { Shard } from '../../../../collector/store/shard/shard.ts';
import { SHARD_MIGRATIONS } from '../../../../collector/store/shard/shard-schema.ts';
import { openDatabase, type SqlParameter } from '../../../../collector/store/sqlite-database.ts';
import type { EventCount, PlotQuery } from '../../../../collector/store/telemetry-store.ts';
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
  database.exec('INSERT INTO run SELECT number, id FROM today.run; INSERT INTO series SELECT * FROM today.series');
  database.close();

  const migrated = new Shard(older);
  expect(migrated.plot(QUERY)).toEqual(plots);
  expect(migrated.summaries(RUN)).toEqual(summaries);
  expect(plots.map(({ total }) => total)).toEqual([POINTS, POINTS - 5]);
  migrated.close();
});

test('events of an older file are counted', () => {
  const directory = memoryDirectory('shard-');
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'older.db');
  const database = openDatabase(path, SHARD_MIGRATIONS.slice(0, 9));
  database.exec(`INSERT INTO run (number, id) VALUES (1, '${RUN}'), (2, 'silent')`);
  const insert = database.prepare(
    `INSERT INTO event (run, time, hash, repetition, observed_time, severity, severity_text, name, body, attributes, trace_id, span_id, instance)
     VALUES (1, ?1, x'00', 0, 0, ?2, '', '', '', '{}', '', '', '')`,
  );
  for (const [time, severity] of [0, 9, 12, 13, 16, 17, 24].entries()) insert.run(time, severity);
  database.close();

  const migrated = new Shard(path);
  const counts = (counted: EventCount) => migrated.eventCounts(counted, ['silent', RUN]);
  expect([counts('count'), counts('errors'), counts('warnings')]).toEqual([
    [undefined, 7],
    [undefined, 2],
    [undefined, 2],
  ]);
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
