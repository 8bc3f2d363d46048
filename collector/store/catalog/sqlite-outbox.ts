import { formatTimestamp } from 'simvue-otel/time';
import { hashId } from '../../pipeline/run-id.ts';
import type { OutboxRow, OutboxStore, WaitingMessage } from '../alert-state-store.ts';
import { type Database, prepareAll, type SqlRow, type Statement } from '../sqlite-database.ts';

/** Runs in which an alert can still change. */
const LIVE = `('created', 'running', 'lost')`;
/** Messages by which channels were told last that an alert fires, in runs that are not over. */
const FIRING = `SELECT o.* FROM alert_outbox o JOIN run ON run.id = o.run
                WHERE o.is_last = 1 AND o.state = 'firing' AND run.status IN ${LIVE}`;
const QUERIES = {
  isKnown: 'SELECT 1 FROM alert_outbox WHERE channel = ? AND id = ?',
  notLast: 'UPDATE alert_outbox SET is_last = 0 WHERE run = ? AND alert = ? AND series = ? AND channel = ?',
  put: `INSERT INTO alert_outbox (id, channel, run, alert, series, state, time, message, created, attempts, is_last)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1)`,
  firingOf: `${FIRING} AND o.alert = ?`,
  firingIn: `${FIRING} AND o.alert = ? AND o.run = ?`,
  waiting: 'SELECT * FROM alert_outbox WHERE channel = ? AND sent IS NULL ORDER BY attempts, created LIMIT ?',
  countWaiting: `SELECT count(*) AS messages FROM (
                   SELECT 1 FROM alert_outbox WHERE channel = ? AND sent IS NULL LIMIT 10000)`,
  markSent:
    'UPDATE alert_outbox SET sent = ?3, error = NULL WHERE channel = ?1 AND id IN (SELECT value FROM json_each(?2))',
  markFailed: `UPDATE alert_outbox SET attempts = attempts + 1, error = ?3
               WHERE channel = ?1 AND id IN (SELECT value FROM json_each(?2))`,
  firing: `${FIRING} AND o.channel = ? LIMIT ?`,
  ofRun: 'SELECT * FROM alert_outbox WHERE run = ? ORDER BY time DESC LIMIT 1000',
  pruneSent: `DELETE FROM alert_outbox WHERE sent < ? AND (is_last = 0 OR state <> 'firing')`,
  pruneWaiting: 'DELETE FROM alert_outbox WHERE sent IS NULL AND created < ?',
} as const;

/** Messages about alerts, in the catalogue; put there in the transactions of what they tell. */
export class SqliteOutbox implements OutboxStore {
  readonly #now: () => bigint;
  readonly #statements: Readonly<Record<keyof typeof QUERIES, Statement>>;

  constructor(database: Database, nowUnixNano: () => bigint) {
    this.#now = nowUnixNano;
    this.#statements = prepareAll(database, QUERIES);
  }

  /** Part of a transaction. The newest message of an alert and series is marked; one that is known is left out. */
  put({ id, channel, runId, alertId, series, state, timeUnixNano, message }: OutboxRow): void {
    if (this.#statements.isKnown.get(channel, id) !== undefined) return;
    this.#statements.notLast.run(runId, alertId, series, channel);
    this.#statements.put.run(id, channel, runId, alertId, series, state, timeUnixNano, message, this.#now());
  }

  /**
   * Part of a transaction that takes an alert from a run, or from all runs, or changes it: who was told that it fires is told that it is
   * over.
   *
   * @param note - why, in words. @param kept - channels that are left alone.
   */
  withdraw(alertId: string, runId: string | undefined, note: string, kept: readonly string[] = []): void {
    const { firingOf, firingIn } = this.#statements;
    const rows = runId === undefined ? firingOf.all(alertId) : firingIn.all(alertId, runId);
    const timeUnixNano = this.#now();
    for (const told of rows.map(readMessage)) {
      if (kept.includes(told.channel)) continue;
      const message = JSON.parse(told.message) as { readonly alert: object };
      const id = hashId('alert', told.id, note);
      const alert = { ...message.alert, value: null, points: 0, note };
      const over = { ...message, id, state: 'resolved', time: formatTimestamp(timeUnixNano), alert };
      this.put({ ...told, id, state: 'ok', timeUnixNano, message: JSON.stringify(over) });
    }
  }

  waiting(channel: string, limit: number): WaitingMessage[] {
    return this.#statements.waiting.all(channel, limit).map(readMessage);
  }

  countWaiting(channel: string): number {
    return Number(this.#statements.countWaiting.get(channel)?.['messages']);
  }

  markSent(channel: string, ids: readonly string[]): void {
    this.#statements.markSent.run(channel, JSON.stringify(ids), this.#now());
  }

  markFailed(channel: string, ids: readonly string[], error: string): void {
    this.#statements.markFailed.run(channel, JSON.stringify(ids), error);
  }

  firing(channel: string, limit: number): OutboxRow[] {
    return this.#statements.firing.all(channel, limit).map(readMessage);
  }

  ofRun(runId: string): WaitingMessage[] {
    return this.#statements.ofRun.all(runId).map(readMessage);
  }

  prune(beforeUnixNano: bigint): number {
    this.#statements.pruneSent.run(beforeUnixNano);
    return this.#statements.pruneWaiting.run(beforeUnixNano).changes;
  }
}

function readMessage(row: SqlRow): WaitingMessage {
  return {
    id: row['id'] as string,
    channel: row['channel'] as string,
    runId: row['run'] as string,
    alertId: row['alert'] as string,
    series: row['series'] as string,
    state: row['state'] as string,
    timeUnixNano: row['time'] as bigint,
    message: row['message'] as string,
    attempts: Number(row['attempts']),
    error: row['error'] as string | null,
    sentUnixNano: row['sent'] as bigint | null,
  };
}
