import { closeSync, openSync, readFileSync } from 'node:fs';
import { FRAME_KIND, type FramePosition } from '../frame-log.ts';
import { FRAME_HEADER_BYTES, readFrame, sealFrame } from '../framed-log.ts';
import { unlessMissing } from '../missing-file.ts';
import { viewed } from '../viewed-bytes.ts';
import { writeFully } from './segment-output.ts';

const PAYLOAD_BYTES = 16;

/** Where the first segment begins. */
export const START: FramePosition = { segment: 0, offset: 0 };

/**
 * Notes up to where the frames of one signal are sent: one frame at the start of a file, written over each time.
 *
 * A note that is torn or lost, or that a full disk has no room for, only means that data is sent again, which the
 * collector recognises.
 */
export class ProgressFile {
  readonly #path: string;
  readonly #onError: (error: Error) => void;
  readonly #frame = viewed(Buffer.alloc(FRAME_HEADER_BYTES + PAYLOAD_BYTES));
  #fd: number | undefined;

  /** @param onError - told why a note is not written. */
  constructor(path: string, onError: (error: Error) => void) {
    this.#path = path;
    this.#onError = onError;
  }

  read(): FramePosition {
    const bytes = unlessMissing(() => readFileSync(this.#path));
    const frame = bytes && readFrame(bytes, 0);
    if (frame?.kind !== FRAME_KIND.progress || frame.payload.length !== PAYLOAD_BYTES) return START;
    return { segment: Number(frame.payload.readBigUInt64LE(0)), offset: Number(frame.payload.readBigUInt64LE(8)) };
  }

  write({ segment, offset }: FramePosition): void {
    const { buffer, view } = this.#frame;
    view.setBigUint64(FRAME_HEADER_BYTES, BigInt(segment), true);
    view.setBigUint64(FRAME_HEADER_BYTES + 8, BigInt(offset), true);
    sealFrame(this.#frame, 0, FRAME_KIND.progress, 0, 0, 0, PAYLOAD_BYTES);
    try {
      this.#fd ??= openSync(this.#path, 'w', 0o600);
      writeFully(this.#fd, buffer, buffer.length, 0);
    } catch (error) {
      this.#onError(error as Error);
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
