import type { SpanRecord } from '../pipeline/span.ts';

/** Spans of one run in one request. */
export interface RunSpans {
  readonly runId: string;
  readonly instance: string;
  readonly spans: readonly SpanRecord[];
  /** Of the texts of the spans, UTF-8. */
  readonly textBytes: number;
}

/** Spans of a run, those that began first come first. */
export interface SpanQuery {
  readonly runId: string;
  readonly start: number;
  readonly count: number;
  /** Exact name; undefined = any. */
  readonly name?: string | undefined;
  /** Inclusive range of the time at which a span began. */
  readonly fromUnixNano?: bigint | undefined;
  readonly toUnixNano?: bigint | undefined;
}

export interface SpanPage {
  readonly total: number;
  readonly spans: readonly (SpanRecord & { readonly instance: string })[];
}

/** Spans; they come with the commits of their requests. A span (trace, id and start) that is there already is stored once. */
export interface SpanStore {
  spans(query: SpanQuery): Promise<SpanPage>;
}
