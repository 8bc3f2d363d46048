import type { ByteBudget } from './byte-budget.ts';
import {
  FRAME_FLAG_CONTROL,
  FRAME_PREFIX_BYTES,
  type FrameLog,
  type FramePosition,
  type FrameRange,
  type RangeLimit,
  RangeTally,
} from './frame-log.ts';
import { type ViewedBytes, viewed } from './viewed-bytes.ts';

/** In front of each payload: its bytes, and the items in it. Nobody but this process reads it, so it has no checksum. */
const HEAD_BYTES = 8;
const MIN_SEGMENT_BYTES = 64 * 1024;
const MAX_SEGMENT_BYTES = 1024 * 1024;

interface Segment extends ViewedBytes {
  end: number;
}

/** A log in memory: segments of growing size, freed as their frames are released. */
export class MemoryLog implements FrameLog {
  readonly #budget: ByteBudget;
  readonly #segments: Segment[] = [];
  /** Number of the first element of `#segments`. */
  #firstSegment = 0;
  #head: FramePosition = { segment: 0, offset: 0 };
  #frames = 0;
  #items = 0;
  #nextSegmentBytes = MIN_SEGMENT_BYTES;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  get pendingFrames(): number {
    return this.#frames;
  }

  get pendingItems(): number {
    return this.#items;
  }

  get waitingItems(): number {
    return this.#items;
  }

  append(flags: number, items: number, frame: ViewedBytes, payloadBytes: number): boolean {
    const segment = this.#segmentFor(HEAD_BYTES + payloadBytes, (flags & FRAME_FLAG_CONTROL) !== 0);
    if (segment === undefined) return false;
    const start = segment.end;
    segment.view.setUint32(start, payloadBytes, true);
    segment.view.setUint32(start + 4, items, true);
    frame.buffer.copy(segment.buffer, start + HEAD_BYTES, FRAME_PREFIX_BYTES, FRAME_PREFIX_BYTES + payloadBytes);
    segment.end = start + HEAD_BYTES + payloadBytes;
    this.#frames++;
    this.#items += items;
    return true;
  }

  range(limit: RangeLimit, start = this.#head): FrameRange | undefined {
    let { segment, offset } = start;
    const tally = new RangeTally(limit);
    for (let current = this.#at(segment); current !== undefined; current = this.#at(segment)) {
      if (offset >= current.end) {
        if (this.#at(segment + 1) === undefined) break;
        segment++;
        offset = 0;
        continue;
      }
      const payloadBytes = current.view.getUint32(offset, true);
      if (!tally.take(current.view.getUint32(offset + 4, true), payloadBytes)) break;
      offset += HEAD_BYTES + payloadBytes;
    }
    return tally.frames === 0 ? undefined : { start, end: { segment, offset }, ...tally };
  }

  copyPayloads(range: FrameRange, target: Buffer, offset: number): void {
    let at = offset;
    let position = range.start;
    for (let left = range.frames; left > 0; ) {
      const current = this.#at(position.segment);
      if (current === undefined) throw new RangeError('frames were released before they were read');
      let from = position.offset;
      for (; left > 0 && from < current.end; left--) {
        const payload = from + HEAD_BYTES;
        from = payload + current.view.getUint32(from, true);
        at += current.buffer.copy(target, at, payload, from);
      }
      position = { segment: position.segment + 1, offset: 0 };
    }
  }

  release(range: FrameRange): void {
    this.#frames -= range.frames;
    this.#items -= range.items;
    this.#head = range.end;
    while (this.#firstSegment < range.end.segment) {
      this.#budget.give(this.#segments.shift()?.buffer.length ?? 0);
      this.#firstSegment++;
    }
    if (this.#frames === 0) this.#rewind();
  }

  /** An empty log writes over its last segment from the start, and keeps no more than that one. */
  #rewind(): void {
    const last = this.#segments[0];
    if (last === undefined) return;
    last.end = 0;
    this.#head = { segment: this.#firstSegment, offset: 0 };
  }

  #at(segment: number): Segment | undefined {
    return this.#segments[segment - this.#firstSegment];
  }

  #segmentFor(bytes: number, control: boolean): Segment | undefined {
    const last = this.#segments.at(-1);
    if (last !== undefined && last.end + bytes <= last.buffer.length) return last;
    const size = Math.max(this.#nextSegmentBytes, bytes);
    const capacity = this.#budget.take(size, control) ? size : this.#budget.take(bytes, control) ? bytes : 0;
    if (capacity === 0) return undefined;
    this.#nextSegmentBytes = Math.min(this.#nextSegmentBytes * 2, MAX_SEGMENT_BYTES);
    const segment = { ...viewed(Buffer.allocUnsafeSlow(capacity)), end: 0 };
    this.#segments.push(segment);
    return segment;
  }
}
