import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoredChunk } from '../../../../collector/store/shard/chunk-record.ts';
import { ChunkTable } from '../../../../collector/store/shard/chunk-table.ts';
import { SHARD_MIGRATIONS } from '../../../../collector/store/shard/shard-schema.ts';
import { openDatabase } from '../../../../collector/store/sqlite-database.ts';
import { memoryDirectory } from '../../../support/memory-directory.ts';

const MOST = 2 ** 32 - 1;
const time = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const count = fc.nat({ max: MOST });

/** Numbers of an axis that no point is on, that all count on, and any. */
const axes = fc.constantFrom(fc.constant(Number.NaN), count, fc.oneof(fc.double(), count));

const chunk = fc.tuple(axes, axes).chain(([step, runTime]) => {
  const place = fc.record({ timeUnixNano: time, step, runTime });
  const summary = fc.record({
    ...{ count, finiteCount: count, firstTimeUnixNano: time, lastTimeUnixNano: time },
    ...{ min: fc.double(), max: fc.double(), sum: fc.double(), minPlace: place, maxPlace: place, last: fc.double() },
    ...{ lastStep: step, stepLow: step, stepHigh: step },
    ...{ lastRunTime: runTime, runTimeLow: runTime, runTimeHigh: runTime },
  });
  return fc.record<StoredChunk>({ number: count, summary, sequence: fc.maxSafeNat(), sequencePoints: count });
});

test('chunks of a series come back from the table bit for bit, by number', () => {
  const directory = memoryDirectory('shard-');
  const database = openDatabase(join(directory, 'points-0.db'), SHARD_MIGRATIONS);
  database.exec("INSERT INTO series SELECT 1, 7, '', '', '', '', '', '' UNION SELECT 2, 7, '', '', '', '', '', ''");
  const table = new ChunkTable(database);
  try {
    fc.assert(
      fc.property(fc.uniqueArray(chunk, { selector: ({ number }) => number, maxLength: 8 }), (chunks) => {
        for (const one of chunks) table.insert(1, one, Buffer.alloc(1));
        const expected = chunks.toSorted((a, b) => a.number - b.number);
        expect(table.ofSeries(1)).toEqual(expected);
        expect([...table.ofRun(7)]).toEqual([
          [1, expected],
          [2, []],
        ]);
        for (const { number } of chunks) table.delete(1, number);
        expect([table.ofSeries(1), table.overlapping(1, 0n, 0n, 2n ** 63n - 1n)]).toEqual([[], []]);
      }),
    );
  } finally {
    database.close();
    rmSync(directory, { recursive: true });
  }
});
