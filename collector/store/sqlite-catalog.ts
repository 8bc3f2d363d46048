import { DEFAULT_HEARTBEAT_TIMEOUT_SECONDS } from 'simvue-otel/semconv';
import type { RunChange } from '../pipeline/run-change.ts';
import { defaultRunName } from '../pipeline/run-name.ts';
import { RunState } from '../pipeline/run-state.ts';
import { CATALOG_MIGRATIONS } from './catalog/catalog-schema.ts';
import { FolderTable } from './catalog/folder-table.ts';
import { InstanceTable } from './catalog/instance-table.ts';
import { runListQueries } from './catalog/run-query.ts';
import { makeRunRow, readRunRow } from './catalog/run-rows.ts';
import { CatalogRunTable } from './catalog/run-table.ts';
import type { ApplyResult, CatalogStore, InstanceRow, RunListQuery, RunRow } from './catalog-store.ts';
import { type Database, openDatabase, type SqlParameter } from './sqlite-database.ts';

const TOMBSTONE_NANO = 30n * 86_400n * 1_000_000_000n;

/**
 * Opens the catalogue in one SQLite file. Each method that writes is one durable transaction.
 *
 * @param nowUnixNano - wall time, nanoseconds since the epoch.
 */
export function openCatalog(path: string, nowUnixNano: () => bigint): CatalogStore {
  return new SqliteCatalog(openDatabase(path, CATALOG_MIGRATIONS), nowUnixNano);
}

interface WaitingChanges {
  readonly runId: string;
  readonly changes: readonly RunChange[];
  resolve(result: ApplyResult): void;
  reject(error: unknown): void;
}

class SqliteCatalog implements CatalogStore {
  readonly #database: Database;
  readonly #now: () => bigint;
  readonly #runs: CatalogRunTable;
  readonly #folders: FolderTable;
  readonly #instances: InstanceTable;
  readonly #deleted: Set<string>;
  #waiting: WaitingChanges[] = [];

  constructor(database: Database, nowUnixNano: () => bigint) {
    this.#database = database;
    this.#now = nowUnixNano;
    this.#runs = new CatalogRunTable(database);
    this.#folders = new FolderTable(database);
    this.#instances = new InstanceTable(database);
    database.prepare('DELETE FROM tombstone WHERE deleted < ?').run(nowUnixNano() - TOMBSTONE_NANO);
    this.#deleted = new Set(
      database
        .prepare('SELECT run FROM tombstone')
        .all()
        .map((row) => row['run'] as string),
    );
  }

  async getRun(id: string): Promise<RunRow | undefined> {
    return this.#runs.get(id)?.row;
  }

  async listRuns(query: RunListQuery) {
    const { page, total } = runListQueries(query);
    const rows = this.#database.prepare(page.sql, { bigints: true }).all(...(page.parameters as SqlParameter[]));
    const counted = this.#database.prepare(total.sql).get(...(total.parameters as SqlParameter[]));
    return { count: Number(counted?.['total'] ?? 0), runs: rows.map(readRunRow) };
  }

  async instances(runId: string): Promise<InstanceRow[]> {
    return this.#instances.ofRun(runId);
  }

  /** Calls of one turn of the event loop share a transaction: a request that brings 500 runs costs one durable write. */
  apply(runId: string, changes: readonly RunChange[]): Promise<ApplyResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ runId, changes, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#applyWaiting());
    });
  }

  async recordSigns(signs: readonly { runId: string; instance: string; timeUnixNano: bigint }[]): Promise<void> {
    const run = this.#database.prepare(
      'UPDATE run SET last_sign = ?1 WHERE id = ?2 AND (last_sign IS NULL OR last_sign < ?1)',
    );
    this.#database.transaction(() => {
      for (const sign of signs) {
        run.run(sign.timeUnixNano, sign.runId);
        this.#instances.sign(sign.runId, sign.instance, sign.timeUnixNano);
      }
    });
  }

  async setLost(runId: string, endedUnixNano: bigint): Promise<RunRow | undefined> {
    return this.#changeLost(runId, 'running', endedUnixNano);
  }

  async revive(runId: string): Promise<RunRow | undefined> {
    return this.#changeLost(runId, 'lost', null);
  }

  async liveRuns(): Promise<RunRow[]> {
    return this.#database
      .prepare("SELECT * FROM run WHERE status IN ('running', 'lost')", { bigints: true })
      .all()
      .map(readRunRow);
  }

  async listFolders(query: { start: number; count: number; path?: string; contains?: string }) {
    return this.#folders.list(query);
  }

  async getFolder(id: string) {
    return this.#folders.get(id);
  }

  async listTags() {
    return this.#database
      .prepare('SELECT tag, count(*) AS runs FROM run_tag GROUP BY tag ORDER BY tag')
      .all()
      .map((row) => ({ name: row['tag'] as string, runs: Number(row['runs']) }));
  }

  async deleteRun(id: string): Promise<boolean> {
    const wasThere = this.#database.transaction(() => {
      if (!this.#runs.delete(id)) return false;
      this.#database.prepare('INSERT OR REPLACE INTO tombstone VALUES (?, ?)').run(id, this.#now());
      return true;
    });
    if (wasThere) this.#deleted.add(id);
    return wasThere;
  }

  isDeleted(id: string): boolean {
    return this.#deleted.has(id);
  }

  async getSetting(key: string): Promise<string | undefined> {
    return this.#database.prepare('SELECT value FROM setting WHERE key = ?').get(key)?.['value'] as string | undefined;
  }

  async setSetting(key: string, value: string): Promise<void> {
    this.#database.prepare('INSERT OR REPLACE INTO setting VALUES (?, ?)').run(key, value);
  }

  async close(): Promise<void> {
    this.#applyWaiting();
    this.#database.close();
  }

  #changeLost(runId: string, from: 'running' | 'lost', lostAt: bigint | null): RunRow | undefined {
    return this.#database.transaction(() => {
      const isChanged = this.#runs.setLost(runId, from, lostAt, this.#now());
      return isChanged ? this.#runs.get(runId)?.row : undefined;
    });
  }

  #applyWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#applyTogether(waiting);
  }

  /** When one of them fails they are tried one by one: the others are not lost with it. */
  #applyTogether(waiting: readonly WaitingChanges[]): void {
    let results: ApplyResult[];
    try {
      results = this.#database.transaction(() => waiting.map(({ runId, changes }) => this.#apply(runId, changes)));
    } catch (error) {
      if (waiting.length === 1) waiting[0]?.reject(error);
      else for (const one of waiting) this.#applyTogether([one]);
      return;
    }
    for (const [index, { resolve }] of waiting.entries()) resolve(results[index] as ApplyResult);
  }

  #apply(runId: string, changes: readonly RunChange[]): ApplyResult {
    const previous = this.#runs.get(runId);
    const state = previous === undefined ? new RunState() : RunState.parse(previous.state);
    for (const change of changes) state.fold(change);
    const serialized = state.serialize();
    const now = this.#now();
    for (const change of changes) {
      this.#folders.fold(change, now);
      this.#instances.describe(runId, change);
    }
    if (previous !== undefined && previous.state === serialized) return { run: previous.row, changed: false };
    const { row, lostAt } = makeRunRow(runId, state.view(), previous, now, {
      name: defaultRunName(runId),
      heartbeatTimeoutSeconds: DEFAULT_HEARTBEAT_TIMEOUT_SECONDS,
    });
    this.#runs.put({ row, lostAt, state: serialized }, previous?.row);
    this.#folders.ensure(row.folder, now);
    return { run: row, changed: true };
  }
}
