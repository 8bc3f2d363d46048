import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { FramePosition, LogName } from '../frame-log.ts';
import { FRAME_HEADER_BYTES, type Frame, frameBytes, readFrame, validFrameBytes } from '../framed-log.ts';
import { unlessMissing } from '../missing-file.ts';
import { listSegments, segmentPath } from './segment-files.ts';

const WINDOW_BYTES = 1024 * 1024;

/**
 * Reads the segments of one signal through a window: at most 1 MiB, or one frame, in memory.
 *
 * Segments are read while their writer appends to them.
 */
export class SegmentWindow {
  readonly #directory: string;
  readonly #signal: LogName;
  #file: { readonly segment: number; readonly fd: number } | undefined;
  #bytes = Buffer.alloc(0);
  #offset = 0;
  /** Offsets between which every frame is known to be whole. */
  #checkedFrom = 0;
  #checkedEnd = 0;

  constructor(directory: string, signal: LogName) {
    this.#directory = directory;
    this.#signal = signal;
  }

  /** Whether a whole frame is at a position of the open segment, and the window holds it; checked once. */
  holds({ segment, offset }: FramePosition): boolean {
    if (this.#file?.segment !== segment || offset < this.#offset) return false;
    if (offset >= this.#checkedFrom && offset < this.#checkedEnd) return true;
    const bytes = validFrameBytes(this.#bytes, offset - this.#offset);
    if (bytes === 0) return false;
    if (offset !== this.#checkedEnd) this.#checkedFrom = offset;
    this.#checkedEnd = offset + bytes;
    return true;
  }

  /** Whether a whole frame is at a position; what the window does not hold is read again. */
  load(position: FramePosition): boolean {
    if (this.holds(position)) return true;
    if (!this.#open(position.segment)) return false;
    this.#fill(position.offset, WINDOW_BYTES);
    const wanted = this.#wantedBytes();
    if (wanted > this.#bytes.length) this.#fill(position.offset, wanted);
    return this.holds(position);
  }

  /** Kind of the frame at an offset that {@link holds} has confirmed; as with what follows. */
  kindAt(offset: number): number {
    return this.#bytes[offset - this.#offset + 12] as number;
  }

  /** The meta of a data frame: data points or log records in it, unsigned 32 bits. */
  itemsAt(offset: number): number {
    return this.#bytes.readUInt32LE(offset - this.#offset + FRAME_HEADER_BYTES);
  }

  payloadBytesAt(offset: number): number {
    return this.#bytes.readUInt32LE(offset - this.#offset + 4);
  }

  nextOffset(offset: number): number {
    return offset + frameBytes(this.#bytes.readUInt16LE(offset - this.#offset + 14), this.payloadBytesAt(offset));
  }

  /** @returns bytes copied. */
  copyPayload(offset: number, target: Buffer, targetOffset: number): number {
    const at = offset - this.#offset;
    const start = at + FRAME_HEADER_BYTES + this.#bytes.readUInt16LE(at + 14);
    return this.#bytes.copy(target, targetOffset, start, start + this.payloadBytesAt(offset));
  }

  /** The whole frame; its bytes are valid until the next {@link load}. */
  frame({ offset }: FramePosition): Frame | undefined {
    return readFrame(this.#bytes, offset - this.#offset);
  }

  /** The first segment with this number or a higher one. */
  segmentFrom(segment: number): number | undefined {
    return listSegments(this.#directory, this.#signal).find((number) => number >= segment);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file.fd);
    this.#file = undefined;
    this.#bytes = Buffer.alloc(0);
    this.#checkedEnd = 0;
  }

  /** False when another sender has removed the segment: everything in it is delivered. */
  #open(segment: number): boolean {
    if (this.#file?.segment === segment) return true;
    this.close();
    const fd = unlessMissing(() => openSync(segmentPath(this.#directory, this.#signal, segment), 'r'));
    if (fd !== undefined) this.#file = { segment, fd };
    return fd !== undefined;
  }

  #fill(offset: number, wantedBytes: number): void {
    const fd = this.#file?.fd as number;
    const bytes = Math.max(0, Math.min(wantedBytes, fstatSync(fd).size - offset));
    this.#bytes =
      this.#bytes.buffer.byteLength >= bytes
        ? Buffer.from(this.#bytes.buffer, 0, bytes)
        : Buffer.allocUnsafeSlow(bytes);
    this.#bytes = this.#bytes.subarray(0, readSync(fd, this.#bytes, 0, bytes, offset));
    this.#offset = offset;
    this.#checkedEnd = 0;
  }

  /** Bytes of the frame at the start of the window by its own word, which may be that of a torn header. */
  #wantedBytes(): number {
    if (this.#bytes.length < FRAME_HEADER_BYTES) return 0;
    return FRAME_HEADER_BYTES + this.#bytes.readUInt32LE(4) + this.#bytes.readUInt16LE(14);
  }
}
