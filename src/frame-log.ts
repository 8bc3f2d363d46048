import { FRAME_HEADER_BYTES } from './framed-log.ts';
import type { ViewedBytes } from './viewed-bytes.ts';

/** Signal of OTLP. */
export type Signal = 'metrics' | 'logs';

export const LOG_NAMES = ['logs', 'metrics', 'grids'] as const;
/** A log of a writer: metrics on grids go over the REST API. */
export type LogName = (typeof LOG_NAMES)[number];

/** Kind of a frame (see `framed-log.ts`) in the client's logs; header and progress occur in journals only. */
export const FRAME_KIND = { metrics: 1, logs: 2, header: 3, progress: 4, grids: 5 } as const;

/** Meta of a data frame: items in it, unsigned 32 bits. */
export const FRAME_META_BYTES = 4;

/** Free bytes that a log needs in front of a payload, for the header and meta of its frame. */
export const FRAME_PREFIX_BYTES = FRAME_HEADER_BYTES + FRAME_META_BYTES;

/** Free bytes that a log needs behind a payload. */
export const FRAME_PADDING_BYTES = 8;

/** Flag of a frame that changes the run's state: it may use the reserve of a full log. */
export const FRAME_FLAG_CONTROL = 1;

/** A run of consecutive frames that are not yet acknowledged. */
export interface FrameRange {
  readonly start: FramePosition;
  readonly end: FramePosition;
  readonly frames: number;
  /** Data points or log records in the frames. */
  readonly items: number;
  readonly payloadBytes: number;
}

/** Where a frame starts; opaque to everyone but the log that made it. */
export interface FramePosition {
  readonly segment: number;
  readonly offset: number;
}

/** What a range may hold at most; the first frame is always taken. */
export interface RangeLimit {
  readonly frames?: number;
  readonly items?: number;
  readonly payloadBytes?: number;
}

/** Counts the frames of a range, as far as its limit allows. */
export class RangeTally {
  readonly #limit: Required<RangeLimit>;
  frames = 0;
  items = 0;
  payloadBytes = 0;

  constructor({ frames = Infinity, items = Infinity, payloadBytes = Infinity }: RangeLimit) {
    this.#limit = { frames, items, payloadBytes };
  }

  /** Counts a frame. @returns false when it is one too many, and not counted. */
  take(items: number, payloadBytes: number): boolean {
    const fits =
      this.frames < this.#limit.frames &&
      this.items + items <= this.#limit.items &&
      this.payloadBytes + payloadBytes <= this.#limit.payloadBytes;
    if (this.frames > 0 && !fits) return false;
    this.frames++;
    this.items += items;
    this.payloadBytes += payloadBytes;
    return true;
  }
}

/** What a sender drains: frames of encoded messages in their order. */
export interface FrameSource {
  /** Frames that are not released, and the items in them; a sender has nothing to do when there are none. */
  readonly pendingFrames: number;
  readonly pendingItems: number;
  /** The frames from `start` (default: the oldest) within `limit`; undefined when there are none. */
  range(limit: RangeLimit, start?: FramePosition): FrameRange | undefined;
  /** Copies the payloads of a range, one behind the other. */
  copyPayloads(range: FrameRange, target: Buffer, offset: number): void;
  /** Gives up everything before `range.end`: acknowledged, rejected, or abandoned. */
  release(range: FrameRange): void;
}

/** The queue between `Run` and the sender, in memory or on disk. */
export interface FrameLog extends FrameSource {
  /** Items that are not released, those that no sender sees yet included. */
  readonly waitingItems: number;
  /**
   * Appends one frame.
   *
   * @param items - data points or log records in the payload.
   * @param frame - holds the payload behind {@link FRAME_PREFIX_BYTES} free bytes, and {@link FRAME_PADDING_BYTES} behind it.
   * @returns false when the log is full: nothing was written.
   */
  append(flags: number, items: number, frame: ViewedBytes, payloadBytes: number): boolean;
}
