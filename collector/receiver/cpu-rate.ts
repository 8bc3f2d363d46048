const NANOS_PER_SECOND = 1e9;
/** Times nearer to each other say little of a rate. */
const LEAST_NANOS = 1_000_000n;

/**
 * CPU seconds of a process, sample by sample, as percent of a core.
 *
 * What comes again gives the same answer, and what is older than the newest sample none: a retry or a replay of the log adds no other value.
 */
export class CpuRate {
  #unixNano = 0n;
  #seconds = Number.NaN;
  #percent: number | undefined;

  /** @param seconds - since the start of the process. @returns undefined for a first sample, a late one, and after a restart. */
  percentAt(unixNano: bigint, seconds: number): number | undefined {
    if (unixNano === this.#unixNano) return this.#percent;
    const nanos = unixNano - this.#unixNano;
    if (nanos < LEAST_NANOS) return undefined;
    const used = seconds - this.#seconds;
    this.#percent = used >= 0 ? (100 * used * NANOS_PER_SECOND) / Number(nanos) : undefined;
    this.#unixNano = unixNano;
    this.#seconds = seconds;
    return this.#percent;
  }
}
