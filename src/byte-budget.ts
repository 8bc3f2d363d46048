const CONTROL_RESERVE_BYTES = 1024 * 1024;

/** Bytes that the logs of one writer share; up to 1 MiB of them is kept for control frames. */
export class ByteBudget {
  readonly #limitBytes: number;
  readonly #reserveBytes: number;
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
    this.#reserveBytes = Math.min(CONTROL_RESERVE_BYTES, limitBytes / 4);
  }

  get limitBytes(): number {
    return this.#limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  take(bytes: number, control: boolean): boolean {
    const limit = control ? this.#limitBytes : this.#limitBytes - this.#reserveBytes;
    if (this.#usedBytes + bytes > limit) return false;
    this.#usedBytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}
