import {
  FRAME_FLAG_CONTROL,
  type FrameLog,
  type FramePosition,
  type FrameRange,
  type RangeLimit,
} from '../frame-log.ts';
import type { ViewedBytes } from '../viewed-bytes.ts';

/** Segments of the log in memory are numbered from here on: no journal has as many. */
const FIRST_MEMORY_SEGMENT = 2 ** 40;

/** A log on disk that goes on in memory while the disk takes nothing: a full disk must not cost what a server would store. */
export class OverflowLog implements FrameLog {
  readonly #disk: FrameLog;
  readonly #memory: FrameLog;

  constructor(disk: FrameLog, memory: FrameLog) {
    this.#disk = disk;
    this.#memory = memory;
  }

  get pendingFrames(): number {
    return this.#disk.pendingFrames + this.#memory.pendingFrames;
  }

  get pendingItems(): number {
    return this.#disk.pendingItems + this.#memory.pendingItems;
  }

  get waitingItems(): number {
    return this.#disk.waitingItems + this.#memory.waitingItems;
  }

  /** In memory only, as long as older data waits there: the disk is tried again when it is sent. Changes of state go to the disk if they can. */
  append(flags: number, items: number, frame: ViewedBytes, payloadBytes: number): boolean {
    const triesDisk = this.#memory.pendingFrames === 0 || (flags & FRAME_FLAG_CONTROL) !== 0;
    if (triesDisk && this.#disk.append(flags, items, frame, payloadBytes)) return true;
    return this.#memory.append(flags, items, frame, payloadBytes);
  }

  range(limit: RangeLimit, start?: FramePosition): FrameRange | undefined {
    const isInMemory = start !== undefined && start.segment >= FIRST_MEMORY_SEGMENT;
    const onDisk = isInMemory ? undefined : this.#disk.range(limit, start);
    if (onDisk !== undefined) return onDisk;
    const range = this.#memory.range(limit, isInMemory ? moved(start, -FIRST_MEMORY_SEGMENT) : undefined);
    return range && movedRange(range, FIRST_MEMORY_SEGMENT);
  }

  copyPayloads(range: FrameRange, target: Buffer, offset: number): void {
    const { log, own } = this.#owner(range);
    log.copyPayloads(own, target, offset);
  }

  release(range: FrameRange): void {
    const { log, own } = this.#owner(range);
    log.release(own);
  }

  #owner(range: FrameRange): { log: FrameLog; own: FrameRange } {
    if (range.start.segment < FIRST_MEMORY_SEGMENT) return { log: this.#disk, own: range };
    return { log: this.#memory, own: movedRange(range, -FIRST_MEMORY_SEGMENT) };
  }
}

function movedRange(range: FrameRange, segments: number): FrameRange {
  return { ...range, start: moved(range.start, segments), end: moved(range.end, segments) };
}

function moved({ segment, offset }: FramePosition, segments: number): FramePosition {
  return { segment: segment + segments, offset };
}
