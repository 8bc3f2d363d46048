import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import type { MetricArray } from '../../pipeline/metric-array.ts';
import { type ArraySummary, MAX_ARRAY_STEPS } from '../array-store.ts';
import type { Database, SqlRow, Statement } from '../sqlite-database.ts';

const HASH_BYTES = 8;
const COMPRESSION = { level: 1 } as const;

/** Rows of arrays: the same metric, step, time and values are one row. */
export class ArrayTable {
  readonly #insert: Statement;
  readonly #at: Statement;
  readonly #steps: Statement;
  readonly #summaries: Statement;

  constructor(database: Database) {
    this.#insert = database.prepare('INSERT OR IGNORE INTO metric_array VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.#at = database.prepare(
      'SELECT * FROM metric_array WHERE run = ? AND metric = ? AND step = ? ORDER BY time DESC, hash LIMIT 1',
      { bigints: true },
    );
    this.#steps = database.prepare(
      `SELECT DISTINCT step FROM metric_array WHERE run = ? AND metric = ? ORDER BY step LIMIT ${MAX_ARRAY_STEPS}`,
    );
    this.#summaries = database.prepare(
      `SELECT metric, count(*) AS count, min(step) AS min_step, max(step) AS max_step, min(run_time) AS min_run_time,
         max(run_time) AS max_run_time, min(time) AS first_time, max(time) AS last_time
       FROM metric_array WHERE run = ? GROUP BY metric ORDER BY metric`,
      { bigints: true },
    );
  }

  insert(run: number, array: MetricArray): void {
    const { metric, step, timeUnixNano, runTimeSeconds, shape, values } = array;
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const hash = createHash('sha256').update(bytes).digest().subarray(0, HASH_BYTES);
    const compressed = deflateSync(bytes, COMPRESSION);
    this.#insert.run(run, metric, step, timeUnixNano, hash, runTimeSeconds, JSON.stringify(shape), compressed);
  }

  at(run: number, metric: string, step: number): MetricArray | undefined {
    const row = this.#at.get(run, metric, step);
    return row === undefined ? undefined : readArray(row);
  }

  steps(run: number, metric: string): number[] {
    return this.#steps.arrays(run, metric).map(([step]) => Number(step));
  }

  summaries(run: number): ArraySummary[] {
    return this.#summaries.all(run).map((row) => ({
      metric: row['metric'] as string,
      count: Number(row['count']),
      minStep: Number(row['min_step']),
      maxStep: Number(row['max_step']),
      minRunTimeSeconds: Number(row['min_run_time']),
      maxRunTimeSeconds: Number(row['max_run_time']),
      firstTimeUnixNano: row['first_time'] as bigint,
      lastTimeUnixNano: row['last_time'] as bigint,
    }));
  }
}

/** @param row - read with `bigints`. */
function readArray(row: SqlRow): MetricArray {
  const bytes = inflateSync(row['data'] as Buffer);
  return {
    metric: row['metric'] as string,
    timeUnixNano: row['time'] as bigint,
    step: Number(row['step']),
    runTimeSeconds: Number(row['run_time']),
    shape: JSON.parse(row['shape'] as string) as number[],
    values: new Float64Array(new Uint8Array(bytes).buffer),
  };
}
