import type { OutboxRow, OutboxStore, WaitingMessage } from '../alert-state-store.ts';
import { type Database, prepareAll, type SqlRow, type Statement } from '../sqlite-database.ts';

const QUERIES = {
  waiting: 'SELECT * FROM alert_outbox WHERE channel = ? AND sent IS NULL ORDER BY attempts, created LIMIT ?',
  markSent:
    'UPDATE alert_outbox SET sent = ?3, error = NULL WHERE channel = ?1 AND id IN (SELECT value FROM json_each(?2))',
  markFailed: `UPDATE alert_outbox SET attempts = attempts + 1, error = ?3
               WHERE channel = ?1 AND id IN (SELECT value FROM json_each(?2))`,
  firing: `SELECT o.* FROM alert_outbox o JOIN run ON run.id = o.run
           WHERE o.channel = ? AND o.is_last = 1 AND o.state = 'firing' AND run.status = 'running' LIMIT ?`,
  ofRun: 'SELECT * FROM alert_outbox WHERE run = ? ORDER BY time DESC LIMIT 1000',
  pruneSent: 'DELETE FROM alert_outbox WHERE sent < ? AND is_last = 0',
  pruneWaiting: 'DELETE FROM alert_outbox WHERE sent IS NULL AND created < ?',
} as const;

/** Messages about alerts, in the catalogue; they are put there by the evaluation. */
export class SqliteOutbox implements OutboxStore {
  readonly #now: () => bigint;
  readonly #statements: Readonly<Record<keyof typeof QUERIES, Statement>>;

  constructor(database: Database, nowUnixNano: () => bigint) {
    this.#now = nowUnixNano;
    this.#statements = prepareAll(database, QUERIES);
  }

  waiting(channel: string, limit: number): WaitingMessage[] {
    return this.#statements.waiting.all(channel, limit).map(readMessage);
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
