import { createHash } from 'node:crypto';
import { randomId } from '../../pipeline/run-id.ts';
import type { Database, SqlRow, Statement } from '../sqlite-database.ts';
import type { TagListQuery, TagRow, TagStore } from '../tag-store.ts';
import { runsOf } from './count-schema.ts';

const COLUMNS = `*, ${runsOf('tag', 'tag.name')} AS runs`;

/** Rows of tags; one is made for each name that a run or a folder is given. */
export class TagTable implements TagStore {
  readonly #database: Database;
  readonly #now: () => bigint;
  readonly #statements: Readonly<
    Record<'total' | 'get' | 'named' | 'insert' | 'change' | 'remove' | 'runs', Statement>
  >;

  constructor(database: Database, nowUnixNano: () => bigint) {
    this.#database = database;
    this.#now = nowUnixNano;
    this.#statements = {
      total: database.prepare('SELECT count(*) AS total FROM tag'),
      get: database.prepare(`SELECT ${COLUMNS} FROM tag WHERE id = ?`, { bigints: true }),
      named: database.prepare('SELECT id FROM tag WHERE name = ?'),
      insert: database.prepare(
        'INSERT OR IGNORE INTO tag (id, name, colour, description, user, created) VALUES (?, ?, ?, ?, ?, ?)',
      ),
      change: database.prepare('UPDATE OR IGNORE tag SET name = ?, colour = ?, description = ? WHERE id = ?'),
      remove: database.prepare('DELETE FROM tag WHERE id = ?'),
      runs: database.prepare('SELECT run FROM run_tag WHERE tag = ?'),
    };
  }

  /** Makes the tags that are not there. */
  ensure(names: readonly string[], user: string): void {
    for (const name of names) if (this.#named(name) === undefined) this.#insert(name, colourOf(name), null, user);
  }

  async list({ sort, start, count }: TagListQuery) {
    const order = sort.map(({ column, descending }) => `${column} ${descending ? 'DESC' : 'ASC'}`);
    const page = `SELECT ${COLUMNS} FROM tag ORDER BY ${[...order, 'name'].join(', ')} LIMIT ? OFFSET ?`;
    const rows = this.#database.prepare(page, { bigints: true }).all(count > 0 ? count : -1, start);
    return { count: Number(this.#statements.total.get()?.['total'] ?? 0), tags: rows.map(readTag) };
  }

  async get(id: string): Promise<TagRow | undefined> {
    const row = this.#statements.get.get(id);
    return row === undefined ? undefined : readTag(row);
  }

  async create({ name, colour, description, user }: Parameters<TagStore['create']>[0]) {
    const known = this.#named(name);
    if (known !== undefined) return { id: known, isNew: false };
    return { id: this.#insert(name, colour ?? colourOf(name), description ?? null, user), isNew: true };
  }

  async change(id: string, { name, colour, description }: Parameters<TagStore['change']>[1]): Promise<boolean> {
    const row = await this.get(id);
    if (row === undefined) return false;
    const text = description === undefined ? row.description : description;
    return this.#statements.change.run(name ?? row.name, colour ?? row.colour, text, id).changes > 0;
  }

  async remove(id: string): Promise<void> {
    this.#statements.remove.run(id);
  }

  async runIds(name: string): Promise<readonly string[]> {
    return this.#statements.runs.all(name).map((row) => row['run'] as string);
  }

  #named(name: string): string | undefined {
    return this.#statements.named.get(name)?.['id'] as string | undefined;
  }

  #insert(name: string, colour: string, description: string | null, user: string): string {
    const id = randomId();
    this.#statements.insert.run(id, name, colour, description, user, this.#now());
    return id;
  }
}

/** @param row - read with `bigints`. */
function readTag(row: SqlRow): TagRow {
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    colour: row['colour'] as string,
    description: row['description'] as string | null,
    user: row['user'] as string,
    createdUnixNano: row['created'] as bigint,
    runs: Number(row['runs']),
  };
}

/** `#rrggbb` that follows from the name. */
function colourOf(name: string): string {
  return `#${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;
}
