import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { errorText, SimvueError } from 'simvue-otel/errors';
import type { ArtifactFiles, IncomingContent } from './artifact-files.ts';
import { asDiskError, isDiskError } from './disk-error.ts';
import { syncDirectory } from './sync-directory.ts';

const READ_BYTES = 256 << 10;
const INCOMING = 'incoming';

/**
 * Keeps content in files `ab/cdef…` (an id, split) below a directory, and what is on its way in `incoming/`, which is emptied first.
 *
 * @param directory - made when it is not there.
 * @throws SimvueError `SIMVUE_ERR_DATA_DIRECTORY` when it cannot be written.
 */
export async function openLocalArtifactFiles(directory: string): Promise<ArtifactFiles> {
  const incoming = join(directory, INCOMING);
  try {
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    for (const name of await readdir(incoming)) await rm(join(incoming, name));
  } catch (error) {
    const message = `--data: ${directory} cannot be written: ${errorText(error)}`;
    throw new SimvueError('SIMVUE_ERR_DATA_DIRECTORY', message, { cause: error });
  }
  const pathOf = (id: string): string => join(directory, id.slice(0, 2), id.slice(2));

  return {
    async receive(id) {
      const path = join(incoming, randomUUID());
      const file = await stored(() => open(path, 'wx', 0o600));
      return new IncomingFile(file, path, pathOf(id));
    },
    async read(id, { first, last }): Promise<Readable | undefined> {
      const file = await openForReading(pathOf(id));
      return file?.createReadStream({ start: first, end: last, highWaterMark: READ_BYTES });
    },
    async remove(id) {
      await stored(() => rm(pathOf(id), { force: true }));
    },
  };
}

class IncomingFile implements IncomingContent {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #target: string;
  #isOpen = true;

  constructor(file: FileHandle, path: string, target: string) {
    this.#file = file;
    this.#path = path;
    this.#target = target;
  }

  async write(piece: Uint8Array): Promise<void> {
    await stored(() => this.#file.writeFile(piece));
  }

  async commit(): Promise<void> {
    await stored(async () => {
      await this.#file.sync();
      await this.#close();
      const directory = dirname(this.#target);
      if ((await mkdir(directory, { recursive: true, mode: 0o700 })) !== undefined)
        await syncDirectory(dirname(directory));
      await rename(this.#path, this.#target);
      await syncDirectory(directory);
    });
  }

  async discard(): Promise<void> {
    await this.#close();
    await rm(this.#path, { force: true });
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#file.close();
  }
}

async function openForReading(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw storeError(error);
  }
}

async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeError(error);
  }
}

function storeError(error: unknown): unknown {
  const disk = asDiskError(error, 'content of an artifact');
  if (isDiskError(disk)) return disk;
  return new SimvueError('SIMVUE_ERR_STORE', `content of an artifact: ${errorText(error)}`, { cause: error });
}
