const MINUTE_SECONDS = 60;
/** Senders that are remembered; of more the one that was quiet longest is forgotten. */
const MAX_SENDERS = 10_000;

/** At most so many new runs of a sender in any minute, counted in buckets of a second. */
export class NewRunLimit {
  readonly #perMinute: number;
  readonly #senders = new Map<string, Map<number, number>>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** @param now - milliseconds. @returns seconds until the sender may make a run; 0 = it may now, and that is counted. */
  take(sender: string, now: number): number {
    const second = Math.floor(now / 1_000);
    const buckets = this.#bucketsOf(sender);
    let total = 0;
    let oldest = second;
    for (const [bucket, count] of buckets) {
      if (bucket <= second - MINUTE_SECONDS) buckets.delete(bucket);
      else {
        total += count;
        oldest = Math.min(oldest, bucket);
      }
    }
    if (total >= this.#perMinute) return oldest + MINUTE_SECONDS - second;
    buckets.set(second, (buckets.get(second) ?? 0) + 1);
    return 0;
  }

  #bucketsOf(sender: string): Map<number, number> {
    const buckets = this.#senders.get(sender) ?? new Map<number, number>();
    this.#senders.delete(sender);
    this.#senders.set(sender, buckets);
    const [quietest] = this.#senders.keys();
    if (this.#senders.size > MAX_SENDERS && quietest !== undefined) this.#senders.delete(quietest);
    return buckets;
  }
}
