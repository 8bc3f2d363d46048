import type { Database, SqlRow, Statement } from '../sqlite-database.ts';
import type { FolderRetention, ReceivedData, RunVolume, UsageStore, UserUsage } from '../usage-store.ts';
import { EXPIRING_RUNS } from './run-expiry.ts';

/** Sums that triggers keep: see `usage-schema.ts` and `user-usage-schema.ts`. */
export class SqliteUsage implements UsageStore {
  readonly #database: Database;
  readonly #of: Statement;
  readonly #ofUser: Statement;
  readonly #ofUsers: Statement;
  readonly #receive: Statement;
  readonly #content: Statement;
  readonly #largest: Statement;
  readonly #expiring: Statement;
  readonly #keepers: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#of = database.prepare('SELECT runs, bytes FROM tenant_usage WHERE tenant = ?');
    this.#ofUser = database.prepare('SELECT * FROM user_usage WHERE user = ?');
    this.#ofUsers = database.prepare('SELECT * FROM user_usage ORDER BY user');
    this.#receive = database.prepare(
      `INSERT INTO run_received (run, user, tenant, bytes, points, events) SELECT id, user, ?2, ?3, ?4, ?5 FROM run WHERE id = ?1
       ON CONFLICT (run) DO UPDATE
       SET bytes = bytes + excluded.bytes, points = points + excluded.points, events = events + excluded.events`,
    );
    this.#content = database.prepare('SELECT total(content) AS bytes FROM tenant_usage');
    this.#largest = database.prepare(
      `SELECT r.run AS id, r.bytes, run.name, run.folder FROM run_received r JOIN run ON run.id = r.run
       ORDER BY r.bytes DESC LIMIT ?`,
    );
    this.#expiring = database.prepare(EXPIRING_RUNS, { bigints: true });
    this.#keepers = database.prepare(
      'SELECT path, retention FROM folder WHERE retention IS NOT NULL ORDER BY retention LIMIT ?',
    );
  }

  runs(tenant: string): number {
    return Number(this.#of.get(tenant)?.['runs'] ?? 0);
  }

  bytes(tenant: string): number {
    return Number(this.#of.get(tenant)?.['bytes'] ?? 0);
  }

  ofUser(username: string): UserUsage | undefined {
    const row = this.#ofUser.get(username);
    return row === undefined ? undefined : readUsage(row);
  }

  ofUsers(): readonly UserUsage[] {
    return this.#ofUsers.all().map(readUsage);
  }

  contentBytes(): number {
    return Number(this.#content.get()?.['bytes']);
  }

  largest(count: number): readonly RunVolume[] {
    return this.#largest.all(count).map((row) => ({
      runId: row['id'] as string,
      name: row['name'] as string,
      folder: row['folder'] as string,
      bytes: Number(row['bytes']),
    }));
  }

  expiring(): { readonly runs: number; readonly nextUnixNano: bigint | null } {
    const row = this.#expiring.get();
    return { runs: Number(row?.['runs']), nextUnixNano: row?.['next'] as bigint | null };
  }

  keepers(count: number): readonly FolderRetention[] {
    return this.#keepers
      .all(count)
      .map((row) => ({ path: row['path'] as string, retentionSeconds: Number(row['retention']) }));
  }

  async addReceived(data: readonly ReceivedData[]): Promise<void> {
    this.#database.transaction(() => {
      for (const { runId, tenant, bytes, points, events } of data)
        this.#receive.run(runId, tenant, bytes, points, events);
    });
  }
}

const readUsage = (row: SqlRow): UserUsage => ({
  username: row['user'] as string,
  runs: Number(row['runs']),
  alerts: Number(row['alerts']),
  tags: Number(row['tags']),
  artifacts: Number(row['artifacts']),
  content: Number(row['content']),
  points: Number(row['points']),
  events: Number(row['events']),
});
