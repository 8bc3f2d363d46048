import type { SpanEvent, SpanLink, SpanRecord } from '../../pipeline/span.ts';
import type { Attributes } from '../../pipeline/telemetry.ts';
import type { RunSpans, SpanPage, SpanQuery } from '../span-store.ts';
import type { Database, SqlParameter, SqlRow, Statement } from '../sqlite-database.ts';

const FIRST_TIME = -(2n ** 63n);
const LAST_TIME = 2n ** 63n - 1n;

/** The columns `events` and `links`: JSON has no 64-bit integers. */
type StoredEvent = readonly [timeUnixNano: string, name: string, attributes: Attributes];
type StoredLink = readonly [
  traceId: string,
  spanId: string,
  attributes: Attributes,
  traceState?: string,
  flags?: number,
];

interface Search {
  readonly count: Statement;
  readonly page: Statement;
}

/** Rows of spans of one shard. The key holds a span's ids: delivered twice, stored once. */
export class SpanTable {
  readonly #insert: Statement;
  readonly #all: Search;
  readonly #named: Search;

  constructor(database: Database) {
    this.#insert = database.prepare(`INSERT OR IGNORE INTO span VALUES (${'?, '.repeat(17)}?)`);
    const search = (where: string): Search => ({
      count: database.prepare(`SELECT count(*) AS total FROM span WHERE ${where}`),
      page: database.prepare(
        `SELECT * FROM span WHERE ${where} ORDER BY start_time, span_id, trace_id LIMIT ? OFFSET ?`,
        { bigints: true },
      ),
    });
    this.#all = search('run = ? AND start_time BETWEEN ? AND ?');
    this.#named = search('run = ? AND start_time BETWEEN ? AND ? AND name = ?');
  }

  /** Adds the spans of one request. @returns how many were there already. */
  insert(run: number, { spans, instance }: RunSpans): number {
    let duplicates = 0;
    for (const span of spans) {
      const { changes } = this.#insert.run(
        run,
        span.startTimeUnixNano,
        Buffer.from(span.spanId, 'hex'),
        Buffer.from(span.traceId, 'hex'),
        Buffer.from(span.parentSpanId, 'hex'),
        span.endTimeUnixNano,
        span.name,
        span.kind,
        span.statusCode,
        span.statusMessage,
        JSON.stringify(span.attributes),
        JSON.stringify(span.events.map((event) => [String(event.timeUnixNano), event.name, event.attributes])),
        JSON.stringify(
          span.links.map((link) => [link.traceId, link.spanId, link.attributes, link.traceState, link.flags]),
        ),
        instance,
        span.traceState,
        span.flags,
        span.scope.name,
        span.scope.version,
      );
      if (changes === 0) duplicates++;
    }
    return duplicates;
  }

  page(run: number, query: SpanQuery): SpanPage {
    const { fromUnixNano = FIRST_TIME, toUnixNano = LAST_TIME, name } = query;
    const search = name === undefined ? this.#all : this.#named;
    const range: SqlParameter[] = [run, fromUnixNano, toUnixNano, ...(name === undefined ? [] : [name])];
    const total = Number(search.count.get(...range)?.['total'] ?? 0);
    return { total, spans: search.page.all(...range, query.count, query.start).map(readSpan) };
  }
}

/** @param row - read with `bigints`. */
function readSpan(row: SqlRow): SpanRecord & { readonly instance: string } {
  return {
    traceId: hex(row['trace_id']),
    spanId: hex(row['span_id']),
    parentSpanId: hex(row['parent_span_id']),
    traceState: row['trace_state'] as string,
    flags: Number(row['flags']),
    scope: { name: row['scope_name'] as string, version: row['scope_version'] as string },
    name: row['name'] as string,
    kind: Number(row['kind']),
    startTimeUnixNano: row['start_time'] as bigint,
    endTimeUnixNano: row['end_time'] as bigint,
    statusCode: Number(row['status']),
    statusMessage: row['status_message'] as string,
    attributes: JSON.parse(row['attributes'] as string) as Attributes,
    events: (JSON.parse(row['events'] as string) as StoredEvent[]).map(
      ([time, name, attributes]): SpanEvent => ({ timeUnixNano: BigInt(time), name, attributes }),
    ),
    links: (JSON.parse(row['links'] as string) as StoredLink[]).map(
      ([traceId, spanId, attributes, traceState = '', flags = 0]): SpanLink => ({
        traceId,
        spanId,
        traceState,
        flags,
        attributes,
      }),
    ),
    instance: row['instance'] as string,
  };
}

function hex(value: unknown): string {
  return Buffer.from(value as Uint8Array).toString('hex');
}
