import { closeSync, write } from 'node:fs';
import { type OnWritten, type SegmentOutput, writeFully } from './segment-output.ts';

const CHUNK_BYTES = 64 * 1024;
const DELAY_MILLIS = 50;
const RETRY_MILLIS = 1000;
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
  readonly #onError: (error: Error) => void;
  readonly #chunks: Chunk[] = [];
  readonly #closing = new Set<number>();
  #unwrittenBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  /** @param onError - called at each failure; what is not written stays and is tried again. */
  constructor(onWritten: OnWritten, onError: (error: Error) => void) {
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
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      writeFully(chunk.fd, chunk.bytes, chunk.length, chunk.position);
      this.#done(chunk);
    }
  }

  async #writeAll(): Promise<void> {
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      chunk.bytes = chunk.bytes.subarray(0, chunk.length);
      const error = await writeChunk(chunk);
      if (this.#chunks[0] !== chunk) return;
      if (error !== undefined) {
        this.#onError(error);
        this.#timer ??= setTimeout(() => void this.flush(), RETRY_MILLIS).unref();
        return;
      }
      this.#done(chunk);
    }
  }

  #done(chunk: Chunk): void {
    this.#chunks.shift();
    this.#unwrittenBytes -= chunk.length;
    this.#onWritten(chunk.frames, chunk.items);
    this.#closeWritten();
  }

  #closeWritten(): void {
    for (const fd of this.#closing) {
      if (this.#chunks.some((chunk) => chunk.fd === fd)) continue;
      this.#closing.delete(fd);
      closeSync(fd);
    }
  }
}

function writeChunk(chunk: Chunk, done = 0): Promise<Error | undefined> {
  const { fd, bytes, length, position } = chunk;
  return new Promise((resolve) => {
    write(fd, bytes, done, length - done, position + done, (error, written) => {
      if (error !== null) resolve(error);
      else resolve(done + written < length ? writeChunk(chunk, done + written) : undefined);
    });
  });
}
