import type { ActivityField, FieldChange } from '../../pipeline/run-activity.ts';
import { type ActivityRow, type ActivityStore, MAX_ACTIVITY } from '../activity-store.ts';
import { type Database, prepareAll, type SqlRow, type Statement } from '../sqlite-database.ts';

/** Texts are for readers: a value of 64 KiB in each of a thousand entries would be a second copy of the data. */
const MAX_TEXT = 1_024;
const QUERIES = {
  last: 'SELECT max(number) AS number FROM activity WHERE run = ?',
  insert: 'INSERT INTO activity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  forget: 'DELETE FROM activity WHERE run = ? AND number <= ?',
  page: `SELECT * FROM activity WHERE run = ?1 AND (?2 IS NULL OR field = ?2) ORDER BY number DESC LIMIT ?4 OFFSET ?3`,
  total: `SELECT count(*) FILTER (WHERE ?2 IS NULL OR field = ?2) AS total, coalesce(min(number), 1) AS first
    FROM activity WHERE run = ?1`,
  wentOn: `SELECT time FROM activity WHERE run = ? AND (field = 'attempt'
    OR field = 'status' AND (after = '"lost"' OR after = '"running"' AND before NOT IN ('"created"', '"lost"'))) ORDER BY number DESC LIMIT 1`,
  forgetRuns: 'DELETE FROM activity WHERE run IN (SELECT value FROM json_each(?))',
} as const;

/** Who changed something, and when. */
export interface Origin {
  readonly timeUnixNano: bigint;
  readonly author: string;
  readonly instance: string;
}

/** History of runs in the catalogue; written in the transaction of the change itself. */
export class SqliteActivity implements ActivityStore {
  readonly #statements: Readonly<Record<keyof typeof QUERIES, Statement>>;

  constructor(database: Database) {
    this.#statements = prepareAll(database, QUERIES);
  }

  /** Part of the transaction that changes the run. */
  add(runId: string, changes: readonly FieldChange[], { timeUnixNano, author, instance }: Origin): void {
    if (changes.length === 0) return;
    let number = Number(this.#statements.last.get(runId)?.['number'] ?? 0);
    for (const { field, key, before, after } of changes.slice(-MAX_ACTIVITY)) {
      number += 1;
      this.#statements.insert.run(runId, number, timeUnixNano, field, key, text(before), text(after), author, instance);
    }
    if (number > MAX_ACTIVITY) this.#statements.forget.run(runId, number - MAX_ACTIVITY);
  }

  async ofRun(runId: string, { field, start, count }: Parameters<ActivityStore['ofRun']>[1]) {
    const totals = this.#statements.total.get(runId, field ?? null);
    const rows = this.#statements.page.all(runId, field ?? null, start, count).map(readRow);
    return { count: Number(totals?.['total'] ?? 0), forgotten: Number(totals?.['first'] ?? 1) - 1, rows };
  }

  /** The sign that brings a lost run back is as new as what came with it: what went on began before. */
  wentOnAt(runId: string): bigint | undefined {
    return this.#statements.wentOn.get(runId)?.['time'] as bigint | undefined;
  }

  /** Part of the transaction that deletes runs. @param ids - a JSON list. */
  forgetRuns(ids: string): void {
    this.#statements.forgetRuns.run(ids);
  }
}

function text(value: FieldChange['before']): string | null {
  if (value === undefined) return null;
  const json = JSON.stringify(value);
  return json.length > MAX_TEXT ? `${json.slice(0, MAX_TEXT)}…` : json;
}

/** @param row - read with `bigints`. */
function readRow(row: SqlRow): ActivityRow {
  return {
    number: Number(row['number']),
    timeUnixNano: row['time'] as bigint,
    field: row['field'] as ActivityField,
    key: row['key'] as string,
    before: row['before'] as string | null,
    after: row['after'] as string | null,
    author: row['author'] as string,
    instance: row['instance'] as string,
  };
}
