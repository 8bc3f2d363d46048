import { unmarked } from '../../pipeline/non-finite.ts';
import type { AttributeValue } from '../../pipeline/telemetry.ts';
import type { Database, SqlParameter, Statement } from '../sqlite-database.ts';

/** Longest text of a value in the index; longer ones are found by their beginning. */
export const INDEXED_CHARACTERS = 1_000;

/** The leaves of a JSON column by dotted path, as rows, so that filters use indexes. */
export class LeafTable {
  readonly #insert: Statement;
  readonly #delete: Statement;

  /** @param table - with the columns key, text, number and `owner`. */
  constructor(database: Database, table: string, owner: string) {
    this.#insert = database.prepare(`INSERT OR IGNORE INTO ${table} (key, text, number, ${owner}) VALUES (?, ?, ?, ?)`);
    this.#delete = database.prepare(`DELETE FROM ${table} WHERE ${owner} = ?`);
  }

  replace(owner: string, root: AttributeValue): void {
    this.#delete.run(owner);
    for (const [key, text, number] of leaves(root, '')) {
      this.#insert.run(key, text.slice(0, INDEXED_CHARACTERS), number, owner);
    }
  }
}

/** A literal key `a.b` and a path `a` → `b` have the same name. */
function* leaves(
  value: AttributeValue,
  path: string,
): Generator<readonly [key: string, text: string, number: SqlParameter]> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, child] of Object.entries(value)) yield* leaves(child, path === '' ? key : `${path}.${key}`);
    return;
  }
  const text = typeof value === 'string' ? unmarked(value) : JSON.stringify(value);
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number.parseFloat(value) : Number.NaN;
  yield [path, text, Number.isFinite(number) && String(number) === text ? number : null];
}
