import type { RunChange } from '../../pipeline/run-change.ts';
import { hashId } from '../../pipeline/run-id.ts';
import { RunState } from '../../pipeline/run-state.ts';
import type { FolderRow } from '../catalog-store.ts';
import type { Database, SqlRow, Statement } from '../sqlite-database.ts';
import { parseMetadata } from './run-rows.ts';

const COLUMNS =
  'path, id, description, tags, metadata, created, modified, (SELECT count(*) FROM run WHERE run.folder = folder.path) AS runs';

/** Rows of folders. The details of a folder are a fold over changes, like those of a run. */
export class FolderTable {
  readonly #database: Database;
  readonly #state: Statement;
  readonly #insert: Statement;
  readonly #update: Statement;
  readonly #byId: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#state = database.prepare('SELECT state FROM folder WHERE path = ?');
    this.#insert = database.prepare(
      "INSERT OR IGNORE INTO folder (path, id, tags, metadata, created, modified, state) VALUES (?, ?, '[]', '{}', ?, ?, ?)",
    );
    this.#update = database.prepare(
      'UPDATE folder SET description = ?, tags = ?, metadata = ?, modified = ?, state = ? WHERE path = ?',
    );
    this.#byId = database.prepare(`SELECT ${COLUMNS} FROM folder WHERE id = ?`, { bigints: true });
  }

  /** Makes the folder and its parents where they are not there. */
  ensure(path: string, nowUnixNano: bigint): void {
    const parts = path.split('/').filter((part) => part !== '');
    for (let depth = 0; depth <= parts.length; depth++) {
      const folder = `/${parts.slice(0, depth).join('/')}`;
      this.#insert.run(folder, hashId('folder', folder), nowUnixNano, nowUnixNano, new RunState().serialize());
    }
  }

  /** @returns true when the folder is different now. */
  fold(change: RunChange, nowUnixNano: bigint): boolean {
    const details = change.folderDetails;
    if (details === undefined) return false;
    this.ensure(details.path, nowUnixNano);
    const previous = this.#state.get(details.path)?.['state'] as string;
    const state = RunState.parse(previous);
    state.fold({
      timeUnixNano: change.timeUnixNano,
      uid: change.uid,
      instance: change.instance,
      ...(details.metadata === undefined ? {} : { metadataSet: details.metadata }),
      ...(details.tags === undefined ? {} : { tagsSet: details.tags }),
      ...(details.description === undefined ? {} : { description: details.description }),
    });
    const serialized = state.serialize();
    if (serialized === previous) return false;
    const { description, tags, metadata } = state.view();
    this.#update.run(
      description ?? null,
      JSON.stringify(tags),
      JSON.stringify(metadata),
      nowUnixNano,
      serialized,
      details.path,
    );
    return true;
  }

  get(id: string): FolderRow | undefined {
    const row = this.#byId.get(id);
    return row === undefined ? undefined : readFolder(row);
  }

  list(query: { start: number; count: number; path?: string; contains?: string }) {
    const [where, parameters] =
      query.path !== undefined
        ? ['WHERE path = ?', [query.path]]
        : query.contains !== undefined
          ? ['WHERE instr(path, ?) > 0', [query.contains]]
          : ['', []];
    const total = this.#database.prepare(`SELECT count(*) AS total FROM folder ${where}`).get(...parameters);
    const rows = this.#database
      .prepare(`SELECT ${COLUMNS} FROM folder ${where} ORDER BY path LIMIT ? OFFSET ?`, { bigints: true })
      .all(...parameters, query.count > 0 ? query.count : -1, query.start);
    return { count: Number(total?.['total'] ?? 0), folders: rows.map(readFolder) };
  }
}

function readFolder(row: SqlRow): FolderRow {
  return {
    id: row['id'] as string,
    path: row['path'] as string,
    description: row['description'] as string | null,
    tags: JSON.parse(row['tags'] as string) as string[],
    metadata: parseMetadata(row['metadata'] as string),
    createdUnixNano: row['created'] as bigint,
    modifiedUnixNano: row['modified'] as bigint,
    runs: Number(row['runs']),
  };
}
