import { SimvueError } from 'simvue-otel/errors';
import type { Database, SqlValue, Statement } from '../sqlite-database.ts';
import type { ChunkSummary } from './chunk-summary.ts';

/** A chunk as it lies in the table, without its points. */
export interface StoredChunk {
  readonly number: number;
  readonly summary: ChunkSummary;
  /** Newest request with a point in the chunk, and how many of its points of this series were read by then (replay key). */
  readonly sequence: number;
  readonly sequencePoints: number;
}

/** Where a stored chunk lies in time. */
export interface ChunkTimes {
  readonly number: number;
  readonly firstTimeUnixNano: bigint;
  readonly lastTimeUnixNano: bigint;
}

const SUMMARY_COLUMNS =
  'number, count, first_time, last_time, finite_count, min, max, sum, min_time, min_step, min_run_time, max_time, max_step, max_run_time, ' +
  'last, last_step, last_run_time, step_low, step_high, run_time_low, run_time_high, sequence, sequence_points';

/** Rows of chunks of one shard. */
export class ChunkTable {
  readonly #insertPoints: Statement;
  readonly #insert: Statement;
  readonly #summaries: Statement;
  readonly #points: Statement;
  readonly #overlapping: Statement;
  readonly #deletePoints: Statement;
  readonly #delete: Statement;

  constructor(database: Database) {
    const bigints = { bigints: true };
    // libsql takes a blob that is the only parameter for a map of names.
    this.#insertPoints = database.prepare('INSERT INTO chunk_points (id, points) VALUES (?, ?)');
    this.#insert = database.prepare(
      `INSERT INTO chunk (series, ${SUMMARY_COLUMNS}, points) VALUES (${'?, '.repeat(24)}last_insert_rowid())`,
    );
    this.#summaries = database.prepare(
      `SELECT ${SUMMARY_COLUMNS} FROM chunk WHERE series = ? ORDER BY number`,
      bigints,
    );
    this.#points = database.prepare(
      'SELECT p.points FROM chunk c JOIN chunk_points p ON p.id = c.points WHERE c.series = ? AND c.number = ?',
    );
    this.#overlapping = database.prepare(
      'SELECT number, first_time, last_time FROM chunk WHERE series = ? AND first_time BETWEEN ? AND ? AND last_time >= ? ORDER BY number',
      bigints,
    );
    this.#deletePoints = database.prepare(
      'DELETE FROM chunk_points WHERE id = (SELECT points FROM chunk WHERE series = ? AND number = ?)',
    );
    this.#delete = database.prepare('DELETE FROM chunk WHERE series = ? AND number = ?');
  }

  delete(series: number, number: number): void {
    this.#deletePoints.run(series, number);
    this.#delete.run(series, number);
  }

  insert(series: number, chunk: StoredChunk, points: Buffer): void {
    const { summary } = chunk;
    this.#insertPoints.run(null, points);
    this.#insert.run(
      series,
      chunk.number,
      summary.count,
      summary.firstTimeUnixNano,
      summary.lastTimeUnixNano,
      summary.finiteCount,
      orNull(summary.min),
      orNull(summary.max),
      summary.sum,
      summary.minPlace.timeUnixNano,
      orNull(summary.minPlace.step),
      orNull(summary.minPlace.runTime),
      summary.maxPlace.timeUnixNano,
      orNull(summary.maxPlace.step),
      orNull(summary.maxPlace.runTime),
      doubleBytes(summary.last),
      orNull(summary.lastStep),
      orNull(summary.lastRunTime),
      orNull(summary.stepLow),
      orNull(summary.stepHigh),
      orNull(summary.runTimeLow),
      orNull(summary.runTimeHigh),
      chunk.sequence,
      chunk.sequencePoints,
    );
  }

  /** Chunks of a series by number. */
  summaries(series: number): StoredChunk[] {
    return this.#summaries.arrays(series).map(readChunk);
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

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function orNaN(value: SqlValue | undefined): number {
  return value === null || value === undefined ? Number.NaN : Number(value);
}

function doubleBytes(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleLE(value);
  return bytes;
}
