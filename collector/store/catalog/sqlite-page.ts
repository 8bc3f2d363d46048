import { randomId } from '../../pipeline/run-id.ts';
import type { Dashboard, DashboardCard, PageStore, SavedView } from '../page-store.ts';
import { type Database, prepareAll, type SqlRow, type Statement } from '../sqlite-database.ts';

const QUERIES = {
  colours: 'SELECT run, coalesce(chosen, own) AS slot FROM run_slot WHERE run IN (SELECT value FROM json_each(?))',
  colour: 'UPDATE run_slot SET chosen = ? WHERE run = ?',
  views: 'SELECT * FROM saved_view WHERE user = ? ORDER BY name',
  saveView: `INSERT INTO saved_view (id, user, name, query, created) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (user, name) DO UPDATE SET query = excluded.query RETURNING id`,
  removeView: 'DELETE FROM saved_view WHERE user = ? AND id = ? RETURNING id',
  dashboards: 'SELECT * FROM dashboard WHERE folder = ? ORDER BY name',
  saveDashboard: `INSERT INTO dashboard (id, folder, name, cards, user, modified) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (folder, name) DO UPDATE SET cards = excluded.cards, user = excluded.user, modified = excluded.modified
    RETURNING id`,
  removeDashboard: 'DELETE FROM dashboard WHERE folder = ? AND id = ? RETURNING id',
} as const;

/** What people arrange on the page, in the catalogue. */
export class SqlitePage implements PageStore {
  readonly #now: () => bigint;
  readonly #statements: Readonly<Record<keyof typeof QUERIES, Statement>>;

  constructor(database: Database, nowUnixNano: () => bigint) {
    this.#now = nowUnixNano;
    this.#statements = prepareAll(database, QUERIES);
  }

  colours(runIds: readonly string[]): ReadonlyMap<string, number> {
    const rows = this.#statements.colours.all(JSON.stringify(runIds));
    return new Map(rows.map((row) => [row['run'] as string, Number(row['slot'])]));
  }

  async setColour(runId: string, slot: number | undefined): Promise<void> {
    this.#statements.colour.run(slot ?? null, runId);
  }

  views(user: string): readonly SavedView[] {
    return this.#statements.views.all(user).map(readView);
  }

  async saveView(user: string, { name, query }: Pick<SavedView, 'name' | 'query'>): Promise<string> {
    return this.#statements.saveView.get(randomId(), user, name, query, this.#now())?.['id'] as string;
  }

  async removeView(user: string, id: string): Promise<boolean> {
    return this.#statements.removeView.get(user, id) !== undefined;
  }

  dashboards(folderId: string): readonly Dashboard[] {
    return this.#statements.dashboards.all(folderId).map(readDashboard);
  }

  async saveDashboard(
    folderId: string,
    { name, cards, user }: Pick<Dashboard, 'name' | 'cards' | 'user'>,
  ): Promise<string> {
    const { saveDashboard } = this.#statements;
    return saveDashboard.get(randomId(), folderId, name, JSON.stringify(cards), user, this.#now())?.['id'] as string;
  }

  async removeDashboard(folderId: string, id: string): Promise<boolean> {
    return this.#statements.removeDashboard.get(folderId, id) !== undefined;
  }
}

/** @param row - read with `bigints`. */
function readView(row: SqlRow): SavedView {
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    query: row['query'] as string,
    createdUnixNano: row['created'] as bigint,
  };
}

/** @param row - read with `bigints`. */
function readDashboard(row: SqlRow): Dashboard {
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    cards: JSON.parse(row['cards'] as string) as DashboardCard[],
    user: row['user'] as string,
    modifiedUnixNano: row['modified'] as bigint,
  };
}
