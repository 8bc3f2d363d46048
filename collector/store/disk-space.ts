import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiskSpace } from './storage-store.ts';

/** Measures a data directory from the sizes of its files; content of artifacts is counted by the catalogue. */
export async function readDiskSpace(path: string): Promise<DiskSpace> {
  const [disk, names, logNames] = await Promise.all([statfs(path), readdir(path), readdir(join(path, 'log'))]);
  const sum = async (files: readonly string[]): Promise<number> => {
    const sizes = await Promise.all(files.map((file) => sizeOf(join(path, file))));
    return sizes.reduce((total, size) => total + size, 0);
  };
  return {
    path,
    totalBytes: disk.blocks * disk.bsize,
    freeBytes: disk.bavail * disk.bsize,
    catalogueBytes: await sum(names.filter((name) => name.startsWith('catalog.db'))),
    logBytes: await sum(logNames.map((name) => join('log', name))),
    pointBytes: await sum(names.filter((name) => name.startsWith('points-'))),
  };
}

/** A file may go between the listing and the look: a segment of the log is recycled. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}
