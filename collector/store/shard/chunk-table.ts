import { SimvueError } from 'simvue-otel/errors';
import type { Database, SqlValue, Statement } from '../sqlite-database.ts';
import { decodeRecords, encodeRecord, type StoredChunk } from './chunk-record.ts';

/** Where a stored chunk lies in time. */
export interface ChunkTimes {
  readonly number: number;
  readonly firstTimeUnixNano: bigint;
  readonly lastTimeUnixNano: bigint;
}

/** All records of a series as one value: a row costs ten times what its bytes do. The text between is only a word for bytes. */
const RECORDS = "SELECT CAST(group_concat(CAST(record AS TEXT), '') AS BLOB) FROM chunk";

/** Rows of chunks of one shard. */
export class ChunkTable {
  readonly #insertPoints: Statement;
  readonly #insert: Statement;
  readonly #insertTime: Statement;
  readonly #ofSeries: Statement;
  readonly #ofRun: Statement;
  readonly #points: Statement;
  readonly #overlapping: Statement;
  readonly #deletes: readonly Statement[];

  constructor(database: Database) {
    // libsql takes a blob that is the only parameter for a map of names.
    this.#insertPoints = database.prepare('INSERT INTO chunk_points (id, points) VALUES (?, ?)');
    this.#insert = database.prepare(
      'INSERT INTO chunk (series, number, record, points) VALUES (?, ?, ?, last_insert_rowid())',
    );
    this.#insertTime = database.prepare('INSERT INTO chunk_time VALUES (?, ?, ?, ?)');
    this.#ofSeries = database.prepare(`${RECORDS} WHERE series = ?`);
    this.#ofRun = database.prepare(`SELECT id, (${RECORDS} WHERE series = s.id) FROM series s WHERE run = ?`);
    this.#points = database.prepare(
      'SELECT p.points FROM chunk c JOIN chunk_points p ON p.id = c.points WHERE c.series = ? AND c.number = ?',
    );
    this.#overlapping = database.prepare(
      'SELECT number, first_time, last_time FROM chunk_time WHERE series = ? AND first_time BETWEEN ? AND ? AND last_time >= ? ORDER BY number',
      { bigints: true },
    );
    this.#deletes = [
      'DELETE FROM chunk_points WHERE id = (SELECT points FROM chunk WHERE series = ? AND number = ?)',
      'DELETE FROM chunk_time WHERE series = ? AND number = ?',
      'DELETE FROM chunk WHERE series = ? AND number = ?',
    ].map((sql) => database.prepare(sql));
  }

  delete(series: number, number: number): void {
    for (const statement of this.#deletes) statement.run(series, number);
  }

  insert(series: number, chunk: StoredChunk, points: Buffer): void {
    const { number, summary } = chunk;
    this.#insertPoints.run(null, points);
    this.#insert.run(series, number, encodeRecord(chunk));
    this.#insertTime.run(series, summary.firstTimeUnixNano, summary.lastTimeUnixNano, number);
  }

  /** Chunks of a series by number. */
  ofSeries(series: number): StoredChunk[] {
    return readRecords(this.#ofSeries.arrays(series)[0]?.[0]);
  }

  /** Chunks of each series of a run, by number. */
  ofRun(run: number): ReadonlyMap<number, StoredChunk[]> {
    return new Map(this.#ofRun.arrays(run).map(([series, records]) => [Number(series), readRecords(records)]));
  }

  points(series: number, number: number): Buffer {
    const points = this.#points.get(series, number)?.['points'];
    if (!Buffer.isBuffer(points)) {
      throw new SimvueError('SIMVUE_ERR_STORE', `chunk ${number} of series ${series} is missing`);
    }
    return points;
  }

  /**
   * The chunks that may hold a point between two times.
   *
   * @param longestNano - no chunk of the series spans more than this.
   */
  overlapping(series: number, from: bigint, to: bigint, longestNano: bigint): ChunkTimes[] {
    return this.#overlapping.all(series, from - longestNano, to, from).map((row) => ({
      number: Number(row['number']),
      firstTimeUnixNano: row['first_time'] as bigint,
      lastTimeUnixNano: row['last_time'] as bigint,
    }));
  }
}

/** @param records - null when there is no chunk. */
function readRecords(records: SqlValue | undefined): StoredChunk[] {
  return decodeRecords((records ?? Buffer.alloc(0)) as Buffer).sort((a, b) => a.number - b.number);
}
