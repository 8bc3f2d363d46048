import type { CompiledQuery } from 'kysely';
import type { Database, SqlParameter, SqlRow, SqlValue, Statement } from '../sqlite-database.ts';

/** Texts of filters and sortings are asked again and again; those that were not for the longest time are forgotten. */
const MAX_PREPARED = 128;

/** Runs compiled queries of lists, each text prepared once. */
export class ListReader {
  readonly #database: Database;
  readonly #prepared = new Map<string, Statement>();

  constructor(database: Database) {
    this.#database = database;
  }

  rows(query: CompiledQuery): SqlRow[] {
    return this.#prepare(query).all(...parametersOf(query));
  }

  arrays(query: CompiledQuery): SqlValue[][] {
    return this.#prepare(query).arrays(...parametersOf(query));
  }

  /** The one number that a query answers. */
  count(query: CompiledQuery): number {
    return Number(this.arrays(query)[0]?.[0] ?? 0);
  }

  #prepare({ sql }: CompiledQuery): Statement {
    const statement = this.#prepared.get(sql) ?? this.#database.prepare(sql, { bigints: true });
    this.#prepared.delete(sql);
    this.#prepared.set(sql, statement);
    const [oldest] = this.#prepared.keys();
    if (this.#prepared.size > MAX_PREPARED && oldest !== undefined) this.#prepared.delete(oldest);
    return statement;
  }
}

const parametersOf = ({ parameters }: CompiledQuery): readonly SqlParameter[] => parameters as readonly SqlParameter[];
