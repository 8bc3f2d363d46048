import type { Database, Statement } from '../sqlite-database.ts';
import type { ReceivedData, UsageStore } from '../usage-store.ts';

/** Sums that triggers keep: see `usage-schema.ts`. */
export class SqliteUsage implements UsageStore {
  readonly #database: Database;
  readonly #of: Statement;
  readonly #receive: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#of = database.prepare('SELECT runs, bytes FROM tenant_usage WHERE tenant = ?');
    this.#receive = database.prepare(
      `INSERT INTO run_received SELECT id, ?2, ?3 FROM run WHERE id = ?1
       ON CONFLICT (run) DO UPDATE SET bytes = bytes + excluded.bytes`,
    );
  }

  runs(tenant: string): number {
    return Number(this.#of.get(tenant)?.['runs'] ?? 0);
  }

  bytes(tenant: string): number {
    return Number(this.#of.get(tenant)?.['bytes'] ?? 0);
  }

  async addReceived(data: readonly ReceivedData[]): Promise<void> {
    this.#database.transaction(() => {
      for (const { runId, tenant, bytes } of data) this.#receive.run(runId, tenant, bytes);
    });
  }
}
