import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Room for the last records of a run, with the stack of an exception. */
const RESERVE_BYTES = 32 * 1024;

/** A file that holds room on the disk until the run ends: where nothing can be written any more, that it has ended can. */
export class DiskReserve {
  readonly #path: string;

  /** @param onError - called when there is no room from the start. */
  constructor(directory: string, onError: (error: Error) => void) {
    this.#path = join(directory, 'reserve');
    try {
      // Zeros take no room on a file system that compresses.
      writeFileSync(this.#path, randomBytes(RESERVE_BYTES), { mode: 0o600 });
    } catch (error) {
      onError(error as Error);
    }
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }
}
