import type { LastValue, LastValueStore, RunNumber } from '../last-value-store.ts';
import { type Database, prepareAll, type Statement } from '../sqlite-database.ts';

/** Values that are forgotten in one step. */
const FORGET_A_STEP = 2_000;

/** What is not a number is NULL. Lists read these rows without a look at the runs: only a run that is there has any. */
const SCHEMA = `
  ATTACH ':memory:' AS memory;
  CREATE TABLE memory.last_value (number TEXT, run TEXT, value REAL, created INTEGER NOT NULL, PRIMARY KEY (number, run)) WITHOUT ROWID;
  CREATE INDEX memory.last_value_order ON last_value (number, value, created);
`;

const QUERIES = {
  runsAfter: 'SELECT id FROM run INDEXED BY run_list WHERE id > ? ORDER BY id LIMIT ?',
  put: `INSERT OR REPLACE INTO memory.last_value (number, run, value, created)
    SELECT ?1, id, ?3, created FROM run INDEXED BY run_list WHERE id = ?2`,
  remove: 'DELETE FROM memory.last_value WHERE number = ? AND run = ?',
  forget: `DELETE FROM memory.last_value WHERE number = ?1
    AND run IN (SELECT run FROM memory.last_value WHERE number = ?1 LIMIT ${FORGET_A_STEP})`,
  forgetRuns: `DELETE FROM memory.last_value WHERE number IN (SELECT value FROM json_each(?1))
    AND run IN (SELECT value FROM json_each(?2))`,
  pages: 'PRAGMA memory.page_count',
  freePages: 'PRAGMA memory.freelist_count',
  pageBytes: 'PRAGMA memory.page_size',
} as const;

/** A table in memory that the connection of the catalogue sees beside its own. */
export class SqliteLastValues implements LastValueStore {
  readonly #database: Database;
  readonly #statements: Readonly<Record<keyof typeof QUERIES, Statement>>;
  readonly #numbers = new Set<RunNumber>();

  constructor(database: Database) {
    database.exec(SCHEMA);
    this.#database = database;
    this.#statements = prepareAll(database, QUERIES);
  }

  runsAfter(runId: string, count: number): readonly string[] {
    return this.#statements.runsAfter.arrays(runId, count).map(([id]) => id as string);
  }

  put(number: RunNumber, values: readonly LastValue[]): void {
    this.#numbers.add(number);
    this.#database.transaction(() => {
      for (const { runId, value } of values) {
        if (value === undefined) this.#statements.remove.run(number, runId);
        else this.#statements.put.run(number, runId, Number.isNaN(value) ? null : value);
      }
    });
  }

  get sizeBytes(): number {
    const { pages, freePages, pageBytes } = this.#statements;
    const [all, free, bytes] = [pages, freePages, pageBytes].map((statement) => Number(statement.arrays()[0]?.[0]));
    return ((all as number) - (free as number)) * (bytes as number);
  }

  forget(number: RunNumber): boolean {
    this.#numbers.delete(number);
    return this.#statements.forget.run(number).changes > 0;
  }

  /** @param ids - a JSON list. */
  forgetRuns(ids: string): void {
    if (this.#numbers.size > 0) this.#statements.forgetRuns.run(JSON.stringify([...this.#numbers]), ids);
  }
}
