import { randomId } from '../../pipeline/run-id.ts';
import type { GridRow, GridStore, RunGrid } from '../grid-store.ts';
import { type Database, prepareAll, type SqlRow, type Statement } from '../sqlite-database.ts';

const QUERIES = {
  get: 'SELECT * FROM grid WHERE id = ?',
  insert: 'INSERT INTO grid (id, name, grid, labels, user, created) VALUES (?, ?, ?, ?, ?, ?)',
  remove: 'DELETE FROM grid WHERE id = ?',
  unassign: 'DELETE FROM run_grid WHERE grid = ?',
  assign: 'INSERT OR REPLACE INTO run_grid (run, metric, grid) VALUES (?, ?, ?)',
  ofRun: 'SELECT g.*, r.metric FROM run_grid r JOIN grid g ON g.id = r.grid WHERE r.run = ? ORDER BY r.metric',
  forgetRuns: 'DELETE FROM run_grid WHERE run IN (SELECT value FROM json_each(?))',
} as const;

/** Grids in the catalogue. */
export class SqliteGrids implements GridStore {
  readonly #database: Database;
  readonly #now: () => bigint;
  readonly #statements: Readonly<Record<keyof typeof QUERIES, Statement>>;

  constructor(database: Database, nowUnixNano: () => bigint) {
    this.#database = database;
    this.#now = nowUnixNano;
    this.#statements = prepareAll(database, QUERIES);
  }

  async get(id: string): Promise<GridRow | undefined> {
    const row = this.#statements.get.get(id);
    return row === undefined ? undefined : readGrid(row);
  }

  async create({ name, ticks, labels, user }: Parameters<GridStore['create']>[0]): Promise<string> {
    const id = randomId();
    this.#statements.insert.run(id, name, JSON.stringify(ticks), JSON.stringify(labels), user, this.#now());
    return id;
  }

  async remove(id: string): Promise<void> {
    this.#database.transaction(() => {
      this.#statements.remove.run(id);
      this.#statements.unassign.run(id);
    });
  }

  async assign(runId: string, metric: string, gridId: string): Promise<void> {
    this.#statements.assign.run(runId, metric, gridId);
  }

  async ofRun(runId: string): Promise<readonly RunGrid[]> {
    return this.#statements.ofRun.all(runId).map((row) => ({ grid: readGrid(row), metric: row['metric'] as string }));
  }

  /** Part of the transaction that deletes runs. @param ids - a JSON list. */
  forgetRuns(ids: string): void {
    this.#statements.forgetRuns.run(ids);
  }
}

/** @param row - read with `bigints`. */
function readGrid(row: SqlRow): GridRow {
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    ticks: JSON.parse(row['grid'] as string) as number[][],
    labels: JSON.parse(row['labels'] as string) as string[],
    user: row['user'] as string,
    createdUnixNano: row['created'] as bigint,
  };
}
