import { ByteTable } from './byte-table.ts';
import type { InternedResource } from './interned-resource.ts';

/** A longer resource is decoded each time instead of kept. */
const MAX_KEY_BYTES = 64 << 10;

interface Generation {
  readonly table: ByteTable;
  readonly entries: InternedResource[];
  /** Size of each entry when last looked at, and their sum. */
  readonly sizes: number[];
  sizeBytes: number;
}

/**
 * Resources by their encoded bytes, bounded in number and memory.
 *
 * Two generations: what is used moves to the young one; when that holds half of the limit it becomes the old one and the previous old
 * one is dropped. A dropped entry lives on while a request or a binding holds it; the next request of its writer makes a new one.
 */
export class ResourceRegistry {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  #young = emptyGeneration();
  #old = emptyGeneration();

  constructor(maxEntries: number, maxBytes: number) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#young.entries.length + this.#old.entries.length;
  }

  /** Entry of `bytes[start, end)`. @param make - makes an entry that is not known; is told the size of the key. */
  intern(bytes: Buffer, start: number, end: number, make: (keyBytes: number) => InternedResource): InternedResource {
    const young = this.#young;
    const index = young.table.find(bytes, start, end);
    if (index >= 0) {
      let entry = young.entries[index] as InternedResource;
      if (this.#isTooLarge(entry)) {
        entry = make(end - start);
        young.entries[index] = entry;
      }
      this.#account(young, index, entry);
      return entry;
    }
    const oldIndex = this.#old.table.find(bytes, start, end);
    const old = oldIndex >= 0 ? this.#old.entries[oldIndex] : undefined;
    const entry = old === undefined || this.#isTooLarge(old) ? make(end - start) : old;
    if (end - start <= MAX_KEY_BYTES) this.#add(bytes, start, end, entry);
    return entry;
  }

  /** Series without end would keep an entry that is used all the time from being dropped: it starts anew. */
  #isTooLarge(entry: InternedResource): boolean {
    return 2 * entry.sizeBytes > this.#maxBytes;
  }

  #add(bytes: Buffer, start: number, end: number, entry: InternedResource): void {
    if (2 * this.#young.entries.length >= this.#maxEntries || 2 * this.#young.sizeBytes >= this.#maxBytes) {
      this.#old = this.#young;
      this.#young = emptyGeneration();
    }
    const young = this.#young;
    const index = young.table.add(bytes, start, end);
    young.entries[index] = entry;
    young.sizes[index] = 0;
    this.#account(young, index, entry);
  }

  /** An entry grows with its series; its size is looked at again each time it is used. */
  #account(generation: Generation, index: number, entry: InternedResource): void {
    const sizeBytes = entry.sizeBytes;
    generation.sizeBytes += sizeBytes - (generation.sizes[index] as number);
    generation.sizes[index] = sizeBytes;
  }
}

function emptyGeneration(): Generation {
  return { table: new ByteTable(), entries: [], sizes: [], sizeBytes: 0 };
}
