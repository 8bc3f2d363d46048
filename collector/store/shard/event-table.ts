import { createHash } from 'node:crypto';
import type { Attributes, EventRecord } from '../../pipeline/telemetry.ts';
import { type Database, prepareAll, type SqlParameter, type SqlRow, type Statement } from '../sqlite-database.ts';
import type { EventCount, EventHistogramBin, EventPage, EventQuery, RunEvents } from '../telemetry-store.ts';

const HASH_BYTES = 12;
/** No limit, for SQLite. */
const ALL = -1;
/** OTLP severity numbers at which a level begins. */
const INFO = 9;
const WARN = 13;
const ERROR = 17;

const countOf = (counted: EventCount): string => `
  SELECT run.id, event_${counted} FROM json_each(?) asked CROSS JOIN run ON run.id = asked.value WHERE event_${counted} > 0`;

/** Rows of events of one shard. The key is the identity of an event: delivered twice, stored once. */
export class EventTable {
  readonly #database: Database;
  readonly #insert: Statement;
  readonly #count: Statement;
  readonly #counts: Readonly<Record<EventCount, Statement>>;
  readonly #histogram: Statement;
  /** Grows over restarts too, as long as the clock does; tells the order of events of one time. */
  #arrival = Date.now() * 1000;

  constructor(database: Database) {
    this.#database = database;
    this.#insert = database.prepare(`INSERT OR IGNORE INTO event VALUES (${'?, '.repeat(14)}?)`);
    this.#count = database.prepare(
      `UPDATE run SET event_count = event_count + ?, event_errors = event_errors + ?, event_warnings = event_warnings + ?
       WHERE number = ?`,
    );
    this.#counts = prepareAll(database, {
      count: countOf('count'),
      errors: countOf('errors'),
      warnings: countOf('warnings'),
    });
    this.#histogram = database.prepare(
      `SELECT (time - ?1) / ?3 AS bin,
         count(*) FILTER (WHERE severity >= ${ERROR}) AS error,
         count(*) FILTER (WHERE severity >= ${WARN} AND severity < ${ERROR}) AS warn,
         count(*) FILTER (WHERE severity >= ${INFO} AND severity < ${WARN}) AS info,
         count(*) FILTER (WHERE severity < ${INFO}) AS debug
       FROM event WHERE run = ?4 AND time BETWEEN ?1 AND ?2 GROUP BY bin ORDER BY bin`,
    );
  }

  /** Adds the events of one request. @returns how many were there already. */
  insert(run: number, events: RunEvents): number {
    const repetitions = new Map<string, number>();
    const counts: Record<EventCount, number> = { count: 0, errors: 0, warnings: 0 };
    for (const record of events.records) {
      const hash = identityOf(record, events.instance);
      const key = `${record.timeUnixNano}:${hash.toString('latin1')}`;
      const repetition = repetitions.get(key) ?? 0;
      if (record.uid === undefined) repetitions.set(key, repetition + 1);
      const { changes } = this.#insert.run(
        run,
        record.timeUnixNano,
        hash,
        repetition,
        record.observedTimeUnixNano,
        record.severityNumber,
        record.severityText,
        record.eventName,
        record.body,
        JSON.stringify(record.attributes),
        record.traceId,
        record.spanId,
        record.uid ?? null,
        events.instance,
        this.#arrival++,
      );
      if (changes === 0) continue;
      counts.count++;
      if (record.severityNumber >= ERROR) counts.errors++;
      else if (record.severityNumber >= WARN) counts.warnings++;
    }
    if (counts.count > 0) this.#count.run(counts.count, counts.errors, counts.warnings, run);
    return events.records.length - counts.count;
  }

  /** @returns a number a run; undefined = none. */
  counts(counted: EventCount, runIds: readonly string[]): (number | undefined)[] {
    const rows = this.#counts[counted].arrays(JSON.stringify(runIds));
    const found = new Map(rows.map(([id, count]) => [id as string, Number(count)]));
    return runIds.map((id) => found.get(id));
  }

  page(run: number, query: EventQuery): EventPage {
    const conditions = ['run = ?'];
    const parameters: SqlParameter[] = [run];
    const add = (condition: string, parameter: SqlParameter | undefined): void => {
      if (parameter === undefined) return;
      conditions.push(condition);
      parameters.push(parameter);
    };
    add('instr(body, ?) > 0', query.contains);
    add('severity >= ?', query.minSeverity);
    add('time >= ?', query.fromUnixNano);
    add('time <= ?', query.toUnixNano);
    const where = conditions.join(' AND ');
    const total = this.#database.prepare(`SELECT count(*) AS total FROM event WHERE ${where}`).get(...parameters);
    const order = query.descending ? 'DESC' : 'ASC';
    const rows = this.#database
      .prepare(`SELECT * FROM event WHERE ${where} ORDER BY time ${order}, arrival ${order} LIMIT ? OFFSET ?`, {
        bigints: true,
      })
      .all(...parameters, query.count === 0 ? ALL : query.count, query.start);
    return { total: Number(total?.['total'] ?? 0), events: rows.map(readEvent) };
  }

  histogram(run: number, from: bigint, to: bigint, bins: number): EventHistogramBin[] {
    const width = (to - from) / BigInt(bins) + 1n;
    const rows = this.#histogram.all(from, to, width, run);
    const byBin = new Map(rows.map((row) => [Number(row['bin']), row]));
    return Array.from({ length: bins }, (_, bin) => {
      const row = byBin.get(bin);
      return {
        fromUnixNano: from + BigInt(bin) * width,
        error: Number(row?.['error'] ?? 0),
        warn: Number(row?.['warn'] ?? 0),
        info: Number(row?.['info'] ?? 0),
        debug: Number(row?.['debug'] ?? 0),
      };
    });
  }
}

function readEvent(row: SqlRow): EventRecord & { instance: string } {
  return {
    timeUnixNano: row['time'] as bigint,
    observedTimeUnixNano: row['observed_time'] as bigint,
    severityNumber: Number(row['severity']),
    severityText: row['severity_text'] as string,
    eventName: row['name'] as string,
    body: row['body'] as string,
    attributes: JSON.parse(row['attributes'] as string) as Attributes,
    traceId: row['trace_id'] as string,
    spanId: row['span_id'] as string,
    uid: (row['uid'] as string | null) ?? undefined,
    instance: row['instance'] as string,
  };
}

/** The uid when there is one, else everything that tells two records apart. */
function identityOf(record: EventRecord, instance: string): Buffer {
  const identity =
    record.uid !== undefined
      ? ['uid', record.uid]
      : [
          instance,
          String(record.observedTimeUnixNano),
          record.severityNumber,
          record.severityText,
          record.eventName,
          record.body,
          record.attributes,
          record.traceId,
          record.spanId,
        ];
  return createHash('sha256').update(JSON.stringify(identity)).digest().subarray(0, HASH_BYTES);
}
