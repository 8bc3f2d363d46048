import type { FolderDetails } from '../../pipeline/run-change.ts';
import { hashId } from '../../pipeline/run-id.ts';
import { RunState } from '../../pipeline/run-state.ts';
import { PRIVATE, type Visibility } from '../../pipeline/visibility.ts';
import type { EditStamp, FolderListQuery, FolderOwner, FolderRow, FolderStore } from '../folder-store.ts';
import type { Database, SqlRow, Statement } from '../sqlite-database.ts';
import { runsOf } from './count-schema.ts';
import { folderListQueries } from './folder-query.ts';
import { LeafTable } from './leaf-table.ts';
import { ListReader } from './list-reader.ts';
import { parseMetadata } from './run-rows.ts';
import type { TagTable } from './tag-table.ts';

const FOLDER_COLUMNS = `path, id, name, description, tags, metadata, retention, user, tenant, visibility, created, modified, ${runsOf('folder', 'folder.path')} AS runs`;
const NEW_COLUMNS = 'path, id, user, tenant, tags, metadata, created, modified, state';
/** Paths below one lie between `path/` and `path0`, the next character. */
const BELOW = "(?1 = '/' OR folder = ?1 OR (folder > ?1 || '/' AND folder < ?1 || '0'))";

/** Rows of folders. The details of a folder are a fold over changes, like those of a run. */
export class FolderTable implements FolderStore {
  readonly #database: Database;
  readonly #lists: ListReader;
  readonly #now: () => bigint;
  readonly #tags: TagTable;
  readonly #leaves: LeafTable;
  readonly #statements: Readonly<
    Record<
      'state' | 'insert' | 'update' | 'byId' | 'tree' | 'tagged' | 'runs' | 'runsBelow' | 'remove' | 'unstar',
      Statement
    >
  >;

  constructor(database: Database, tags: TagTable, nowUnixNano: () => bigint) {
    this.#database = database;
    this.#lists = new ListReader(database);
    this.#tags = tags;
    this.#leaves = new LeafTable(database, 'folder_metadata', 'folder');
    this.#now = nowUnixNano;
    this.#statements = {
      state: database.prepare('SELECT state FROM folder WHERE path = ?'),
      insert: database.prepare(
        `INSERT OR IGNORE INTO folder (${NEW_COLUMNS}) VALUES (?, ?, ?, ?, '[]', '{}', ?, ?, ?)`,
      ),
      update: database.prepare(
        `UPDATE folder SET name = ?, description = ?, tags = ?, metadata = ?, retention = ?, visibility = ?,
           modified = ?, state = ? WHERE path = ?`,
      ),
      byId: database.prepare(`SELECT ${FOLDER_COLUMNS} FROM folder WHERE id = ?`, { bigints: true }),
      tree: database.prepare(
        `SELECT ${FOLDER_COLUMNS} FROM folder WHERE ${BELOW.replaceAll('folder', 'folder.path')} ORDER BY path`,
        { bigints: true },
      ),
      tagged: database.prepare(
        `SELECT ${FOLDER_COLUMNS} FROM folder
         WHERE tags <> '[]' AND EXISTS (SELECT 1 FROM json_each(folder.tags) WHERE value = ?)`,
        { bigints: true },
      ),
      runs: database.prepare('SELECT id FROM run WHERE folder = ?'),
      runsBelow: database.prepare(`SELECT id FROM run WHERE ${BELOW}`),
      remove: database.prepare('DELETE FROM folder WHERE id = ?'),
      unstar: database.prepare("DELETE FROM star WHERE kind = 'folder' AND id = ?"),
    };
  }

  /** Makes the folder and its parents where they are not there. @returns true when it was not. */
  ensure(path: string, owner: FolderOwner): boolean {
    const parts = path.split('/').filter((part) => part !== '');
    const now = this.#now();
    let isNew = false;
    for (let depth = 0; depth <= parts.length; depth++) {
      const folder = `/${parts.slice(0, depth).join('/')}`;
      const { user, tenant } = owner;
      const state = new RunState().serialize();
      isNew = this.#statements.insert.run(folder, hashId('folder', folder), user, tenant, now, now, state).changes > 0;
    }
    return isNew;
  }

  /** @returns true when the folder is different now. */
  fold(details: FolderDetails, { timeUnixNano, uid }: EditStamp, owner: FolderOwner): boolean {
    this.ensure(details.path, owner);
    const previous = this.#statements.state.get(details.path)?.['state'] as string;
    const state = RunState.parse(previous);
    const { path, metadata, tags, ...fields } = details;
    state.fold({
      ...fields,
      timeUnixNano,
      uid,
      instance: '',
      ...(metadata === undefined ? {} : { metadataSet: metadata }),
      ...(tags === undefined ? {} : { tagsSet: tags }),
    });
    const serialized = state.serialize();
    if (serialized === previous) return false;
    this.#update(path, state, serialized, owner.user);
    return true;
  }

  async get(id: string): Promise<FolderRow | undefined> {
    const row = this.#statements.byId.get(id);
    return row === undefined ? undefined : readFolder(row);
  }

  async create(details: FolderDetails, stamp: EditStamp, owner: FolderOwner) {
    return this.#database.transaction(() => {
      const isNew = this.ensure(details.path, owner);
      if (isNew) this.fold(details, stamp, owner);
      return { id: hashId('folder', details.path), isNew };
    });
  }

  async change(details: FolderDetails, stamp: EditStamp, owner: FolderOwner): Promise<boolean> {
    return this.#database.transaction(() => this.fold(details, stamp, owner));
  }

  async tree(path: string): Promise<readonly FolderRow[]> {
    return this.#statements.tree.all(path).map(readFolder);
  }

  async tagged(tag: string): Promise<readonly FolderRow[]> {
    return this.#statements.tagged.all(tag).map(readFolder);
  }

  async runIds(path: string, recursive: boolean): Promise<readonly string[]> {
    const statement = recursive ? this.#statements.runsBelow : this.#statements.runs;
    return statement.all(path).map((row) => row['id'] as string);
  }

  async remove(ids: readonly string[]): Promise<void> {
    this.#database.transaction(() => {
      for (const id of ids) {
        const path = this.#statements.byId.get(id)?.['path'] as string | undefined;
        if (path !== undefined) this.#leaves.replace(path, {}, 0n);
        this.#statements.remove.run(id);
        this.#statements.unstar.run(id);
      }
    });
  }

  async list(query: FolderListQuery) {
    const { page, total } = folderListQueries(FOLDER_COLUMNS, query, this.#now());
    return { count: this.#lists.count(total), folders: this.#lists.rows(page).map(readFolder) };
  }

  #update(path: string, state: RunState, serialized: string, user: string): void {
    const { name, description, tags, metadata, retentionSeconds, visibility } = state.view();
    this.#tags.ensure(tags, user);
    this.#leaves.replace(path, metadata, this.#now());
    this.#statements.update.run(
      name ?? null,
      description ?? null,
      JSON.stringify(tags),
      JSON.stringify(metadata),
      retentionSeconds || null,
      JSON.stringify(visibility ?? PRIVATE),
      this.#now(),
      serialized,
      path,
    );
  }
}

/** @param row - read with `bigints`. */
function readFolder(row: SqlRow): FolderRow {
  return {
    id: row['id'] as string,
    path: row['path'] as string,
    name: row['name'] as string | null,
    description: row['description'] as string | null,
    tags: JSON.parse(row['tags'] as string) as string[],
    metadata: parseMetadata(row['metadata'] as string),
    retentionSeconds: row['retention'] === null ? null : Number(row['retention']),
    user: row['user'] as string,
    tenant: row['tenant'] as string,
    visibility: JSON.parse(row['visibility'] as string) as Visibility,
    createdUnixNano: row['created'] as bigint,
    modifiedUnixNano: row['modified'] as bigint,
    runs: Number(row['runs']),
  };
}
