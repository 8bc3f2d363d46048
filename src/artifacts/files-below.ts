import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from '../missing-file.ts';

/** Files of a directory, and why others cannot be read. */
export interface FilesBelow {
  readonly files: string[];
  readonly failures: unknown[];
}

/** Finds the files below a directory; a link to a file is one, a link to a directory is not followed: it may lead in a circle. */
export async function filesBelow(directory: string): Promise<FilesBelow> {
  const found: FilesBelow = { files: [], failures: [] };
  await collect(directory, await readdir(directory, { withFileTypes: true }), found);
  return found;
}

async function collect(directory: string, entries: readonly Dirent[], found: FilesBelow): Promise<void> {
  for (const entry of entries) {
    const path = join(directory, entry.name);
    try {
      if (entry.isDirectory()) await collect(path, await readdir(path, { withFileTypes: true }), found);
      else if (entry.isFile() || (entry.isSymbolicLink() && (await isLinkToFile(path)))) found.files.push(path);
    } catch (error) {
      found.failures.push(error);
    }
  }
}

/** A link that leads nowhere is none. */
async function isLinkToFile(path: string): Promise<boolean> {
  return (await ifThere(stat(path)))?.isFile() ?? false;
}
