import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rejected } from '../rejected-frames.ts';

const MAX_FILES = 100;
const MAX_BYTES = 16 * 1024 * 1024;

/** Keeps the OTLP requests that a server refused, with its reason beside each: the first 100 of a writer, and 16 MiB. */
export class RejectedFiles {
  readonly #directory: string;
  readonly #writer: string;
  #files = 0;
  #bytes = 0;

  constructor(directory: string, writer: string) {
    this.#directory = directory;
    this.#writer = writer;
  }

  /** What cannot be kept is told, and stands in no other's way. */
  add({ signal, reason, body }: Rejected, onError: (error: Error) => void): void {
    if (this.#files >= MAX_FILES || this.#bytes + body.length > MAX_BYTES) return;
    const path = join(this.#directory, `${this.#writer}-${this.#files++}.${signal}`);
    this.#bytes += body.length;
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.pb`, body, { mode: 0o600 });
      writeFileSync(`${path}.txt`, `${reason}\n`, { mode: 0o600 });
    } catch (error) {
      onError(error as Error);
    }
  }
}
