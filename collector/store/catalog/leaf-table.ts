import { unmarked } from '../../pipeline/non-finite.ts';
import type { AttributeValue } from '../../pipeline/telemetry.ts';
import type { Database, SqlParameter, Statement } from '../sqlite-database.ts';

/** Longest text of a value in the index; longer ones are found by their beginning. */
export const INDEXED_CHARACTERS = 1_000;

/** The leaves of a JSON column by dotted path, as rows, so that filters use indexes. */
export class LeafTable {
  readonly #insert: Statement;
  readonly #delete: Statement;
  readonly #aliases: ReadonlyMap<string, string>;

  /**
   * @param table - with the columns key, text, number, created and `owner`; one row a key and owner.
   * @param aliases - second names of some keys, for owners that have nothing else of that name.
   */
  constructor(database: Database, table: string, owner: string, aliases: Readonly<Record<string, string>> = {}) {
    this.#aliases = new Map(Object.entries(aliases));
    this.#insert = database.prepare(
      `INSERT OR IGNORE INTO ${table} (key, text, number, created, ${owner}) VALUES (?, ?, ?, ?, ?)`,
    );
    this.#delete = database.prepare(`DELETE FROM ${table} WHERE ${owner} = ?`);
  }

  /** @param createdUnixNano - of the owner: lists are in its order. */
  replace(owner: string, root: AttributeValue, createdUnixNano: bigint): void {
    this.#delete.run(owner);
    const found = [...leaves(root, [])].sort((a, b) => a.path.length - b.path.length);
    for (const leaf of found) this.#put(leaf.path.join('.'), leaf, createdUnixNano, owner);
    for (const leaf of found) {
      const alias = this.#aliases.get(leaf.path.join('.'));
      if (alias !== undefined) this.#put(alias, leaf, createdUnixNano, owner);
    }
  }

  #put(key: string, { text, number }: Leaf, createdUnixNano: bigint, owner: string): void {
    this.#insert.run(key, text.slice(0, INDEXED_CHARACTERS), number, createdUnixNano, owner);
  }
}

interface Leaf {
  readonly path: readonly string[];
  readonly text: string;
  readonly number: SqlParameter;
}

/** A literal key `a.b` and a path `a` → `b` have the same name; the shorter path, the literal key, wins. An object exists, too. */
function* leaves(value: AttributeValue, path: readonly string[]): Generator<Leaf> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, child] of Object.entries(value)) yield* leaves(child, [...path, key]);
    if (path.length === 0) return;
  }
  const text = typeof value === 'string' ? unmarked(value) : JSON.stringify(value);
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number.parseFloat(value) : Number.NaN;
  yield { path, text, number: Number.isFinite(number) && String(number) === text ? number : null };
}
