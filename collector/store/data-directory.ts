import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { errorText, SimvueError } from 'simvue-otel/errors';
import { makePrivateDirectory } from 'simvue-otel/framed-log';
import { type Database, openDatabase } from './sqlite-database.ts';

const LOCK_NAME = 'collector.lock';
const LOCK_SCHEMA = ['CREATE TABLE holder (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), pid INTEGER NOT NULL)'];

/** A data directory that belongs to this process. */
export interface DataDirectory {
  readonly path: string;
  /** Path of a file or folder in it. */
  file(name: string): string;
  /** Gives the directory to others; idempotent. */
  release(): void;
}

/**
 * Makes the directory where it is not there (mode 0700) and takes it for this process.
 *
 * The lock is that of an open SQLite transaction: the operating system drops it with the process, however that ends, and knows it across
 * containers that share the directory (where a process id would say nothing).
 *
 * @throws SimvueError `SIMVUE_ERR_DATA_DIRECTORY` when it cannot be written, or another collector uses it.
 */
export function openDataDirectory(directory: string): DataDirectory {
  const path = resolve(directory);
  try {
    makePrivateDirectory(path);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SimvueError(
      'SIMVUE_ERR_DATA_DIRECTORY',
      `--data: ${path} cannot be written (${errorText(error)}). Choose a directory of yours with --data`,
      { cause: error },
    );
  }
  let lock: Database | undefined = takeLock(path);
  return {
    path,
    file: (name) => join(path, name),
    release: () => {
      lock?.exec('ROLLBACK');
      lock?.close();
      lock = undefined;
    },
  };
}

function takeLock(path: string): Database {
  const lock = openDatabase(join(path, LOCK_NAME), LOCK_SCHEMA);
  try {
    lock.transaction(() => lock.prepare('INSERT OR REPLACE INTO holder VALUES (1, ?)').run(process.pid));
    lock.exec('BEGIN IMMEDIATE');
    return lock;
  } catch (error) {
    const holder = lock.prepare('SELECT pid FROM holder').get()?.['pid'];
    lock.close();
    if (!errorText(error).includes('locked')) throw error;
    throw new SimvueError(
      'SIMVUE_ERR_DATA_DIRECTORY',
      `--data: ${path} is in use by another collector (process ${holder ?? 'unknown'}). Stop it, or choose another directory with --data`,
      { cause: error },
    );
  }
}
