import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const call = promisify(execFile);
const PIECE_BYTES = 64 << 10;

/** Stops and starts the writes of a process: a limit of 0 bytes a file fails each of them with EFBIG. Works without privileges. */
export async function limitWrites(pid: number, isLimited: boolean): Promise<void> {
  await call('prlimit', ['--pid', String(pid), `--fsize=${isLimited ? '0' : 'unlimited'}:`]);
}

/** True where this user may mount; elsewhere {@link limitWrites} has to do. */
export function canMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'simvue-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', directory], { stdio: 'ignore' });
    execFileSync('umount', [directory]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(directory);
  }
}

/** A small file system in memory, which can be filled and emptied. */
export class SmallDisk implements Disposable {
  readonly directory: string;
  readonly #ballast: string;

  constructor(megabytes: number) {
    this.directory = mkdtempSync(join(tmpdir(), 'simvue-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', this.directory]);
    this.#ballast = join(this.directory, 'ballast');
  }

  /** Takes all room that is left. */
  fill(): void {
    for (;;) {
      try {
        writeFileSync(this.#ballast, Buffer.alloc(PIECE_BYTES), { flag: 'a' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        return;
      }
    }
  }

  empty(): void {
    if (existsSync(this.#ballast)) rmSync(this.#ballast);
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['--lazy', this.directory]);
    rmdirSync(this.directory);
  }
}
