import { closeSync, existsSync, mkdirSync, openSync, readFileSync, unlinkSync } from 'node:fs';
import type { ByteBudget } from '../byte-budget.ts';
import {
  FRAME_FLAG_CONTROL,
  FRAME_KIND,
  FRAME_META_BYTES,
  type FrameLog,
  type FramePosition,
  type FrameRange,
  type LogName,
  type RangeLimit,
} from '../frame-log.ts';
import { FRAME_HEADER_BYTES, frameBytes, sealFrame } from '../framed-log.ts';
import type { ViewedBytes } from '../viewed-bytes.ts';
import { ProgressFile } from './progress-file.ts';
import { progressPath, SEGMENT_BYTES, segmentPath } from './segment-files.ts';
import { type OnWritten, type SegmentOutput, writeFully } from './segment-output.ts';
import { SegmentReader } from './segment-reader.ts';

export interface JournalLogParts {
  readonly directory: string;
  readonly signal: LogName;
  /** The first frame of every segment. */
  readonly header: Buffer;
  readonly budget: ByteBudget;
  /** Makes the way into the files; told of the frames that can be read. */
  readonly output: (onWritten: OnWritten) => SegmentOutput;
  /** Called when the file system refuses a frame or a segment. */
  readonly onError: (error: Error) => void;
}

/** The frames of one signal on disk, written by this process and read by its sender. */
export class JournalLog implements FrameLog {
  readonly #parts: JournalLogParts;
  readonly #output: SegmentOutput;
  readonly #reader: SegmentReader;
  /** Bytes by number of the segments before the one that is written. */
  readonly #fullSegments = new Map<number, number>();
  #fd: number | undefined;
  #segment = -1;
  #end = SEGMENT_BYTES;
  #sequence = 0;
  #frames = 0;
  #items = 0;
  #taken = 0;
  #written = 0;

  constructor(parts: JournalLogParts) {
    this.#parts = parts;
    const { directory, signal, onError } = parts;
    this.#output = parts.output((frames, items) => {
      this.#frames += frames;
      this.#items += items;
      this.#written += items;
    });
    this.#reader = new SegmentReader(directory, signal, new ProgressFile(progressPath(directory, signal), onError));
  }

  get pendingFrames(): number {
    return this.#frames;
  }

  get pendingItems(): number {
    return this.#items;
  }

  get waitingItems(): number {
    return this.#items + this.#taken - this.#written;
  }

  append(flags: number, items: number, frame: ViewedBytes, payloadBytes: number): boolean {
    const bytes = frameBytes(FRAME_META_BYTES, payloadBytes);
    const control = (flags & FRAME_FLAG_CONTROL) !== 0;
    const { budget, onError } = this.#parts;
    if (!budget.take(bytes, control)) return false;
    let taken = false;
    try {
      taken =
        (this.#end + bytes <= SEGMENT_BYTES || this.#startSegment(control)) &&
        this.#write(flags, items, frame, payloadBytes, bytes);
    } catch (error) {
      onError(error as Error);
    }
    if (!taken) budget.give(bytes);
    return taken;
  }

  range(limit: RangeLimit, start?: FramePosition): FrameRange | undefined {
    if (this.#frames === 0) return undefined;
    const range = this.#reader.range(limit, start);
    if (range !== undefined || start !== undefined) return range;
    if (this.#restore()) return this.range(limit);
    this.#forgetPending();
    return undefined;
  }

  copyPayloads(range: FrameRange, target: Buffer, offset: number): void {
    this.#reader.copyPayloads(range, target, offset);
  }

  release(range: FrameRange): void {
    this.#frames -= range.frames;
    this.#items -= range.items;
    this.#reader.release(range);
    for (const [segment, bytes] of this.#fullSegments) {
      if (segment >= range.end.segment) break;
      this.#fullSegments.delete(segment);
      this.#parts.budget.give(bytes);
    }
  }

  flush(): Promise<void> {
    return this.#output.flush();
  }

  flushSync(): void {
    try {
      this.#output.flushSync();
    } catch (error) {
      this.#parts.onError(error as Error);
    }
  }

  /** Closes the files; nothing may be appended or read afterwards. */
  close(): void {
    this.flushSync();
    this.#restore();
    if (this.#fd !== undefined) this.#output.close(this.#fd);
    this.#fd = undefined;
    this.#reader.close();
  }

  /** Another sender has delivered the rest: ours was taken for dead, because the program held the event loop for long. */
  #forgetPending(): void {
    this.#frames = 0;
    this.#items = 0;
  }

  #write(flags: number, items: number, frame: ViewedBytes, payloadBytes: number, bytes: number): boolean {
    frame.view.setUint32(FRAME_HEADER_BYTES, items, true);
    sealFrame(frame, 0, FRAME_KIND[this.#parts.signal], flags, this.#sequence + 1, FRAME_META_BYTES, payloadBytes);
    if (!this.#output.write(this.#fd as number, frame.buffer, bytes, this.#end, items)) return false;
    this.#taken += items;
    this.#sequence++;
    this.#end += bytes;
    return true;
  }

  /**
   * Writes the open segment again when somebody has removed it: senders never do, while its writer lives.
   *
   * @returns whether that was so.
   */
  #restore(): boolean {
    const { directory, signal, onError } = this.#parts;
    const path = segmentPath(directory, signal, this.#segment);
    if (this.#fd === undefined || this.#frames === 0 || existsSync(path)) return false;
    onError(new Error(`somebody has removed ${path}: what it held is written again`));
    try {
      this.#output.flushSync();
      const bytes = readFileSync(this.#fd);
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const fd = openSync(path, 'wx+', 0o600);
      writeFully(fd, bytes, bytes.length, 0);
      this.#output.close(this.#fd);
      this.#fd = fd;
      return true;
    } catch (error) {
      onError(error as Error);
      return false;
    }
  }

  /** On a full disk nothing is left of a segment but its number: readers step over it. */
  #startSegment(control: boolean): boolean {
    const { directory, signal, header, budget } = this.#parts;
    if (!budget.take(header.length, control)) return false;
    if (this.#fd !== undefined) {
      this.#restore();
      this.#output.close(this.#fd);
      this.#fullSegments.set(this.#segment, this.#end);
      this.#fd = undefined;
    }
    this.#end = SEGMENT_BYTES;
    const path = segmentPath(directory, signal, ++this.#segment);
    const fd = openSync(path, 'wx+', 0o600);
    try {
      writeFully(fd, header, header.length, 0);
    } catch (error) {
      closeSync(fd);
      unlinkSync(path);
      budget.give(header.length);
      throw error;
    }
    this.#fd = fd;
    this.#end = header.length;
    this.#sequence = 0;
    return true;
  }
}
