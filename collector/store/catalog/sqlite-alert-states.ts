import type {
  AlertBatch,
  AlertStateStore,
  Evaluated,
  EvaluationRow,
  SavedRun,
  SavedWatch,
} from '../alert-state-store.ts';
import type { RunAlert } from '../alert-store.ts';
import { type Database, prepareAll, type SqlRow, type Statement } from '../sqlite-database.ts';
import type { SqliteOutbox } from './sqlite-outbox.ts';

/** Evaluations kept of each series. */
const KEPT_EVALUATIONS = 300;
const QUERIES = {
  position: 'SELECT sequence FROM alert_position WHERE id = 1',
  setPosition: 'INSERT OR REPLACE INTO alert_position VALUES (1, ?)',
  liveRuns: `SELECT DISTINCT r.run FROM run_alert r JOIN run ON run.id = r.run
             WHERE r.attached > 0 AND run.status IN ('created', 'running', 'lost')`,
  news: 'SELECT run FROM alert_news',
  isNews: 'SELECT 1 FROM alert_news WHERE run = ?',
  forgetNews: 'DELETE FROM alert_news WHERE run IN (SELECT value FROM json_each(?))',
  run: 'SELECT start, reached FROM alert_run WHERE run = ?',
  putRun: 'INSERT OR REPLACE INTO alert_run VALUES (?, ?, ?)',
  watches: 'SELECT * FROM alert_watch WHERE run = ?',
  watchParts: 'SELECT p.* FROM alert_watch w JOIN alert_watch_part p ON p.watch = w.id WHERE w.run = ?',
  putWatch: `INSERT INTO alert_watch VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?7, ?6)
             ON CONFLICT (run, alert, series)
             DO UPDATE SET rule = ?4, sequence = ?5, evaluations = evaluations + ?7, state = ?6
             RETURNING id, evaluations`,
  putPart: 'INSERT OR REPLACE INTO alert_watch_part VALUES (?, ?, ?)',
  removePart: 'DELETE FROM alert_watch_part WHERE watch = ? AND part = ?',
  putEvaluation: 'INSERT OR REPLACE INTO alert_evaluation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  evaluations: 'SELECT * FROM alert_evaluation WHERE run = ? AND alert = ? ORDER BY time DESC, series',
  setStatus: `INSERT INTO run_alert (run, alert, attached, status, changed)
              SELECT ?1, ?2, 0, ?3, ?4 WHERE EXISTS (SELECT 1 FROM run WHERE id = ?1)
              ON CONFLICT (run, alert) DO UPDATE SET status = ?3, changed = iif(status IS ?3, changed, ?4)`,
  abort: 'INSERT OR IGNORE INTO run_abort VALUES (?, ?, ?, ?)',
} as const;

/** The evaluation of alerts, in the catalogue: what it knows, what it found and what is to be told are one transaction. */
export class SqliteAlertStates implements AlertStateStore {
  readonly #database: Database;
  readonly #now: () => bigint;
  readonly #attachedTo: (runId: string) => readonly RunAlert[];
  readonly #outbox: Pick<SqliteOutbox, 'put'>;
  readonly #statements: Readonly<Record<keyof typeof QUERIES, Statement>>;

  /** @param attachedTo - alerts of a run. */
  constructor(
    database: Database,
    nowUnixNano: () => bigint,
    attachedTo: (runId: string) => readonly RunAlert[],
    outbox: Pick<SqliteOutbox, 'put'>,
  ) {
    this.#database = database;
    this.#now = nowUnixNano;
    this.#attachedTo = attachedTo;
    this.#outbox = outbox;
    this.#statements = prepareAll(database, QUERIES);
  }

  get position(): number {
    return Number(this.#statements.position.get()?.['sequence'] ?? 0);
  }

  liveRuns(): string[] {
    return this.#statements.liveRuns.all().map((row) => row['run'] as string);
  }

  news(): string[] {
    return this.#statements.news.all().map((row) => row['run'] as string);
  }

  isNews(runId: string): boolean {
    return this.#statements.isNews.get(runId) !== undefined;
  }

  load(runId: string): SavedRun {
    const run = this.#statements.run.get(runId);
    return {
      alerts: this.#attachedTo(runId),
      watches: this.#watches(runId),
      startUnixNano: run === undefined ? null : (run['start'] as bigint),
      reachedNano: run === undefined ? 0 : Number(run['reached']),
    };
  }

  save(batch: AlertBatch): void {
    const { putRun, setStatus, abort, setPosition, forgetNews } = this.#statements;
    const now = this.#now();
    this.#database.transaction(() => {
      for (const watch of batch.watches) this.#putWatch(watch);
      for (const [runId, { startUnixNano, nano }] of batch.reached) putRun.run(runId, startUnixNano, nano);
      for (const { runId, alertId, status } of batch.statuses) setStatus.run(runId, alertId, status, now);
      for (const message of batch.outbox) this.#outbox.put(message);
      for (const { runId, reason, user } of batch.aborts) abort.run(runId, reason, user, now);
      if (batch.over !== undefined) forgetNews.run(JSON.stringify(batch.over));
      if (batch.position !== undefined) setPosition.run(batch.position);
    });
  }

  evaluations(alertId: string, runId: string): EvaluationRow[] {
    return this.#statements.evaluations.all(runId, alertId).map(readEvaluation);
  }

  #watches(runId: string): SavedWatch[] {
    const parts = new Map<bigint, Map<number, Float64Array>>();
    for (const row of this.#statements.watchParts.all(runId)) {
      const watch = row['watch'] as bigint;
      const known = parts.get(watch) ?? new Map<number, Float64Array>();
      parts.set(watch, known.set(Number(row['part']), numbersOf(row['cells'] as Buffer)));
    }
    return this.#statements.watches
      .all(runId)
      .map((row) => readWatch(row, parts.get(row['id'] as bigint) ?? new Map()));
  }

  #putWatch({
    runId,
    alertId,
    series,
    rule,
    sequence,
    state,
    parts,
    evaluations,
  }: AlertBatch['watches'][number]): void {
    const { putWatch, putPart, removePart } = this.#statements;
    const row = putWatch.get(runId, alertId, series, rule, sequence, bytesOf(state), evaluations.length);
    const id = row?.['id'] as bigint;
    for (const [part, cells] of parts) {
      if (cells.length > 0) putPart.run(id, part, bytesOf(cells));
      else removePart.run(id, part);
    }
    const total = Number(row?.['evaluations']);
    for (const [index, evaluation] of evaluations.entries()) {
      this.#putEvaluation(runId, alertId, series, total - evaluations.length + index + 1, evaluation);
    }
  }

  #putEvaluation(runId: string, alertId: string, series: string, count: number, row: Evaluated): void {
    this.#statements.putEvaluation.run(
      runId,
      alertId,
      series,
      count % KEPT_EVALUATIONS,
      row.timeUnixNano,
      row.fromUnixNano,
      row.share,
      row.points,
      row.nonFinite,
      row.late,
      row.skipped,
      row.value,
      row.verdict,
      row.hasChanged ? 1 : 0,
    );
  }
}

function bytesOf(state: Float64Array): Buffer {
  return Buffer.from(state.buffer, state.byteOffset, state.byteLength);
}

function numbersOf(blob: Buffer): Float64Array {
  const bytes = Uint8Array.from(blob);
  return new Float64Array(bytes.buffer, 0, Math.floor(bytes.length / 8));
}

function readWatch(row: SqlRow, parts: ReadonlyMap<number, Float64Array>): SavedWatch {
  return {
    alertId: row['alert'] as string,
    series: row['series'] as string,
    rule: row['rule'] as string,
    sequence: Number(row['sequence']),
    state: numbersOf(row['state'] as Buffer),
    parts,
  };
}

function readEvaluation(row: SqlRow): EvaluationRow {
  return {
    alertId: row['alert'] as string,
    runId: row['run'] as string,
    series: row['series'] as string,
    timeUnixNano: row['time'] as bigint,
    fromUnixNano: row['start'] as bigint,
    share: Number(row['share']),
    points: Number(row['points']),
    nonFinite: Number(row['non_finite']),
    late: Number(row['late']),
    skipped: Number(row['skipped']),
    value: row['value'] === null ? null : Number(row['value']),
    verdict: row['verdict'] as EvaluationRow['verdict'],
    hasChanged: row['changed'] === 1n,
  };
}
