import type { Attributes } from './telemetry.ts';

/** Names of OTLP's span kinds, by number. */
export const SPAN_KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
/** Names of OTLP's status codes, by number. */
export const SPAN_STATUSES = ['unset', 'ok', 'error'] as const;

/** What happened within a span. */
export interface SpanEvent {
  readonly timeUnixNano: bigint;
  readonly name: string;
  readonly attributes: Attributes;
}

/** Another span that a span belongs with. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly flags: number;
  readonly attributes: Attributes;
}

/** What made a span: a library, or a part of the program. */
export interface SpanScope {
  readonly name: string;
  readonly version: string;
}

/** One finished span. Times are nanoseconds since the epoch, ids lower-case hexadecimal. */
export interface SpanRecord {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty = the root of its trace. */
  readonly parentSpanId: string;
  /** W3C `tracestate`. */
  readonly traceState: string;
  /** 32 bits as they came; the lowest 8 are those of W3C. */
  readonly flags: number;
  readonly scope: SpanScope;
  readonly name: string;
  /** Index in {@link SPAN_KINDS}. */
  readonly kind: number;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  /** Index in {@link SPAN_STATUSES}. */
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
}
