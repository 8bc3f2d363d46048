import { setImmediate } from 'node:timers/promises';
import { channelsOf } from '../../pipeline/alert-channels.ts';
import { randomId } from '../../pipeline/run-id.ts';
import type { AlertDefinition, AlertListQuery, AlertRow, AlertStatus, AlertStore, RunAlert } from '../alert-store.ts';
import { type Database, prepareAll, type SqlParameter, type Statement } from '../sqlite-database.ts';
import { ALERT_COLUMNS, digestOf, parametersOf, readAlert } from './alert-row.ts';
import type { SqliteOutbox } from './sqlite-outbox.ts';

const QUERIES = {
  get: 'SELECT * FROM alert WHERE id = ?',
  known: 'SELECT id FROM alert WHERE digest = ?',
  put: `INSERT OR REPLACE INTO alert (${ALERT_COLUMNS.join(', ')}) VALUES (${ALERT_COLUMNS.map(() => '?').join(', ')})`,
  remove: 'DELETE FROM alert WHERE id = ?',
  removeFromRun: 'DELETE FROM run_alert WHERE run = ? AND alert = ?',
  ofRuns: `SELECT run, alert, status, iif(status IS NULL, NULL, changed) AS since FROM run_alert
           WHERE run IN (SELECT value FROM json_each(?)) AND attached > 0 ORDER BY run, attached`,
  newIds: `SELECT value FROM json_each(?2) WHERE value NOT IN (SELECT alert FROM run_alert WHERE run = ?1)
           AND value IN (SELECT id FROM alert)`,
  hasHad: 'SELECT 1 FROM run_alert WHERE run = ? AND alert IN (SELECT id FROM alert WHERE digest = ?)',
  attach: `INSERT INTO run_alert (run, alert, attached, changed) VALUES (?1, ?2, ?3, ?4)
           ON CONFLICT (run, alert) DO UPDATE SET attached = ?3`,
  status: 'SELECT status FROM run_alert WHERE run = ? AND alert = ?',
  clearStatus: `UPDATE run_alert SET status = NULL WHERE run = ?1 AND alert = ?2
                AND NOT EXISTS (SELECT 1 FROM alert WHERE id = ?2 AND source = 'user')`,
  clearStatuses: `UPDATE run_alert SET status = NULL WHERE alert = ? AND status IS NOT NULL
                  AND run IN (SELECT id FROM run WHERE status IN ('created', 'running', 'lost'))`,
  attachedOthers: `SELECT alert FROM run_alert WHERE run = ? AND attached > 0 AND alert NOT IN (SELECT value FROM json_each(?))`,
  sameName: `SELECT alert FROM run_alert WHERE run = ?1 AND attached > 0 AND alert IN (
               SELECT id FROM alert WHERE name IN (SELECT name FROM alert WHERE id IN (SELECT value FROM json_each(?2))))`,
  lastPlace: 'SELECT coalesce(max(attached), 0) AS place FROM run_alert WHERE run = ?',
  runsOf: 'SELECT run FROM run_alert WHERE alert = ? LIMIT ?',
  automatic: 'SELECT * FROM alert WHERE auto = 1 AND enabled = 1 ORDER BY id',
  detachOne: 'UPDATE run_alert SET attached = 0 WHERE run = ? AND alert = ? AND attached > 0',
  forgetWatch: 'DELETE FROM alert_watch WHERE run = ? AND alert = ?',
  attachOne: `INSERT INTO run_alert (run, alert, attached, changed)
              SELECT ?1, ?2, coalesce(max(attached), 0) + 1, ?3 FROM run_alert WHERE run = ?1
              ON CONFLICT (run, alert) DO UPDATE SET attached = excluded.attached WHERE run_alert.attached = 0`,
} as const;
const TAKEN = 'the alert was taken from the run';
const DELETED = 'the alert was deleted';
/** Runs from which an alert that is deleted is taken in one turn of the event loop: some milliseconds. */
const RUNS_A_TURN = 10;
/** Alerts held in memory. */
const MAX_ROWS = 10_000;
/** Tables that hold something of a run. */
const RUN_TABLES = ['run_alert', 'alert_watch', 'alert_run', 'alert_evaluation', 'alert_outbox', 'alert_news'] as const;
/** What is kept of an alert in a run; a message that it is over has yet to be sent. */
const RUN_ALERT_PARTS = [
  'alert_watch WHERE run = ? AND alert = ?',
  'alert_evaluation WHERE run = ? AND alert = ?',
  'alert_outbox WHERE run = ? AND alert = ? AND sent IS NOT NULL',
] as const;

/** Alerts in the catalogue. `run_alert.attached` is the place in the run's list from 1 on; 0 = only a status is kept. */
export class SqliteAlerts implements AlertStore {
  readonly #database: Database;
  readonly #now: () => bigint;
  readonly #outbox: Pick<SqliteOutbox, 'withdraw'>;
  readonly #statements: Readonly<Record<keyof typeof QUERIES, Statement>>;
  readonly #forgetRuns: readonly Statement[];
  readonly #forgetRunAlert: readonly Statement[];
  readonly #rows = new Map<string, AlertRow>();
  /** Undefined = to be read again. */
  #automatic: readonly AlertRow[] | undefined;
  #listener: (runIds: readonly string[]) => void = () => undefined;

  constructor(database: Database, nowUnixNano: () => bigint, outbox: Pick<SqliteOutbox, 'withdraw'>) {
    this.#database = database;
    this.#now = nowUnixNano;
    this.#outbox = outbox;
    this.#statements = prepareAll(database, QUERIES);
    this.#forgetRuns = RUN_TABLES.map((table) =>
      database.prepare(`DELETE FROM ${table} WHERE run IN (SELECT value FROM json_each(?))`),
    );
    this.#forgetRunAlert = RUN_ALERT_PARTS.map((part) => database.prepare(`DELETE FROM ${part}`));
  }

  async list({ tenant, sort, start, count }: AlertListQuery) {
    const [where, parameters]: [string, SqlParameter[]] =
      tenant === undefined ? ['', []] : ['WHERE tenant = ?', [tenant]];
    const order = sort.map(({ column, descending }) => `${column} ${descending ? 'DESC' : 'ASC'}`);
    const page = `SELECT * FROM alert ${where} ORDER BY ${[...order, 'id'].join(', ')} LIMIT ? OFFSET ?`;
    const rows = this.#database
      .prepare(page, { bigints: true })
      .all(...parameters, count > 0 ? count : -1, start)
      .map(readAlert);
    const total = this.#database.prepare(`SELECT count(*) AS total FROM alert ${where}`).get(...parameters);
    return { count: Number(total?.['total'] ?? 0), alerts: rows };
  }

  async get(id: string): Promise<AlertRow | undefined> {
    return this.#row(id);
  }

  async create(
    definition: AlertDefinition,
    owner: { readonly user: string; readonly tenant: string },
    deduplicate: boolean,
  ) {
    return this.#database.transaction(() => {
      const known = deduplicate ? this.#statements.known.get(digestOf(definition, owner.tenant)) : undefined;
      if (known !== undefined) return { id: known['id'] as string, isNew: false };
      const id = randomId();
      this.#put({ ...definition, ...owner, id, createdUnixNano: this.#now(), revision: 0 });
      return { id, isNew: true };
    });
  }

  automatic(): readonly AlertRow[] {
    this.#automatic ??= this.#statements.automatic.all().map(readAlert);
    return this.#automatic;
  }

  onChange(listener: (runIds: readonly string[]) => void): void {
    this.#listener = listener;
  }

  async change(id: string, definition: AlertDefinition): Promise<void> {
    const row = await this.get(id);
    if (row === undefined) return;
    const isSwitched = row.enabled !== definition.enabled;
    this.#database.transaction(() => {
      if (row.source !== 'user' && (isSwitched || looksAt(row) !== looksAt(definition))) {
        this.#outbox.withdraw(id, undefined, isSwitched ? 'the alert was switched off' : 'the alert was changed');
        this.#statements.clearStatuses.run(id);
      } else if (row.notification !== definition.notification) {
        this.#outbox.withdraw(id, undefined, 'this channel is told no more', channelsOf(definition.notification));
      }
      this.#put({ ...row, ...definition, revision: row.revision + (isSwitched ? 1 : 0) });
    });
    this.#listener(this.#runsOf(id, -1));
  }

  async remove(id: string): Promise<void> {
    const { removeFromRun, remove } = this.#statements;
    for (let runIds = this.#runsOf(id, RUNS_A_TURN); runIds.length > 0; runIds = this.#runsOf(id, RUNS_A_TURN)) {
      this.#database.transaction(() => {
        for (const runId of runIds) {
          this.#outbox.withdraw(id, runId, DELETED);
          for (const statement of [...this.#forgetRunAlert, removeFromRun]) statement.run(runId, id);
        }
      });
      this.#listener(runIds);
      await setImmediate();
    }
    remove.run(id);
    this.#forget(id);
  }

  attachedTo(runId: string): readonly RunAlert[] {
    return this.#ofRuns([runId]).get(runId) ?? [];
  }

  async ofRuns(runIds: readonly string[]): Promise<ReadonlyMap<string, readonly RunAlert[]>> {
    return this.#ofRuns(runIds);
  }

  #ofRuns(runIds: readonly string[]): Map<string, RunAlert[]> {
    const found = new Map<string, RunAlert[]>();
    for (const row of this.#statements.ofRuns.all(JSON.stringify(runIds))) {
      const alert = this.#row(row['alert'] as string);
      if (alert === undefined) continue;
      const status = row['status'] as AlertStatus | null;
      const entry = { alert, status, sinceUnixNano: row['since'] as bigint | null };
      const runId = row['run'] as string;
      const list = found.get(runId);
      if (list === undefined) found.set(runId, [entry]);
      else list.push(entry);
    }
    return found;
  }

  async attach(runId: string, ids: readonly string[]): Promise<void> {
    this.#database.transaction(() => {
      for (const row of this.#statements.attachedOthers.all(runId, JSON.stringify(ids)))
        this.#take(runId, row['alert'] as string, TAKEN);
      const now = this.#now();
      for (const [index, id] of ids.entries()) this.#statements.attach.run(runId, id, index + 1, now);
    });
    this.#listener([runId]);
  }

  async attachOne(runId: string, id: string): Promise<void> {
    this.#statements.attachOne.run(runId, id, this.#now());
    this.#listener([runId]);
  }

  async detach(runId: string, id: string): Promise<void> {
    this.#database.transaction(() => this.#take(runId, id, TAKEN));
    this.#listener([runId]);
  }

  async add(runId: string, ids: readonly string[]): Promise<boolean> {
    const newIds = this.#statements.newIds.all(runId, JSON.stringify(ids)).map((row) => row['value'] as string);
    if (newIds.length === 0) return false;
    this.#database.transaction(() => {
      const place = Number(this.#statements.lastPlace.get(runId)?.['place']);
      for (const row of this.#statements.sameName.all(runId, JSON.stringify(newIds)))
        this.#take(runId, row['alert'] as string, 'the alert was defined anew');
      for (const [index, id] of newIds.entries()) {
        this.#statements.attach.run(runId, id, place + index + 1, this.#now());
      }
    });
    this.#listener([runId]);
    return true;
  }

  hasHad(runId: string, definition: AlertDefinition & Pick<AlertRow, 'tenant'>): boolean {
    return this.#statements.hasHad.get(runId, digestOf(definition, definition.tenant)) !== undefined;
  }

  async status(alertId: string, runId: string): Promise<AlertStatus | null> {
    return (this.#statements.status.get(runId, alertId)?.['status'] ?? null) as AlertStatus | null;
  }

  /** Part of the transaction that deletes runs. @param ids - a JSON list. */
  forgetRuns(ids: string): void {
    for (const statement of this.#forgetRuns) statement.run(ids);
  }

  /** Tells of runs that were deleted. */
  runsDeleted(runIds: readonly string[]): void {
    this.#listener(runIds);
  }

  /** Part of a transaction. When it is attached again, it begins anew. */
  #take(runId: string, id: string, note: string): void {
    const { detachOne, clearStatus, forgetWatch } = this.#statements;
    if (detachOne.run(runId, id).changes === 0) return;
    this.#outbox.withdraw(id, runId, note);
    clearStatus.run(runId, id);
    forgetWatch.run(runId, id);
  }

  /** @param limit - -1 = all. */
  #runsOf(alertId: string, limit: number): string[] {
    return this.#statements.runsOf.all(alertId, limit).map((row) => row['run'] as string);
  }

  /** A run with many alerts is read often: definitions are parsed once. */
  #row(id: string): AlertRow | undefined {
    const known = this.#rows.get(id);
    if (known !== undefined) return known;
    const found = this.#statements.get.get(id);
    if (found === undefined) return undefined;
    if (this.#rows.size >= MAX_ROWS) this.#rows.clear();
    const row = readAlert(found);
    this.#rows.set(id, row);
    return row;
  }

  #forget(id: string): void {
    this.#rows.delete(id);
    this.#automatic = undefined;
  }

  #put(row: AlertRow): void {
    this.#forget(row.id);
    this.#statements.put.run(...parametersOf(row));
  }
}

/** What it looks at, and when it fires. */
function looksAt({ source, rule, delay }: AlertDefinition): string {
  return JSON.stringify([source, rule, delay]);
}
