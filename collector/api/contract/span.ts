import { type Static, Type } from 'typebox';
import { Timestamp } from './json.ts';
import { DEFAULT_PAGE, MAX_PAGE, Start, Time } from './query.ts';

const Attributes = Type.Record(Type.String(), Type.Unknown());
const TraceId = Type.String({ pattern: '^[0-9a-f]{32}$' });
const SpanId = Type.String({ pattern: '^[0-9a-f]{16}$' });

const Flags = Type.Integer({ minimum: 0, description: 'The lowest 8 bits are those of W3C.' });

/** A span of a run's traces; a link's ids may be empty when its sender did not know them. */
export const SpanViewSchema = Type.Object({
  trace_id: TraceId,
  span_id: SpanId,
  /** Empty = the root of its trace. */
  parent_span_id: Type.String(),
  /** W3C `tracestate`. */
  trace_state: Type.String(),
  flags: Flags,
  /** The library, or the part of the program, that made the span. */
  scope: Type.Object({ name: Type.String(), version: Type.String() }),
  name: Type.String(),
  kind: Type.Enum(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']),
  start: Timestamp,
  end: Timestamp,
  /** Seconds, to the nanosecond. */
  duration: Type.Number(),
  status: Type.Enum(['unset', 'ok', 'error']),
  status_message: Type.String(),
  attributes: Attributes,
  events: Type.Array(Type.Object({ timestamp: Timestamp, name: Type.String(), attributes: Attributes })),
  links: Type.Array(
    Type.Object({
      trace_id: Type.String(),
      span_id: Type.String(),
      trace_state: Type.String(),
      flags: Flags,
      attributes: Attributes,
    }),
  ),
  instance: Type.String(),
});
export type SpanView = Static<typeof SpanViewSchema>;

/** `GET /api/runs/{id}/spans`: `count` is that of all that match. */
export const SpanListSchema = Type.Object({ count: Type.Integer(), data: Type.Array(SpanViewSchema) });
export type SpanList = Static<typeof SpanListSchema>;

/** `from` and `to` are inclusive timestamps between which a span began. */
export const SpansQuerySchema = Type.Object({
  start: Start,
  count: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PAGE,
      description: `How many at the most; ${DEFAULT_PAGE} when absent.`,
    }),
  ),
  name: Type.Optional(Type.String({ description: 'Exact name of the spans.' })),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
});
