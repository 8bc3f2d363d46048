import { SimvueError } from 'simvue-otel/errors';
import { DEFAULT_HEARTBEAT_TIMEOUT_SECONDS } from 'simvue-otel/semconv';
import { DEFAULT_TENANT, LOCAL_USER } from '../pipeline/principal.ts';
import { compareStates, type FieldChange } from '../pipeline/run-activity.ts';
import type { RunChange } from '../pipeline/run-change.ts';
import { defaultRunName } from '../pipeline/run-name.ts';
import { RunState } from '../pipeline/run-state.ts';
import type { Owned } from '../pipeline/visibility.ts';
import type { AccountStore } from './account-store.ts';
import type { AlertStateStore, OutboxStore } from './alert-state-store.ts';
import { ArtifactTable } from './catalog/artifact-table.ts';
import { CATALOG_MIGRATIONS } from './catalog/catalog-schema.ts';
import { FolderTable } from './catalog/folder-table.ts';
import { InstanceTable } from './catalog/instance-table.ts';
import { ListReader } from './catalog/list-reader.ts';
import { MarkTable } from './catalog/mark-table.ts';
import { EXPIRED_IN_FOLDERS, EXPIRED_RUNS } from './catalog/run-expiry.ts';
import { readRunList } from './catalog/run-list.ts';
import { RunOwners } from './catalog/run-owners.ts';
import { makeRunRow, ROW_COLUMNS, readRunRow } from './catalog/run-rows.ts';
import { CatalogRunTable, isSameJson } from './catalog/run-table.ts';
import { SqliteAccounts } from './catalog/sqlite-accounts.ts';
import { SqliteActivity } from './catalog/sqlite-activity.ts';
import { SqliteAlertStates } from './catalog/sqlite-alert-states.ts';
import { SqliteAlerts } from './catalog/sqlite-alerts.ts';
import { SqliteExports } from './catalog/sqlite-exports.ts';
import { SqliteGrids } from './catalog/sqlite-grids.ts';
import { SqliteLastValues } from './catalog/sqlite-last-values.ts';
import { SqliteOutbox } from './catalog/sqlite-outbox.ts';
import { SqlitePage } from './catalog/sqlite-page.ts';
import { SqliteUsage } from './catalog/sqlite-usage.ts';
import { StorageTable } from './catalog/storage-table.ts';
import { TagTable } from './catalog/tag-table.ts';
import type { ApplyResult, CatalogStore, InstanceRow, RunListQuery, RunRow, SignOfLife } from './catalog-store.ts';
import { allowGivingBack, FreePages } from './free-pages.ts';
import type { PageStore } from './page-store.ts';
import { type Database, openDatabase, type Statement } from './sqlite-database.ts';
import type { UsageStore } from './usage-store.ts';

/** `simvue-collector token` writes to the catalogue of a running collector. Most of its hundred tables and indexes are nearly empty: small pages. */
const OPTIONS = {
  busyTimeoutMilliseconds: 5_000,
  cacheKibibytes: 32_768,
  pageBytes: 4096,
  autocheckpointPages: 1024,
  returnsPages: true,
} as const;
/** Pages that are given back in one step: a few milliseconds. */
const PAGES_A_STEP = 128;
const TOMBSTONE_NANO = 30n * 86_400n * 1_000_000_000n;

/**
 * Opens the catalogue in one SQLite file. Each method that writes is one durable transaction.
 *
 * @param nowUnixNano - wall time, nanoseconds since the epoch.
 * @param onWrite - told why a write failed for want of room, and with undefined of each that did not.
 */
export function openCatalog(
  path: string,
  nowUnixNano: () => bigint,
  onWrite: (trouble: string | undefined) => void = () => {},
): CatalogStore {
  const database = openDatabase(path, CATALOG_MIGRATIONS, { ...OPTIONS, onWrite });
  allowGivingBack(database, path);
  return new SqliteCatalog(database, nowUnixNano);
}

interface WaitingChanges {
  readonly runId: string;
  readonly changes: readonly RunChange[];
  resolve(result: ApplyResult): void;
  reject(error: unknown): void;
}

class SqliteCatalog implements CatalogStore {
  readonly #database: Database;
  #waiting: WaitingChanges[] = [];
  readonly #now: () => bigint;
  readonly #runs: CatalogRunTable;
  readonly folders: FolderTable;
  readonly tags: TagTable;
  readonly accounts: AccountStore;
  readonly artifacts: ArtifactTable;
  readonly storages: StorageTable;
  readonly usage: UsageStore;
  readonly page: PageStore;
  readonly alerts: SqliteAlerts;
  readonly alertStates: AlertStateStore;
  readonly outbox: OutboxStore;
  readonly exports: SqliteExports;
  readonly grids: SqliteGrids;
  readonly activity: SqliteActivity;
  readonly lastValues: SqliteLastValues;
  readonly #lists: ListReader;
  readonly #marks: MarkTable;
  readonly #owners: RunOwners;
  readonly #instances: InstanceTable;
  readonly #freePages: FreePages;
  readonly #bury: Statement;
  readonly #expired: readonly Statement[];
  /** Time of deletion of each run that has a tombstone. */
  readonly #deleted: Map<string, bigint>;

  constructor(database: Database, nowUnixNano: () => bigint) {
    this.#database = database;
    this.#now = nowUnixNano;
    this.#lists = new ListReader(database);
    this.tags = new TagTable(database, nowUnixNano);
    this.artifacts = new ArtifactTable(database, nowUnixNano);
    this.storages = new StorageTable(database, nowUnixNano);
    this.usage = new SqliteUsage(database);
    this.page = new SqlitePage(database, nowUnixNano);
    this.#runs = new CatalogRunTable(database, this.tags);
    this.folders = new FolderTable(database, this.tags, nowUnixNano);
    this.accounts = new SqliteAccounts(database, nowUnixNano);
    const outbox = new SqliteOutbox(database, nowUnixNano);
    this.outbox = outbox;
    this.alerts = new SqliteAlerts(database, nowUnixNano, outbox);
    this.alertStates = new SqliteAlertStates(database, nowUnixNano, (id) => this.alerts.attachedTo(id), outbox);
    this.exports = new SqliteExports(database, nowUnixNano);
    this.grids = new SqliteGrids(database, nowUnixNano);
    this.activity = new SqliteActivity(database);
    this.lastValues = new SqliteLastValues(database);
    this.#marks = new MarkTable(database);
    this.#owners = new RunOwners(database);
    this.#instances = new InstanceTable(database);
    this.#freePages = new FreePages(database, PAGES_A_STEP);
    this.#bury = database.prepare('INSERT OR REPLACE INTO tombstone SELECT value, ?2 FROM json_each(?1)');
    this.#expired = [EXPIRED_RUNS, EXPIRED_IN_FOLDERS].map((sql) => database.prepare(sql));
    database.prepare('DELETE FROM tombstone WHERE deleted < ?').run(nowUnixNano() - TOMBSTONE_NANO);
    this.#deleted = new Map(
      database
        .prepare('SELECT run, deleted FROM tombstone', { bigints: true })
        .all()
        .map((row) => [row['run'] as string, row['deleted'] as bigint]),
    );
  }

  async getRun(id: string): Promise<RunRow | undefined> {
    return this.findRun(id);
  }

  findRun(id: string): RunRow | undefined {
    return this.#runs.get(id)?.row;
  }

  ownerOf(runId: string): Owned | undefined {
    return this.#owners.get(runId);
  }

  async listRuns(query: RunListQuery) {
    return readRunList(this.#lists, query, this.#now());
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

  async recordSigns(signs: readonly SignOfLife[]): Promise<readonly string[]> {
    return this.#database.transaction(() => {
      const revived: string[] = [];
      for (const { runId, instance, timeUnixNano } of signs) {
        this.#instances.sign(runId, instance, timeUnixNano);
        if (!this.#runs.sign(runId, timeUnixNano, this.#now())) continue;
        this.activity.add(runId, [statusChange('lost', 'running')], { timeUnixNano, author: '', instance });
        revived.push(runId);
      }
      return revived;
    });
  }

  async setLost(runId: string): Promise<boolean> {
    const now = this.#now();
    return this.#database.transaction(() => {
      const isLost = this.#runs.setLost(runId, now);
      const found = { timeUnixNano: now, author: '', instance: '' };
      if (isLost) this.activity.add(runId, [statusChange('running', 'lost')], found);
      return isLost;
    });
  }

  async liveRuns(): Promise<RunRow[]> {
    return this.#database
      .prepare(`SELECT ${ROW_COLUMNS.join(', ')} FROM run WHERE status IN ('running', 'lost')`, { bigints: true })
      .arrays()
      .map(readRunRow);
  }

  async setStar(user: string, kind: 'run' | 'folder', id: string, starred: boolean): Promise<void> {
    this.#marks.setStar(user, kind, id, starred);
  }

  async starred(user: string, kind: 'run' | 'folder', ids: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#marks.starred(user, kind, ids);
  }

  async requestAbort(runId: string, reason: string, user: string): Promise<void> {
    this.#marks.requestAbort(runId, reason, user, this.#now());
  }

  async abortOf(runId: string) {
    return this.#marks.abort(runId);
  }

  async deleteRuns(ids: readonly string[]): Promise<readonly string[]> {
    const now = this.#now();
    // The live stream still asks whose a deleted run was.
    for (const id of ids) this.#owners.get(id);
    const list = JSON.stringify(ids);
    const deleted = this.#database.transaction(() => {
      const { alerts, exports, grids, activity, artifacts, lastValues } = this;
      for (const table of [alerts, exports, grids, activity, artifacts, lastValues]) table.forgetRuns(list);
      const there = this.#runs.delete(list);
      this.#bury.run(JSON.stringify(there), now);
      return there;
    });
    for (const id of deleted) this.#deleted.set(id, now);
    this.alerts.runsDeleted(deleted);
    return deleted;
  }

  async expiredRuns(limit: number): Promise<readonly string[]> {
    const now = this.#now();
    return this.#expired.flatMap((query) => query.all(now, limit).map((row) => row['id'] as string)).slice(0, limit);
  }

  isDeleted(id: string): boolean {
    return this.deletedAt(id) !== undefined;
  }

  deletedAt(id: string): bigint | undefined {
    return this.#deleted.get(id);
  }

  shrink(): boolean {
    return this.#freePages.giveBack();
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

  #applyWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length > 0) this.#applyTogether(waiting);
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
    if (this.isDeleted(runId)) throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `run ${runId} was deleted`);
    const previous = this.#runs.get(runId);
    const state = previous === undefined ? new RunState() : RunState.parse(previous.state);
    const now = this.#now();
    let view = previous === undefined ? undefined : state.view();
    for (const change of changes) {
      state.fold(change);
      const next = state.view();
      const { author = '', instance } = change;
      // What a resource says has no time of its own.
      const timeUnixNano = change.timeUnixNano || (change.firstSeenUnixNano ?? now);
      this.activity.add(runId, compareStates(view, next), { timeUnixNano, author, instance });
      view = next;
    }
    const serialized = state.serialize();
    let hasFolderChanged = false;
    const { user = LOCAL_USER, tenant = DEFAULT_TENANT } = state.view();
    for (const change of changes) {
      const details = change.folderDetails;
      if (details !== undefined) {
        hasFolderChanged = this.folders.fold(details, change, { user, tenant }) || hasFolderChanged;
      }
      this.#instances.describe(runId, change);
    }
    const system = this.#instances.systemOf(runId);
    const isSameSystem = previous !== undefined && isSameJson(system, previous.row.system);
    if (isSameSystem && previous.state === serialized) return { run: previous.row, changed: hasFolderChanged };
    const { row, lostAt } = makeRunRow(runId, state.view(), previous, system, now, {
      name: defaultRunName(runId),
      heartbeatTimeoutSeconds: DEFAULT_HEARTBEAT_TIMEOUT_SECONDS,
    });
    this.#runs.put({ row, lostAt, state: serialized }, previous?.row);
    this.folders.ensure(row.folder, row);
    this.#owners.set(runId, row);
    return { run: row, changed: true };
  }
}

const statusChange = (before: string, after: string): FieldChange => ({ field: 'status', key: '', before, after });
