import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { errorText, SimvueError } from 'simvue-otel/errors';
import { BufferPool } from './buffer-pool.ts';
import { malformed } from './malformed.ts';

const INFLATE = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate) } as const;
const MAX_INFLATING = 4;
const MAX_CHUNK_BYTES = 4 << 20;
const MIN_CHUNK_BYTES = 16 << 10;

export interface BodyLimits {
  /** Largest body, after inflating. */
  readonly maxBodyBytes: number;
  /** All bodies that are being read or wait for their answer; beyond it the answer is 503. */
  readonly maxInFlightBytes: number;
}

/** A body that was read and inflated. */
export interface RequestBody {
  readonly bytes: Buffer;
  /** Gives its memory back; `bytes` must not be used afterwards. */
  release(): void;
}

/** True for the content encodings that {@link BodyReader} inflates. */
export function isKnownEncoding(encoding: string): boolean {
  return encoding === 'identity' || Object.hasOwn(INFLATE, encoding);
}

/**
 * Reads request bodies into pooled memory, within bounds for one body and for all of them.
 */
export class BodyReader {
  readonly #limits: BodyLimits;
  readonly #pool: BufferPool;
  #inFlightBytes = 0;
  #inflating = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limits: BodyLimits) {
    this.#limits = limits;
    this.#pool = new BufferPool(limits.maxBodyBytes);
  }

  /** Bytes of bodies that were not released yet. */
  get inFlightBytes(): number {
    return this.#inFlightBytes;
  }

  /**
   * @param encoding - one of {@link isKnownEncoding}.
   * @returns undefined when the client went away.
   * @throws SimvueError `SIMVUE_ERR_TOO_LARGE` (413), `SIMVUE_ERR_OVERLOADED` (503), `SIMVUE_ERR_MALFORMED` (400: it does not inflate).
   */
  async read(request: IncomingMessage, encoding: string): Promise<RequestBody | undefined> {
    const body = await this.receive(request, Number(request.headers['content-length'] ?? 0));
    return body === undefined || encoding === 'identity' ? body : this.inflate(body, encoding);
  }

  /**
   * Reads a stream to its end.
   *
   * @param declaredBytes - as the sender announced it; 0 = it did not.
   * @returns undefined when the client went away.
   * @throws SimvueError `SIMVUE_ERR_TOO_LARGE`, `SIMVUE_ERR_OVERLOADED`
   */
  receive(source: Readable, declaredBytes: number): Promise<RequestBody | undefined> {
    return new Promise((resolve, reject) => {
      let lease: Lease | undefined;
      let length = 0;
      const settle = (finish: () => void, keepsLease = false) => {
        source.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
        if (!keepsLease) lease?.release();
        source.on('error', ignoreLateError).resume();
        finish();
      };
      const onData = (chunk: Buffer) => {
        try {
          this.#checkSize(length + chunk.length);
          lease = this.#grow(lease, length, length + chunk.length);
          chunk.copy(lease.buffer, length);
          length += chunk.length;
        } catch (error) {
          settle(() => reject(error as Error));
        }
      };
      const onEnd = () => {
        const held = lease ?? this.#lease(0);
        settle(() => resolve({ bytes: held.buffer.subarray(0, length), release: () => held.release() }), true);
      };
      const onClose = () => settle(() => resolve(undefined));
      try {
        this.#checkSize(declaredBytes);
        lease = this.#lease(declaredBytes);
        source.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
        if (source.destroyed && !source.readableEnded) onClose();
      } catch (error) {
        settle(() => reject(error as Error));
      }
    });
  }

  /**
   * Inflates a body, which is released.
   *
   * @param encoding - one of {@link isKnownEncoding}, not `identity`.
   * @throws SimvueError `SIMVUE_ERR_TOO_LARGE`, `SIMVUE_ERR_OVERLOADED`, `SIMVUE_ERR_MALFORMED`
   */
  async inflate(body: RequestBody, encoding: string): Promise<RequestBody> {
    const { maxBodyBytes } = this.#limits;
    const account = this.#account(0);
    const compressed = body.bytes;
    if (this.#inflating < MAX_INFLATING) this.#inflating++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      const chunkSize = Math.min(
        Math.max(inflatedBytesHint(compressed), MIN_CHUNK_BYTES),
        MAX_CHUNK_BYTES,
        maxBodyBytes,
      );
      const bytes = await INFLATE[encoding as keyof typeof INFLATE](compressed, {
        maxOutputLength: maxBodyBytes,
        chunkSize,
      });
      account.resize(bytes.length);
      return { bytes, release: account.release };
    } catch (error) {
      account.release();
      if (error instanceof SimvueError) throw error;
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw this.#tooLarge();
      throw malformed(`body does not inflate as ${encoding}: ${errorText(error)}`);
    } finally {
      body.release();
      const next = this.#waiting.shift();
      if (next === undefined) this.#inflating--;
      else next(); // takes over the place
    }
  }

  #checkSize(bytes: number): void {
    if (bytes > this.#limits.maxBodyBytes) throw this.#tooLarge();
  }

  #tooLarge(): SimvueError {
    return new SimvueError(
      'SIMVUE_ERR_TOO_LARGE',
      `body is larger than ${this.#limits.maxBodyBytes} bytes: send smaller batches`,
    );
  }

  #grow(lease: Lease | undefined, usedBytes: number, neededBytes: number): Lease {
    if (lease !== undefined && lease.buffer.length >= neededBytes) return lease;
    const grown = this.#lease(Math.max(neededBytes, 2 * (lease?.buffer.length ?? 0)));
    lease?.buffer.copy(grown.buffer, 0, 0, usedBytes);
    lease?.release();
    return grown;
  }

  #lease(bytes: number): Lease {
    const buffer = this.#pool.take(bytes);
    const account = this.#account(buffer.length);
    return {
      buffer,
      release: () => {
        if (account.release()) this.#pool.give(buffer);
      },
    };
  }

  /** Counts bytes against the bound of all bodies. `release` returns false when it was called before. */
  #account(bytes: number): { resize(bytes: number): void; release(): boolean } {
    let counted = 0;
    let open = true;
    const resize = (next: number) => {
      if (this.#inFlightBytes + next - counted > this.#limits.maxInFlightBytes) {
        throw new SimvueError('SIMVUE_ERR_OVERLOADED', 'too many requests are being read: retry later');
      }
      this.#inFlightBytes += next - counted;
      counted = next;
    };
    const release = () => {
      const wasOpen = open;
      if (wasOpen) this.#inFlightBytes -= counted;
      open = false;
      return wasOpen;
    };
    resize(bytes);
    return { resize, release };
  }
}

interface Lease {
  readonly buffer: Buffer;
  release(): void;
}

/** Size that the last member of a gzip file declares; a hint only. */
function inflatedBytesHint(compressed: Buffer): number {
  return compressed.length < 18 ? 0 : compressed.readUInt32LE(compressed.length - 4) + 1;
}

/** The answer is given already; the connection's end is the server's business. */
function ignoreLateError(): void {}
