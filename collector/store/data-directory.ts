import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { errorText, SimvueError } from 'simvue-otel/errors';

const LOCK_NAME = 'collector.lock';

/** A data directory that belongs to this process. */
export interface DataDirectory {
  readonly path: string;
  /** Path of a file or folder in it. */
  file(name: string): string;
  release(): void;
}

/**
 * Makes the directory where it is not there (mode 0700) and takes it for this process. The lock of a process that died is taken over.
 *
 * @throws SimvueError `SIMVUE_ERR_DATA_DIRECTORY` when it cannot be written, or another collector uses it.
 */
export function openDataDirectory(directory: string): DataDirectory {
  const path = resolve(directory);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SimvueError(
      'SIMVUE_ERR_DATA_DIRECTORY',
      `--data: ${path} cannot be written (${errorText(error)}). Choose a directory of yours with --data`,
      { cause: error },
    );
  }
  const lock = join(path, LOCK_NAME);
  takeLock(lock, path);
  return { path, file: (name) => join(path, name), release: () => rmSync(lock, { force: true }) };
}

function takeLock(lock: string, path: string): void {
  if (tryLock(lock)) return;
  const [pid = '', startedAt = ''] = readFileSync(lock, 'utf8').split(' ');
  if (pid !== '' && processStart(Number(pid)) === startedAt) {
    throw new SimvueError(
      'SIMVUE_ERR_DATA_DIRECTORY',
      `--data: ${path} is in use by another collector (process ${pid}). Stop it, or choose another directory with --data`,
    );
  }
  rmSync(lock, { force: true });
  if (!tryLock(lock)) takeLock(lock, path);
}

function tryLock(lock: string): boolean {
  let fd: number;
  try {
    fd = openSync(lock, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new SimvueError('SIMVUE_ERR_DATA_DIRECTORY', `--data: ${lock} cannot be written: ${errorText(error)}`, {
      cause: error,
    });
  }
  writeSync(fd, `${process.pid} ${processStart(process.pid)}`);
  closeSync(fd);
  return true;
}

/** Start time of a process, so that a pid that was given out again is not taken for the old one; undefined when it does not live. */
function processStart(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'alive';
    throw error;
  }
}
