import type { Database, SqlValue } from '../sqlite-database.ts';
import { encodeRecord, type StoredChunk } from './chunk-record.ts';

const SUMMARY_COLUMNS =
  'number, count, first_time, last_time, finite_count, min, max, sum, min_time, min_step, min_run_time, max_time, max_step, max_run_time, ' +
  'last, last_step, last_run_time, step_low, step_high, run_time_low, run_time_high, sequence, sequence_points';

/** Rows of chunks with a column a number become rows with a record of bytes; their places in time are a table of their own. */
export function packSummaries(database: Database): void {
  database.exec(`
    DROP INDEX chunk_time;
    ALTER TABLE chunk RENAME TO old_chunk;
    CREATE TABLE chunk (
      series INTEGER NOT NULL, number INTEGER NOT NULL, record BLOB NOT NULL, points INTEGER NOT NULL,
      PRIMARY KEY (series, number)
    ) WITHOUT ROWID;
    CREATE TABLE chunk_time (
      series INTEGER NOT NULL, first_time INTEGER NOT NULL, last_time INTEGER NOT NULL, number INTEGER NOT NULL,
      PRIMARY KEY (series, first_time, last_time, number)
    ) WITHOUT ROWID;
    INSERT INTO chunk_time SELECT series, first_time, last_time, number FROM old_chunk;
  `);
  const insert = database.prepare('INSERT INTO chunk (series, number, record, points) VALUES (?, ?, ?, ?)');
  const rows = database.prepare(`SELECT ${SUMMARY_COLUMNS}, points FROM old_chunk WHERE series = ? ORDER BY number`, {
    bigints: true,
  });
  for (const [series] of database.prepare('SELECT DISTINCT series FROM old_chunk').arrays()) {
    for (const row of rows.arrays(series as number)) {
      const chunk = readChunk(row);
      insert.run(series as number, chunk.number, encodeRecord(chunk), row.at(-1) as bigint);
    }
  }
  database.exec('DROP TABLE old_chunk');
}

/** @param row - {@link SUMMARY_COLUMNS} */
function readChunk(row: readonly SqlValue[]): StoredChunk {
  return {
    number: Number(row[0]),
    summary: {
      count: Number(row[1]),
      firstTimeUnixNano: row[2] as bigint,
      lastTimeUnixNano: row[3] as bigint,
      finiteCount: Number(row[4]),
      min: orNaN(row[5]),
      max: orNaN(row[6]),
      sum: Number(row[7]),
      minPlace: placeOf(row[8], row[9], row[10]),
      maxPlace: placeOf(row[11], row[12], row[13]),
      last: (row[14] as Buffer).readDoubleLE(),
      lastStep: orNaN(row[15]),
      lastRunTime: orNaN(row[16]),
      stepLow: orNaN(row[17]),
      stepHigh: orNaN(row[18]),
      runTimeLow: orNaN(row[19]),
      runTimeHigh: orNaN(row[20]),
    },
    sequence: Number(row[21]),
    sequencePoints: Number(row[22]),
  };
}

function placeOf(time: SqlValue | undefined, step: SqlValue | undefined, runTime: SqlValue | undefined) {
  return { timeUnixNano: time as bigint, step: orNaN(step), runTime: orNaN(runTime) };
}

function orNaN(value: SqlValue | undefined): number {
  return value === null || value === undefined ? Number.NaN : Number(value);
}
