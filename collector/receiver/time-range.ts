/** Least and greatest of the times it has seen, as 32-bit words. */
export class TimeRange {
  #minLow = 0;
  #minHigh = 0;
  #maxLow = 0;
  #maxHigh = 0;
  #empty = true;

  clear(): void {
    this.#empty = true;
  }

  add(low: number, high: number): void {
    if (this.#empty || high < this.#minHigh || (high === this.#minHigh && low < this.#minLow)) {
      this.#minLow = low;
      this.#minHigh = high;
    }
    if (this.#empty || high > this.#maxHigh || (high === this.#maxHigh && low > this.#maxLow)) {
      this.#maxLow = low;
      this.#maxHigh = high;
    }
    this.#empty = false;
  }

  addNanos(time: bigint): void {
    this.add(Number(time & 0xffff_ffffn), Number(time >> 32n));
  }

  get first(): bigint | undefined {
    return this.#empty ? undefined : unixNano(this.#minLow, this.#minHigh);
  }

  get last(): bigint | undefined {
    return this.#empty ? undefined : unixNano(this.#maxLow, this.#maxHigh);
  }
}

/** Nanoseconds since the epoch of a time in two words. */
export function unixNano(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}
