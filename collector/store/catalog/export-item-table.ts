import type { ArrayPlace, ExportedItem, ItemKind, PendingFolder, PendingRun } from '../export-store.ts';
import { type Database, prepareAll, type Statement } from '../sqlite-database.ts';
import { HAS_DETAILS } from './folder-export-schema.ts';
import { parseMetadata } from './run-rows.ts';

const LISTED = 'run IN (SELECT value FROM json_each(?))';
const QUERIES = {
  pending: 'SELECT run, version FROM export_pending WHERE target = ? AND run > ? ORDER BY run LIMIT ?',
  pendingCount: 'SELECT count(*) AS count FROM export_pending WHERE target = ?',
  settle: 'DELETE FROM export_pending WHERE target = ? AND run = ? AND version = ?',
  items: 'SELECT item, remote, state FROM export_item WHERE target = ? AND run = ? AND kind = ?',
  remote: 'SELECT remote FROM export_item WHERE target = ? AND kind = ? AND item = ? AND state IS NOT NULL LIMIT 1',
  put: 'INSERT OR REPLACE INTO export_item (target, run, kind, item, remote, state) VALUES (?, ?, ?, ?, ?, ?)',
  noteArray: 'INSERT OR REPLACE INTO export_array SELECT id, ?, ?, ? FROM export_target',
  waitingArrays: 'SELECT metric, step FROM export_array WHERE target = ? AND run = ? ORDER BY metric, step LIMIT ?',
  arraySent: 'DELETE FROM export_array WHERE target = ? AND run = ? AND metric = ? AND step = ?',
  noteFolder: `INSERT OR IGNORE INTO export_folder (target, folder, version) SELECT ?, path, ${HAS_DETAILS} FROM folder WHERE path = ?`,
  pendingFolders: `SELECT path, description, tags, metadata, version FROM export_folder JOIN folder ON path = folder
    WHERE target = ? AND version > sent ORDER BY path LIMIT ?`,
  pendingFolderCount: 'SELECT count(*) AS count FROM export_folder WHERE target = ? AND version > sent',
  settleFolder: 'UPDATE export_folder SET sent = ?3 WHERE target = ?1 AND folder = ?2',
  waitingDeletions: 'SELECT remote FROM export_deletion WHERE target = ? LIMIT ?',
  deletionSent: 'DELETE FROM export_deletion WHERE target = ? AND remote = ?',
  forgetPending: `DELETE FROM export_pending WHERE ${LISTED}`,
  forgetItems: `DELETE FROM export_item WHERE ${LISTED}`,
  forgetArrays: `DELETE FROM export_array WHERE ${LISTED}`,
} as const;

/** What exporters have sent of artifacts, alerts and grids, and what of them waits. */
export class ExportItemTable {
  readonly #database: Database;
  readonly #statements: Readonly<Record<keyof typeof QUERIES, Statement>>;

  constructor(database: Database) {
    this.#database = database;
    this.#statements = prepareAll(database, QUERIES);
  }

  pendingRuns(target: number, after: string, limit: number): readonly PendingRun[] {
    const rows = this.#statements.pending.all(target, after, limit);
    return rows.map((row) => ({ runId: row['run'] as string, version: Number(row['version']) }));
  }

  pendingCount(target: number): number {
    return Number(this.#statements.pendingCount.get(target)?.['count']);
  }

  settle(target: number, { runId, version }: PendingRun): void {
    this.#statements.settle.run(target, runId, version);
  }

  items(target: number, runId: string, kind: ItemKind): ReadonlyMap<string, ExportedItem> {
    const rows = this.#statements.items.all(target, runId, kind);
    return new Map(
      rows.map(({ item, remote, state }) => [
        item as string,
        { kind, item: item as string, remote: remote as string, state: state as string | null },
      ]),
    );
  }

  remoteOf(target: number, kind: ItemKind, item: string): string | undefined {
    return this.#statements.remote.get(target, kind, item)?.['remote'] as string | undefined;
  }

  saveItem(target: number, runId: string, { kind, item, remote, state }: ExportedItem): void {
    this.#statements.put.run(target, runId, kind, item, remote, state);
  }

  noteArrays(runId: string, arrays: readonly ArrayPlace[]): void {
    this.#database.transaction(() => {
      for (const { metric, step } of arrays) this.#statements.noteArray.run(runId, metric, step);
    });
  }

  waitingArrays(target: number, runId: string, limit: number): readonly ArrayPlace[] {
    const rows = this.#statements.waitingArrays.all(target, runId, limit);
    return rows.map((row) => ({ metric: row['metric'] as string, step: Number(row['step']) }));
  }

  arraysSent(target: number, runId: string, arrays: readonly ArrayPlace[]): void {
    this.#database.transaction(() => {
      for (const { metric, step } of arrays) this.#statements.arraySent.run(target, runId, metric, step);
    });
  }

  noteFolder(target: number, path: string): void {
    const parts = path.split('/').filter((part) => part !== '');
    this.#database.transaction(() => {
      for (let depth = 0; depth <= parts.length; depth++) {
        this.#statements.noteFolder.run(target, `/${parts.slice(0, depth).join('/')}`);
      }
    });
  }

  pendingFolders(target: number, limit: number): readonly PendingFolder[] {
    return this.#statements.pendingFolders.all(target, limit).map((row) => ({
      path: row['path'] as string,
      description: row['description'] as string | null,
      tags: JSON.parse(row['tags'] as string) as string[],
      metadata: parseMetadata(row['metadata'] as string),
      version: Number(row['version']),
    }));
  }

  pendingFolderCount(target: number): number {
    return Number(this.#statements.pendingFolderCount.get(target)?.['count']);
  }

  settleFolder(target: number, { path, version }: PendingFolder): void {
    this.#statements.settleFolder.run(target, path, version);
  }

  waitingDeletions(target: number, limit: number): readonly string[] {
    return this.#statements.waitingDeletions.all(target, limit).map((row) => row['remote'] as string);
  }

  deletionSent(target: number, remote: string): void {
    this.#statements.deletionSent.run(target, remote);
  }

  /** Part of the transaction that deletes runs. @param ids - a JSON list. */
  forgetRuns(ids: string): void {
    const { forgetPending, forgetItems, forgetArrays } = this.#statements;
    for (const statement of [forgetItems, forgetArrays, forgetPending]) statement.run(ids);
  }
}
