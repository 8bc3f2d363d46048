import type { Temporality } from '../../pipeline/telemetry.ts';
import type { Database, SqlRow, Statement } from '../sqlite-database.ts';
import type { StoredSeries } from '../telemetry-store.ts';

/** Rows of runs and series of one shard. */
export class RunTable {
  readonly #findRun: Statement;
  readonly #findRuns: Statement;
  readonly #insertRun: Statement;
  readonly #runOfSeries: Statement;
  readonly #seriesOfRun: Statement;
  readonly #namedSeries: Statement;
  readonly #seriesNames: Statement;
  readonly #insertSeries: Statement;
  readonly #lastSeries: Statement;
  readonly #deletes: readonly Statement[];

  constructor(database: Database) {
    this.#findRun = database.prepare('SELECT number FROM run WHERE id = ?');
    this.#findRuns = database.prepare('SELECT id, number FROM run WHERE id IN (SELECT value FROM json_each(?))');
    this.#insertRun = database.prepare('INSERT INTO run (id) VALUES (?)');
    this.#runOfSeries = database.prepare(
      'SELECT run.id FROM series JOIN run ON run.number = series.run WHERE series.id = ?',
    );
    this.#seriesOfRun = database.prepare('SELECT * FROM series WHERE run = ? ORDER BY id');
    this.#namedSeries = database.prepare(
      'SELECT * FROM series WHERE run = ? AND display_name IN (SELECT value FROM json_each(?)) ORDER BY id',
    );
    this.#seriesNames = database.prepare(
      `SELECT DISTINCT s.display_name FROM json_each(?) asked CROSS JOIN run r ON r.id = asked.value
         CROSS JOIN series s ON s.run = r.number`,
    );
    this.#insertSeries = database.prepare('INSERT INTO series VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.#lastSeries = database.prepare('SELECT max(id) AS id FROM series');
    this.#deletes = [
      'DELETE FROM chunk_points WHERE id IN (SELECT points FROM chunk WHERE series IN (SELECT id FROM series WHERE run = ?))',
      'DELETE FROM chunk_time WHERE series IN (SELECT id FROM series WHERE run = ?)',
      'DELETE FROM chunk WHERE series IN (SELECT id FROM series WHERE run = ?)',
      'DELETE FROM event WHERE run = ?',
      'DELETE FROM span WHERE run = ?',
      'DELETE FROM writer WHERE run = ?',
      'DELETE FROM metric_array WHERE run = ?',
      'DELETE FROM series WHERE run = ?',
      'DELETE FROM run WHERE number = ?',
    ].map((sql) => database.prepare(sql));
  }

  findRun(id: string): number | undefined {
    const number = this.#findRun.get(id)?.['number'];
    return number === undefined ? undefined : Number(number);
  }

  /** Numbers of those that are there. */
  findRuns(ids: readonly string[]): ReadonlyMap<string, number> {
    if (ids.length === 0) return new Map();
    const rows = this.#findRuns.arrays(JSON.stringify(ids));
    return new Map(rows.map(([id, number]) => [id as string, Number(number)]));
  }

  /** Number of the run, which is added when it is not there. */
  run(id: string): number {
    const known = this.findRun(id);
    if (known !== undefined) return known;
    this.#insertRun.run(id);
    return this.findRun(id) as number;
  }

  runOfSeries(series: number): string | undefined {
    return this.#runOfSeries.get(series)?.['id'] as string | undefined;
  }

  seriesOf(run: number): StoredSeries[] {
    return this.#seriesOfRun.all(run).map(readSeries);
  }

  /** Those with one of the display names. */
  seriesNamed(run: number, names: Iterable<string>): StoredSeries[] {
    return this.#namedSeries.all(run, JSON.stringify([...names])).map(readSeries);
  }

  /** Display names of the series of some runs, each once. */
  seriesNames(runIds: readonly string[]): string[] {
    return this.#seriesNames.arrays(JSON.stringify(runIds)).map(([name]) => name as string);
  }

  insertSeries(run: number, series: StoredSeries): void {
    const { definition } = series;
    this.#insertSeries.run(
      series.id,
      run,
      definition.name,
      definition.displayName,
      JSON.stringify(definition.attributes),
      definition.unit,
      definition.temporality,
      series.instance,
    );
  }

  /** Greatest id of a series; 0 = none. */
  get lastSeries(): number {
    return Number(this.#lastSeries.get()?.['id'] ?? 0);
  }

  delete(run: number): void {
    for (const statement of this.#deletes) statement.run(run);
  }
}

function readSeries(row: SqlRow): StoredSeries {
  return {
    id: Number(row['id']),
    instance: row['instance'] as string,
    definition: {
      name: row['name'] as string,
      displayName: row['display_name'] as string,
      attributes: JSON.parse(row['attributes'] as string) as [string, string][],
      unit: row['unit'] as string,
      temporality: row['temporality'] as Temporality,
    },
  };
}
