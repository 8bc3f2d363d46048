import type { Owned, Visibility } from '../../pipeline/visibility.ts';
import type { Database, Statement } from '../sqlite-database.ts';

const MAX_CACHED = 20_000;

/** Owner and visibility of runs, the least recently used ones forgotten. */
export class RunOwners {
  readonly #cache = new Map<string, Owned>();
  readonly #select: Statement;

  constructor(database: Database) {
    this.#select = database.prepare('SELECT user, tenant, visibility FROM run WHERE id = ?');
  }

  get(runId: string): Owned | undefined {
    const cached = this.#cache.get(runId);
    if (cached !== undefined) return cached;
    const row = this.#select.get(runId);
    if (row === undefined) return undefined;
    const visibility = JSON.parse(row['visibility'] as string) as Visibility;
    const owned = { user: row['user'] as string, tenant: row['tenant'] as string, visibility };
    this.set(runId, owned);
    return owned;
  }

  /** To be called with each change of the run. */
  set(runId: string, { user, tenant, visibility }: Owned): void {
    this.#cache.delete(runId);
    this.#cache.set(runId, { user, tenant, visibility });
    if (this.#cache.size <= MAX_CACHED) return;
    const [oldest] = this.#cache.keys();
    if (oldest !== undefined) this.#cache.delete(oldest);
  }
}
