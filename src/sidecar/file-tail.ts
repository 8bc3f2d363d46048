import { type FileHandle, open, stat } from 'node:fs/promises';
import { Lines } from '../lines.ts';
import { ifThere } from '../missing-file.ts';

const READ_BYTES = 256 * 1024;
/** What was read last is compared with what is there: a file that was written anew is read anew. */
const MARK_BYTES = 64;

/** Hears of what is added to a file. */
export interface TailListener {
  onLine(line: string): void;
  /** Another file, or the same from its beginning. */
  onRestart(): void;
}

/**
 * Reads the complete lines that are added to a file, which may not be there yet, be cut off, or be replaced by another one.
 *
 * A file that is cut off and grows beyond where it was read within one look cannot be told from one that grows.
 */
export class FileTail {
  readonly #path: string;
  readonly #listener: TailListener;
  readonly #buffer = Buffer.allocUnsafe(READ_BYTES);
  #file: { readonly handle: FileHandle; readonly inode: bigint } | undefined;
  #position = 0;
  #mark: Buffer = Buffer.alloc(0);
  #lines = new Lines();
  #reading: Promise<void> = Promise.resolve();
  #hasEnded = false;

  constructor(path: string, listener: TailListener) {
    this.#path = path;
    this.#listener = listener;
  }

  /** Takes what is there already as read. */
  async skip(): Promise<void> {
    const file = await this.#open();
    if (file === undefined) return;
    const { handle } = file;
    this.#file = file;
    this.#position = (await handle.stat()).size;
    this.#mark = await this.#beforePosition(handle, Math.min(MARK_BYTES, this.#position));
  }

  /** Reads what was added since the last time; one after another. */
  read(): Promise<void> {
    this.#reading = this.#reading.then(
      () => this.#read(),
      () => this.#read(),
    );
    return this.#reading;
  }

  /** Reads the rest, a last line without an end too. */
  async end(): Promise<void> {
    await this.read();
    this.#hasEnded = true;
    this.#endLine();
    await this.#file?.handle.close();
    this.#file = undefined;
  }

  async #read(): Promise<void> {
    if (this.#hasEnded) return;
    const stats = await ifThere(stat(this.#path, { bigint: true }));
    // The old file first, to its end.
    await this.#readOpen();
    if (stats === undefined || stats.ino === this.#file?.inode) return;
    const next = await this.#open();
    if (next === undefined) return;
    await this.#file?.handle.close();
    this.#endLine();
    this.#file = next;
    this.#restart();
    await this.#readOpen();
  }

  /** The file may be another one than a moment ago. */
  async #open(): Promise<{ readonly handle: FileHandle; readonly inode: bigint } | undefined> {
    const handle = await ifThere(open(this.#path));
    return handle && { handle, inode: (await handle.stat({ bigint: true })).ino };
  }

  async #readOpen(): Promise<void> {
    if (this.#file === undefined) return;
    const { handle } = this.#file;
    const { size } = await handle.stat();
    if (size < this.#position || (size > this.#position && (await this.#isRewritten(handle)))) this.#restart();
    while (this.#position < size) {
      const { bytesRead } = await handle.read(this.#buffer, 0, READ_BYTES, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      this.#mark = Buffer.from(this.#buffer.subarray(Math.max(0, bytesRead - MARK_BYTES), bytesRead));
      for (const line of this.#lines.push(this.#buffer.subarray(0, bytesRead))) this.#listener.onLine(line);
    }
  }

  async #isRewritten(handle: FileHandle): Promise<boolean> {
    return !(await this.#beforePosition(handle, this.#mark.length)).equals(this.#mark);
  }

  async #beforePosition(handle: FileHandle, lengthBytes: number): Promise<Buffer> {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(lengthBytes),
      0,
      lengthBytes,
      this.#position - lengthBytes,
    );
    return buffer.subarray(0, bytesRead);
  }

  #restart(): void {
    this.#lines = new Lines();
    this.#position = 0;
    this.#mark = Buffer.alloc(0);
    this.#listener.onRestart();
  }

  #endLine(): void {
    const line = this.#lines.end();
    if (line !== undefined) this.#listener.onLine(line);
  }
}
