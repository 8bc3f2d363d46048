import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { FramePosition, LogName } from '../frame-log.ts';
import { FRAME_HEADER_BYTES, type Frame, frameBytes, readFrame, validFrameBytes } from '../framed-log.ts';
import { unlessMissing } from '../missing-file.ts';
import { viewed } from '../viewed-bytes.ts';
import { listSegments, segmentPath } from './segment-files.ts';

const WINDOW_BYTES = 1024 * 1024;
const NOTHING = viewed(Buffer.alloc(0));

/**
 * Reads the segments of one signal through a window: at most 1 MiB, or one frame, in memory.
 *
 * Segments are read while their writer appends to them.
 */
export class SegmentWindow {
  readonly #directory: string;
  readonly #signal: LogName;
  #file: { readonly segment: number; readonly fd: number } | undefined;
  #bytes = NOTHING;
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
    if (wanted > this.#bytes.buffer.length) this.#fill(position.offset, wanted);
    return this.holds(position);
  }

  /** Kind of the frame at an offset that {@link holds} has confirmed; as with what follows. */
  kindAt(offset: number): number {
    return this.#bytes.view.getUint8(offset - this.#offset + 12);
  }

  /** The meta of a data frame: data points or log records in it, unsigned 32 bits. */
  itemsAt(offset: number): number {
    return this.#bytes.view.getUint32(offset - this.#offset + FRAME_HEADER_BYTES, true);
  }

  payloadBytesAt(offset: number): number {
    return this.#bytes.view.getUint32(offset - this.#offset + 4, true);
  }

  nextOffset(offset: number): number {
    return (
      offset + frameBytes(this.#bytes.view.getUint16(offset - this.#offset + 14, true), this.payloadBytesAt(offset))
    );
  }

  /** @returns bytes copied. */
  copyPayload(offset: number, target: Buffer, targetOffset: number): number {
    const at = offset - this.#offset;
    const start = at + FRAME_HEADER_BYTES + this.#bytes.view.getUint16(at + 14, true);
    return this.#bytes.buffer.copy(target, targetOffset, start, start + this.payloadBytesAt(offset));
  }

  /** The whole frame; its bytes are valid until the next {@link load}. */
  frame({ offset }: FramePosition): Frame | undefined {
    return readFrame(this.#bytes.buffer, offset - this.#offset);
  }

  /** The first segment with this number or a higher one. */
  segmentFrom(segment: number): number | undefined {
    return listSegments(this.#directory, this.#signal).find((number) => number >= segment);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file.fd);
    this.#file = undefined;
    this.#bytes = NOTHING;
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
    const memory = this.#bytes.buffer.buffer;
    const room = memory.byteLength >= bytes ? Buffer.from(memory, 0, bytes) : Buffer.allocUnsafeSlow(bytes);
    this.#bytes = viewed(room.subarray(0, readSync(fd, room, 0, bytes, offset)));
    this.#offset = offset;
    this.#checkedEnd = 0;
  }

  /** Bytes of the frame at the start of the window by its own word, which may be that of a torn header. */
  #wantedBytes(): number {
    const { view } = this.#bytes;
    if (view.byteLength < FRAME_HEADER_BYTES) return 0;
    return FRAME_HEADER_BYTES + view.getUint32(4, true) + view.getUint16(14, true);
  }
}
