interface Bucket {
  tokens: number;
  filledAt: number;
}

const MAX_BUCKETS = 10_000;
/** Requests at once, as a multiple of those a second. */
const BURST = 2;

/** Bounds the requests a second of each key; bursts may be twice as many. */
export class RequestRate {
  readonly #clock: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param clock - milliseconds. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** @returns false when the key has asked too often. */
  take(key: string, perSecond: number): boolean {
    const now = this.#clock();
    const most = BURST * perSecond;
    const bucket = this.#buckets.get(key) ?? { tokens: most, filledAt: now };
    bucket.tokens = Math.min(most, bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond);
    bucket.filledAt = now;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MAX_BUCKETS) this.#forgetOldest();
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
