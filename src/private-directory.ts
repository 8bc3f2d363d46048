import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const OWNER_ONLY = 0o700;

/**
 * Makes a directory that only its owner can enter, and the ones above it that are missing; one that is there stays as it is.
 *
 * Not `mkdir` with `recursive`: below a folder that takes none and says that they are missing, like `/proc`, Node 20 never returns from that.
 *
 * @throws what the file system says.
 */
export function makePrivateDirectory(directory: string): void {
  const path = resolve(directory);
  if (isDirectory(path)) return;
  try {
    mkdirSync(path, { mode: OWNER_ONLY });
  } catch (error) {
    if (isDirectory(path)) return;
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || isDirectory(parent)) throw error;
    makePrivateDirectory(parent);
    makePrivateDirectory(path);
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
