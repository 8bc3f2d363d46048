import type { Database, Statement } from '../sqlite-database.ts';

/** Stars of users, and requests to abort a run. */
export class MarkTable {
  readonly #star: Statement;
  readonly #unstar: Statement;
  readonly #stars: Statement;
  readonly #requestAbort: Statement;
  readonly #abort: Statement;

  constructor(database: Database) {
    this.#star = database.prepare('INSERT OR IGNORE INTO star VALUES (?, ?, ?)');
    this.#unstar = database.prepare('DELETE FROM star WHERE user = ? AND kind = ? AND id = ?');
    this.#stars = database.prepare(
      'SELECT id FROM star WHERE user = ? AND kind = ? AND id IN (SELECT value FROM json_each(?))',
    );
    this.#requestAbort = database.prepare('INSERT OR IGNORE INTO run_abort VALUES (?, ?, ?, ?)');
    this.#abort = database.prepare('SELECT reason, user FROM run_abort WHERE run = ?');
  }

  setStar(user: string, kind: 'run' | 'folder', id: string, starred: boolean): void {
    (starred ? this.#star : this.#unstar).run(user, kind, id);
  }

  /** Which of these have the user's star. */
  starred(user: string, kind: 'run' | 'folder', ids: readonly string[]): Set<string> {
    return new Set(this.#stars.all(user, kind, JSON.stringify(ids)).map((row) => row['id'] as string));
  }

  requestAbort(runId: string, reason: string, user: string, nowUnixNano: bigint): void {
    this.#requestAbort.run(runId, reason, user, nowUnixNano);
  }

  abort(runId: string): { reason: string; user: string } | undefined {
    const row = this.#abort.get(runId);
    return row === undefined ? undefined : { reason: row['reason'] as string, user: row['user'] as string };
  }
}
