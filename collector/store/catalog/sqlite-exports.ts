import type { ExportedRun, ExportStore, ExportTarget } from '../export-store.ts';
import { type Database, prepareAll, type Statement } from '../sqlite-database.ts';
import { ExportItemTable } from './export-item-table.ts';

const QUERIES = {
  add: 'INSERT OR IGNORE INTO export_target (url, position, opened) VALUES (?, ?, ?)',
  setDeletions: 'UPDATE export_target SET deletions = ?2 WHERE url = ?1',
  target: 'SELECT id, position FROM export_target WHERE url = ?',
  advance: 'UPDATE export_target SET position = ?2 WHERE id = ?1',
  run: 'SELECT * FROM export_run WHERE target = ? AND run = ?',
  put: 'INSERT OR REPLACE INTO export_run (target, run, remote, start, next_step, sent) VALUES (?, ?, ?, ?, ?, ?)',
  changed: `SELECT r.id FROM export_target t, run r LEFT JOIN export_run e ON e.target = t.id AND e.run = r.id
    WHERE t.id = ? AND r.modified > coalesce(e.sent, t.opened)`,
  noteDeletions: `INSERT OR IGNORE INTO export_deletion SELECT target, remote FROM export_run JOIN export_target ON id = target
    WHERE deletions = 1 AND run IN (SELECT value FROM json_each(?))`,
  forgetRuns: 'DELETE FROM export_run WHERE run IN (SELECT value FROM json_each(?))',
} as const;

/** What exporters have sent, in the catalogue. */
export class SqliteExports extends ExportItemTable implements ExportStore {
  readonly #database: Database;
  readonly #now: () => bigint;
  readonly #statements: Readonly<Record<keyof typeof QUERIES, Statement>>;

  constructor(database: Database, nowUnixNano: () => bigint) {
    super(database);
    this.#database = database;
    this.#now = nowUnixNano;
    this.#statements = prepareAll(database, QUERIES);
  }

  open(url: string, firstSequence: number, deletions: boolean): ExportTarget {
    const { add, setDeletions, target } = this.#statements;
    add.run(url, firstSequence, this.#now());
    setDeletions.run(url, deletions ? 1 : 0);
    const row = target.get(url);
    return { id: Number(row?.['id']), position: Number(row?.['position']) };
  }

  run(target: number, runId: string): ExportedRun | undefined {
    const row = this.#statements.run.get(target, runId);
    if (row === undefined) return undefined;
    return {
      runId,
      remoteId: row['remote'] as string,
      startUnixNano: row['start'] as bigint,
      nextStep: Number(row['next_step']),
      sentUnixNano: row['sent'] as bigint,
    };
  }

  save(target: number, position: number, runs: readonly ExportedRun[]): void {
    const { put, advance } = this.#statements;
    this.#database.transaction(() => {
      for (const { runId, remoteId, startUnixNano, nextStep, sentUnixNano } of runs) {
        put.run(target, runId, remoteId, startUnixNano, nextStep, sentUnixNano);
      }
      advance.run(target, position);
    });
  }

  changedRuns(target: number): string[] {
    return this.#statements.changed.all(target).map((row) => row['id'] as string);
  }

  /** Part of the transaction that deletes runs. @param ids - a JSON list. */
  override forgetRuns(ids: string): void {
    super.forgetRuns(ids);
    this.#statements.noteDeletions.run(ids);
    this.#statements.forgetRuns.run(ids);
  }
}
