import type { ByteBudget } from './byte-budget.ts';
import {
  FRAME_FLAG_CONTROL,
  FRAME_META_BYTES,
  FRAME_PREFIX_BYTES,
  type FrameLog,
  type FramePosition,
  type FrameRange,
  type RangeLimit,
  RangeTally,
} from './frame-log.ts';
import { FRAME_HEADER_BYTES, frameBytes, putUint32, sealFrame } from './framed-log.ts';

const MIN_SEGMENT_BYTES = 64 * 1024;
const MAX_SEGMENT_BYTES = 1024 * 1024;

interface Segment {
  readonly bytes: Buffer;
  end: number;
}

/** A framed log in memory: segments of growing size, freed as their frames are released. */
export class MemoryLog implements FrameLog {
  readonly #kind: number;
  readonly #budget: ByteBudget;
  readonly #segments: Segment[] = [];
  /** Number of the first element of `#segments`. */
  #firstSegment = 0;
  #head: FramePosition = { segment: 0, offset: 0 };
  #sequence = 0;
  #frames = 0;
  #items = 0;
  #nextSegmentBytes = MIN_SEGMENT_BYTES;

  constructor(kind: number, budget: ByteBudget) {
    this.#kind = kind;
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

  append(flags: number, items: number, frame: Buffer, payloadBytes: number): boolean {
    const bytes = frameBytes(FRAME_META_BYTES, payloadBytes);
    const segment = this.#segmentFor(bytes, (flags & FRAME_FLAG_CONTROL) !== 0);
    if (segment === undefined) return false;
    const start = segment.end;
    putUint32(segment.bytes, start + FRAME_HEADER_BYTES, items);
    frame.copy(segment.bytes, start + FRAME_PREFIX_BYTES, FRAME_PREFIX_BYTES, FRAME_PREFIX_BYTES + payloadBytes);
    segment.end = sealFrame(segment.bytes, start, this.#kind, flags, this.#sequence++, FRAME_META_BYTES, payloadBytes);
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
      const payloadBytes = current.bytes.readUInt32LE(offset + 4);
      if (!tally.take(current.bytes.readUInt32LE(offset + FRAME_HEADER_BYTES), payloadBytes)) break;
      offset += frameBytes(FRAME_META_BYTES, payloadBytes);
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
        const payloadBytes = current.bytes.readUInt32LE(from + 4);
        const payload = from + FRAME_PREFIX_BYTES;
        at += current.bytes.copy(target, at, payload, payload + payloadBytes);
        from += frameBytes(FRAME_META_BYTES, payloadBytes);
      }
      position = { segment: position.segment + 1, offset: 0 };
    }
  }

  release(range: FrameRange): void {
    this.#frames -= range.frames;
    this.#items -= range.items;
    this.#head = range.end;
    while (this.#firstSegment < range.end.segment) {
      this.#budget.give(this.#segments.shift()?.bytes.length ?? 0);
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
    if (last !== undefined && last.end + bytes <= last.bytes.length) return last;
    const size = Math.max(this.#nextSegmentBytes, bytes);
    const capacity = this.#budget.take(size, control) ? size : this.#budget.take(bytes, control) ? bytes : 0;
    if (capacity === 0) return undefined;
    this.#nextSegmentBytes = Math.min(this.#nextSegmentBytes * 2, MAX_SEGMENT_BYTES);
    const segment = { bytes: Buffer.allocUnsafeSlow(capacity), end: 0 };
    this.#segments.push(segment);
    return segment;
  }
}
