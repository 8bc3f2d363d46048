import type { NumberReader, NumberWriter } from './saved-numbers.ts';

/** A series with few points needs few places. */
const FIRST_CAPACITY = 16;
const MAX_IDENTITIES = 512;

/** Identities of the last points of a series: one that is delivered again is found among them. */
export class RecentIdentities {
  #ring = new Float64Array(FIRST_CAPACITY);
  #count = 0;
  /** Place of the next one, once all places are taken. */
  #oldest = 0;

  has(identity: number): boolean {
    const at = this.#ring.indexOf(identity);
    return at >= 0 && at < this.#count;
  }

  /** Takes those from one place to before another. */
  add(identities: Float64Array, from: number, end: number): void {
    for (let i = Math.max(from, end - MAX_IDENTITIES); i < end; i++) {
      if (this.#count < MAX_IDENTITIES) {
        if (this.#count === this.#ring.length) this.#grow();
        this.#ring[this.#count++] = identities[i] as number;
      } else {
        this.#ring[this.#oldest] = identities[i] as number;
        this.#oldest = (this.#oldest + 1) % MAX_IDENTITIES;
      }
    }
  }

  save(writer: NumberWriter): void {
    writer.put(this.#oldest, this.#count);
    for (let i = 0; i < this.#count; i++) writer.put(this.#ring[i] as number);
  }

  restore(reader: NumberReader): void {
    this.#oldest = reader.next();
    for (let left = reader.next(); left > 0; left--) {
      if (this.#count === this.#ring.length) this.#grow();
      this.#ring[this.#count++] = reader.next();
    }
  }

  #grow(): void {
    const ring = new Float64Array(Math.min(MAX_IDENTITIES, this.#ring.length * 2));
    ring.set(this.#ring);
    this.#ring = ring;
  }
}
