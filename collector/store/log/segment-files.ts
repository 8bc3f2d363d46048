import { constants, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from '../sync-directory.ts';

const FIRST_SEGMENT_BYTES = 4 << 20;
const MAX_SEGMENT_BYTES = 64 << 20;
/** A segment that fills faster than this is followed by one of twice its size. */
const GROW_BELOW_MS = 2_000;
const ZEROES = Buffer.alloc(1 << 20);

/** A segment that is written now: an `O_DSYNC` descriptor, so that a completed write is durable. */
export interface OpenSegment {
  readonly number: number;
  readonly path: string;
  readonly fd: number;
  readonly sizeBytes: number;
  readonly openedAt: number;
}

/**
 * The files of the log. A new segment is a zeroed or recycled file: overwriting blocks that exist costs half or less of making a file grow.
 * At most one spare is kept.
 */
export class SegmentFiles {
  readonly #directory: string;
  #preparing: Promise<void> | undefined;
  #spare: { path: string; sizeBytes: number } | undefined;
  #nextBytes = FIRST_SEGMENT_BYTES;
  #nextNumber: number;

  constructor(directory: string) {
    this.#directory = directory;
    for (const name of readdirSync(directory)) if (name.startsWith('spare-')) rmSync(join(directory, name));
    this.#nextNumber = (this.list().at(-1) ?? -1) + 1;
  }

  /** Numbers of the segments on disk, oldest first. */
  list(): number[] {
    return readdirSync(this.#directory)
      .filter((name) => /^log-\d{8}$/.test(name))
      .map((name) => Number(name.slice(4)))
      .sort((a, b) => a - b);
  }

  path(number: number): string {
    return join(this.#directory, `log-${String(number).padStart(8, '0')}`);
  }

  /** Opens the segment after `previous`, large enough for `leastBytes`. */
  async next(previous: OpenSegment | undefined, leastBytes: number): Promise<OpenSegment> {
    if (previous !== undefined && Date.now() - previous.openedAt < GROW_BELOW_MS) {
      this.#nextBytes = Math.min(MAX_SEGMENT_BYTES, this.#nextBytes * 2);
    }
    // When it fails, the one made here may be smaller, and tells what is wrong.
    await this.#preparing?.catch(() => {});
    let spare = this.#spare;
    if (spare === undefined || spare.sizeBytes < leastBytes) {
      this.#spare = undefined;
      if (spare !== undefined) rmSync(spare.path);
      spare = await this.#makeZeroed(Math.max(this.#nextBytes, leastBytes));
    }
    this.#spare = undefined;
    const number = this.#nextNumber++;
    const path = this.path(number);
    renameSync(spare.path, path);
    await syncDirectory(this.#directory);
    const fd = openSync(path, constants.O_RDWR | constants.O_DSYNC, 0o600);
    return { number, path, fd, sizeBytes: spare.sizeBytes, openedAt: Date.now() };
  }

  /** Makes the next segment's file, unless there is one: in the background while the current one fills. */
  prepare(): Promise<void> {
    if (this.#spare !== undefined) return Promise.resolve();
    this.#preparing ??= this.#makeZeroed(this.#nextBytes)
      .then((spare) => {
        this.#spare = spare;
      })
      .finally(() => {
        this.#preparing = undefined;
      });
    return this.#preparing;
  }

  /** Takes a segment out of the log; its file becomes the spare when one of that size is wanted. */
  retire(number: number, sizeBytes: number): void {
    const path = this.path(number);
    if (this.#spare === undefined && this.#preparing === undefined && sizeBytes === this.#nextBytes) {
      const spare = join(this.#directory, `spare-recycled-${number}`);
      renameSync(path, spare);
      this.#spare = { path: spare, sizeBytes };
    } else {
      rmSync(path);
    }
  }

  /** Gives the spare's disk space back; the next segments start small again. */
  async shrink(): Promise<void> {
    this.#nextBytes = FIRST_SEGMENT_BYTES;
    await this.#preparing?.catch(() => {});
    if (this.#spare === undefined) return;
    rmSync(this.#spare.path);
    this.#spare = undefined;
  }

  async #makeZeroed(sizeBytes: number): Promise<{ path: string; sizeBytes: number }> {
    const path = join(this.#directory, `spare-${this.#nextNumber}-${sizeBytes}`);
    const file = await open(path, 'w', 0o600);
    try {
      for (let at = 0; at < sizeBytes; at += ZEROES.length) {
        const bytes = Math.min(ZEROES.length, sizeBytes - at);
        await file.write(ZEROES, 0, bytes, at);
      }
      await file.datasync();
    } catch (error) {
      rmSync(path, { force: true });
      // A small segment may still find room on a full disk.
      this.#nextBytes = FIRST_SEGMENT_BYTES;
      throw error;
    } finally {
      await file.close();
    }
    return { path, sizeBytes };
  }
}
