import { closeSync, write, writeSync } from 'node:fs';
import type { OnWritten, SegmentOutput } from './segment-output.ts';

const CHUNK_BYTES = 64 * 1024;
const DELAY_MILLIS = 50;
/** Beyond this much unwritten data the file system does not keep up, or hangs. */
const MAX_UNWRITTEN_BYTES = 16 * 1024 * 1024;

/** Consecutive frames of one file. */
interface Chunk {
  readonly fd: number;
  readonly position: number;
  bytes: Buffer;
  length: number;
  frames: number;
  items: number;
}

/**
 * For network file systems, where a write may take milliseconds: frames wait up to 50 ms or 64 KiB and are written by
 * another thread. SIGKILL loses what waits.
 */
export class WriteBehindOutput implements SegmentOutput {
  readonly #onWritten: OnWritten;
  readonly #onError: (error: Error, frames: number, items: number) => void;
  readonly #chunks: Chunk[] = [];
  readonly #closing = new Set<number>();
  #unwrittenBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(onWritten: OnWritten, onError: (error: Error, frames: number, items: number) => void) {
    this.#onWritten = onWritten;
    this.#onError = onError;
  }

  write(fd: number, frame: Buffer, frameBytes: number, position: number, items: number): boolean {
    if (this.#unwrittenBytes + frameBytes > MAX_UNWRITTEN_BYTES) return false;
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.fd !== fd || chunk.length + frameBytes > chunk.bytes.length) {
      const bytes = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, frameBytes));
      chunk = { fd, position, bytes, length: 0, frames: 0, items: 0 };
      this.#chunks.push(chunk);
    }
    frame.copy(chunk.bytes, chunk.length, 0, frameBytes);
    chunk.length += frameBytes;
    chunk.frames++;
    chunk.items += items;
    this.#unwrittenBytes += frameBytes;
    if (this.#chunks.length > 1) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), DELAY_MILLIS).unref();
    return true;
  }

  close(fd: number): void {
    this.#closing.add(fd);
    this.#closeWritten();
  }

  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** What another thread is writing at this moment is written again, to the same place. */
  flushSync(): void {
    for (const chunk of this.#chunks.splice(0)) {
      try {
        writeSync(chunk.fd, chunk.bytes, 0, chunk.length, chunk.position);
        this.#done(chunk, undefined);
      } catch (error) {
        this.#done(chunk, error as Error);
      }
    }
    this.#closeWritten();
  }

  async #writeAll(): Promise<void> {
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      const { fd, bytes, length, position } = chunk;
      chunk.bytes = bytes.subarray(0, length);
      const error = await new Promise<Error | null>((resolve) => write(fd, bytes, 0, length, position, resolve));
      if (this.#chunks[0] !== chunk) return;
      this.#chunks.shift();
      this.#done(chunk, error ?? undefined);
      this.#closeWritten();
    }
  }

  #done(chunk: Chunk, error: Error | undefined): void {
    this.#unwrittenBytes -= chunk.length;
    if (error === undefined) this.#onWritten(chunk.frames, chunk.items);
    else this.#onError(error, chunk.frames, chunk.items);
  }

  #closeWritten(): void {
    for (const fd of this.#closing) {
      if (this.#chunks.some((chunk) => chunk.fd === fd)) continue;
      this.#closing.delete(fd);
      closeSync(fd);
    }
  }
}
