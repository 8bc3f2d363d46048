import type { ResourceEntry } from './resource-entry.ts';
import type { SpanRecord } from './span.ts';
import type { EventRecord } from './telemetry.ts';

/** Points of one series, next to each other in a staging block: five words each in {@link DecodedRequest.segments}. */
export const SEGMENT_WORDS = 5;
/** Index of the series in its `ResourceEntry`; the pipeline replaces it by the id in the store. */
export const SEGMENT_SERIES = 0;
export const SEGMENT_BLOCK = 1;
/** First point in the block, and their number. */
export const SEGMENT_FIRST = 2;
export const SEGMENT_COUNT = 3;
/** 1 when the times of the segment rise strictly. */
export const SEGMENT_ORDERED = 4;

/** What a request holds for one resource. */
export interface ResourcePart {
  readonly resource: ResourceEntry;
  /** Range of this part in {@link DecodedRequest.segments}, in segments. */
  readonly segmentStart: number;
  readonly segmentCount: number;
  readonly points: number;
  /** Least event time of the part's points, records and spans, nanoseconds; undefined when it has none. */
  readonly firstTimeUnixNano: bigint | undefined;
  readonly lastTimeUnixNano: bigint | undefined;
  readonly events: readonly EventRecord[];
  readonly spans: readonly SpanRecord[];
  /** Of the texts of the spans, UTF-8. */
  readonly spanBytes: number;
  /** What the writer says of itself; undefined = nothing. */
  readonly writer: WriterReport | undefined;
}

/** Sequence numbers (`simvue.seq`) that a request brings, and attributes that the SDK of its writer dropped before. */
export interface WriterReport {
  /** As in {@link SequenceRanges}. */
  readonly edges: readonly number[];
  readonly givenUp: number;
  readonly droppedAttributes: number;
}

export type Signal = 'metrics' | 'logs' | 'traces';

/** A request that was decoded and validated as a whole; nothing of it is stored yet. */
export interface DecodedRequest {
  readonly signal: Signal;
  readonly parts: readonly ResourcePart[];
  readonly segments: Int32Array;
  /** Staging blocks this request wrote to; it holds one reference to each until {@link DecodedRequest.release}. */
  readonly blocks: readonly number[];
  readonly points: number;
  readonly records: number;
  readonly refusals: Refusals;
  /** Gives the request's own references back; idempotent. */
  release(): void;
}

/** Reasons that one answer names; what is refused for a further one is counted as {@link OTHER_REASONS}. */
const MAX_REASONS = 20;
const OTHER_REASONS = 'other reasons';

/** Points or records that were refused, by reason; becomes a partial_success. Bounded, whatever a request holds. */
export class Refusals {
  readonly #byReason = new Map<string, number>();

  add(reason: string, count = 1): void {
    if (count === 0) return;
    const known = this.#byReason.has(reason) || this.#byReason.size < MAX_REASONS;
    const key = known ? reason : OTHER_REASONS;
    this.#byReason.set(key, (this.#byReason.get(key) ?? 0) + count);
  }

  get total(): number {
    let total = 0;
    for (const count of this.#byReason.values()) total += count;
    return total;
  }

  get entries(): IterableIterator<[reason: string, count: number]> {
    return this.#byReason.entries();
  }

  /** One line for `error_message`: each reason with its count. */
  get message(): string {
    return [...this.#byReason].map(([reason, count]) => (count > 1 ? `${reason} (${count} times)` : reason)).join('; ');
  }
}
