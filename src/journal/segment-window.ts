import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { FramePosition, Signal } from '../frame-log.ts';
import { FRAME_HEADER_BYTES, type Frame, readFrame } from '../framed-log.ts';
import { unlessMissing } from '../missing-file.ts';
import { listSegments, segmentPath } from './segment-files.ts';

const WINDOW_BYTES = 1024 * 1024;

/**
 * Reads the segments of one signal through a window: at most 1 MiB, or one frame, in memory.
 *
 * Segments are read while their writer appends to them; frames handed out are valid until the next call.
 */
export class SegmentWindow {
  readonly #directory: string;
  readonly #signal: Signal;
  #file: { readonly segment: number; readonly fd: number } | undefined;
  #bytes = Buffer.alloc(0);
  #offset = 0;

  constructor(directory: string, signal: Signal) {
    this.#directory = directory;
    this.#signal = signal;
  }

  /** The frame at a position of the open segment, if the window already holds it. */
  held({ segment, offset }: FramePosition): Frame | undefined {
    if (this.#file?.segment !== segment || offset < this.#offset) return undefined;
    return readFrame(this.#bytes, offset - this.#offset);
  }

  /** The frame at a position, read again when the window does not hold it; undefined where none is complete. */
  frame(position: FramePosition): Frame | undefined {
    const held = this.held(position);
    if (held !== undefined) return held;
    if (!this.#open(position.segment)) return undefined;
    this.#fill(position.offset, WINDOW_BYTES);
    const wanted = this.#wantedBytes();
    if (wanted > this.#bytes.length) this.#fill(position.offset, wanted);
    return this.held(position);
  }

  /** The first segment with this number or a higher one. */
  segmentFrom(segment: number): number | undefined {
    return listSegments(this.#directory, this.#signal).find((number) => number >= segment);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file.fd);
    this.#file = undefined;
    this.#bytes = Buffer.alloc(0);
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
  }

  /** Bytes of the frame at the start of the window by its own word, which may be that of a torn header. */
  #wantedBytes(): number {
    if (this.#bytes.length < FRAME_HEADER_BYTES) return 0;
    return FRAME_HEADER_BYTES + this.#bytes.readUInt32LE(4) + this.#bytes.readUInt16LE(14);
  }
}
