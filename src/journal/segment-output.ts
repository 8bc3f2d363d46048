import { closeSync, writeSync } from 'node:fs';

/** How frames get into the files of a journal. */
export interface SegmentOutput {
  /**
   * Takes one frame at its place in a file.
   *
   * @returns false when there is no room for it now.
   * @throws what the file system says; nothing of the frame counts as written.
   */
  write(fd: number, frame: Buffer, frameBytes: number, position: number, items: number): boolean;
  /** Closes the file once everything taken for it is written. */
  close(fd: number): void;
  /** Resolves when everything taken is in the files. */
  flush(): Promise<void>;
  /** Writes everything taken before it returns. */
  flushSync(): void;
}

/** Frames and items that can be read from now on. */
export type OnWritten = (frames: number, items: number) => void;

/** For local disks: one write per frame. What it has taken outlives the process, however that ends. */
export class DirectOutput implements SegmentOutput {
  readonly #onWritten: OnWritten;

  constructor(onWritten: OnWritten) {
    this.#onWritten = onWritten;
  }

  write(fd: number, frame: Buffer, frameBytes: number, position: number, items: number): boolean {
    writeFully(fd, frame, frameBytes, position);
    this.#onWritten(1, items);
    return true;
  }

  close(fd: number): void {
    closeSync(fd);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  flushSync(): void {
    return;
  }
}

/** A write may take a part only, for example of the last room on a disk. */
export function writeFully(fd: number, bytes: Buffer, length: number, position: number): void {
  let written = writeSync(fd, bytes, 0, length, position);
  while (written < length) written += writeSync(fd, bytes, written, length - written, position + written);
}
