/**
 * Interns byte strings as small integers, in order of insertion, without making a string of them.
 *
 * Senders repeat themselves in order, so the entry after the last one found is compared first; else FNV-1a and open addressing.
 */
export class ByteTable {
  #slots = new Int32Array(16).fill(-1);
  #bytes = Buffer.alloc(256);
  readonly #ends: number[] = [];
  readonly #hashes: number[] = [];
  #predicted = 0;

  get size(): number {
    return this.#ends.length;
  }

  /** Bytes of memory, roughly. */
  get sizeBytes(): number {
    return this.#bytes.length + 4 * this.#slots.length + 24 * this.#ends.length;
  }

  /** @returns index of the entry equal to `source[start, end)`, or -1. */
  find(source: Buffer, start: number, end: number): number {
    const predicted = this.#predicted;
    if (predicted < this.#ends.length && this.#equals(predicted, source, start, end)) return this.#found(predicted);
    const hash = fnv1a(source, start, end);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const index = this.#slots[slot] as number;
      if (index < 0) return -1;
      if (this.#hashes[index] === hash && this.#equals(index, source, start, end)) return this.#found(index);
    }
  }

  /** Adds bytes that {@link ByteTable.find} did not find. @returns their index. */
  add(source: Buffer, start: number, end: number): number {
    const index = this.#ends.length;
    const used = index === 0 ? 0 : (this.#ends[index - 1] as number);
    const needed = used + end - start;
    if (needed > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(needed, 2 * this.#bytes.length));
      this.#bytes.copy(grown, 0, 0, used);
      this.#bytes = grown;
    }
    source.copy(this.#bytes, used, start, end);
    this.#ends.push(needed);
    this.#hashes.push(fnv1a(source, start, end));
    if (2 * (index + 1) > this.#slots.length) this.#rehash();
    else this.#place(index);
    this.#predicted = 0;
    return index;
  }

  #found(index: number): number {
    this.#predicted = index + 1 === this.#ends.length ? 0 : index + 1;
    return index;
  }

  #equals(index: number, source: Buffer, start: number, end: number): boolean {
    const from = index === 0 ? 0 : (this.#ends[index - 1] as number);
    if ((this.#ends[index] as number) - from !== end - start) return false;
    const bytes = this.#bytes;
    for (let here = from, there = start; there < end; here++, there++) if (bytes[here] !== source[there]) return false;
    return true;
  }

  #place(index: number): void {
    const mask = this.#slots.length - 1;
    let slot = (this.#hashes[index] as number) & mask;
    while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & mask;
    this.#slots[slot] = index;
  }

  #rehash(): void {
    this.#slots = new Int32Array(2 * this.#slots.length).fill(-1);
    for (let index = 0; index < this.#ends.length; index++) this.#place(index);
  }
}

function fnv1a(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let position = start; position < end; position++) {
    hash = Math.imul(hash ^ (bytes[position] as number), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}
