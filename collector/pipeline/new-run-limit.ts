/** At most so many new runs in any minute, counted in buckets of a second. */
export class NewRunLimit {
  readonly #perMinute: number;
  readonly #buckets = new Map<number, number>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** @param now - milliseconds. @returns false when the limit is reached. */
  take(now: number): boolean {
    const second = Math.floor(now / 1_000);
    let total = 0;
    for (const [bucket, count] of this.#buckets) {
      if (bucket <= second - 60) this.#buckets.delete(bucket);
      else total += count;
    }
    if (total >= this.#perMinute) return false;
    this.#buckets.set(second, (this.#buckets.get(second) ?? 0) + 1);
    return true;
  }
}
