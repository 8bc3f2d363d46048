import { createHash } from 'node:crypto';
import sql, { raw, type Sql } from 'sql-template-tag';
import { randomId } from '../../pipeline/run-id.ts';
import type { Reader } from '../../pipeline/visibility.ts';
import type { Database, SqlRow, Statement } from '../sqlite-database.ts';
import type { TagListQuery, TagRow, TagStore } from '../tag-store.ts';
import { runsOf } from './count-schema.ts';
import { ListReader } from './list-reader.ts';
import { readableTags, readableTotal } from './reach.ts';

const COLUMNS = `*, ${runsOf('tag', 'tag.name')} AS runs`;

/** Rows of tags; one is made for each name that a run or a folder is given. */
export class TagTable implements TagStore {
  readonly #lists: ListReader;
  readonly #now: () => bigint;
  readonly #statements: Readonly<Record<'get' | 'named' | 'insert' | 'change' | 'remove' | 'runs', Statement>>;

  constructor(database: Database, nowUnixNano: () => bigint) {
    this.#lists = new ListReader(database);
    this.#now = nowUnixNano;
    this.#statements = {
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

  async list({ sort, start, count, reader }: TagListQuery) {
    const order = sort.map(({ column, descending }) => `${column} ${descending ? 'DESC' : 'ASC'}`);
    const shown = tagsFor(reader);
    const page = sql`${shown} ORDER BY ${raw([...order, 'name'].join(', '))} LIMIT ${count > 0 ? count : -1} OFFSET ${start}`;
    const total = this.#lists.count(sql`SELECT count(*) FROM (${shown})`);
    return { count: total, tags: this.#lists.rows(page).map(readTag) };
  }

  async get(id: string, reader?: Reader): Promise<TagRow | undefined> {
    const row = this.#statements.get.get(id);
    if (row === undefined) return undefined;
    const tag = readTag(row);
    return reader === undefined ? tag : { ...tag, runs: this.#lists.count(readableTotal(reader, 'tag', tag.name)) };
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

function tagsFor(reader: Reader | undefined): Sql {
  if (reader === undefined) return sql`SELECT ${raw(COLUMNS)} FROM tag`;
  return sql`SELECT tag.*, coalesce(v.runs, 0) AS runs FROM tag LEFT JOIN (${readableTags(reader)}) v ON v.tag = tag.name
    WHERE v.runs > 0 OR tag.user = ${reader.username}`;
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
