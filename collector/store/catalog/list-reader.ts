import type { Sql } from 'sql-template-tag';
import type { Database, SqlParameter, SqlRow, SqlValue, Statement } from '../sqlite-database.ts';

/** Texts of filters and sortings are asked again and again; those that were not for the longest time are forgotten. */
const MAX_PREPARED = 128;

/** Runs queries of lists, each text prepared once. */
export class ListReader {
  readonly #database: Database;
  readonly #prepared = new Map<string, Statement>();

  constructor(database: Database) {
    this.#database = database;
  }

  rows(query: Sql): SqlRow[] {
    return this.#prepare(query).all(...(query.values as SqlParameter[]));
  }

  arrays(query: Sql): SqlValue[][] {
    return this.#prepare(query).arrays(...(query.values as SqlParameter[]));
  }

  /** The one number that a query answers. */
  count(query: Sql): number {
    return Number(this.arrays(query)[0]?.[0] ?? 0);
  }

  #prepare({ sql: text }: Sql): Statement {
    const statement = this.#prepared.get(text) ?? this.#database.prepare(text, { bigints: true });
    this.#prepared.delete(text);
    this.#prepared.set(text, statement);
    const [oldest] = this.#prepared.keys();
    if (this.#prepared.size > MAX_PREPARED && oldest !== undefined) this.#prepared.delete(oldest);
    return statement;
  }
}
