import { POINT_WORDS, TIME_HIGH, TIME_LOW } from '../../pipeline/staging.ts';
import { BLOCK_POINTS, type PointBlock, type PointHeap } from './point-heap.ts';

/** Up to so many points are copied word by word: a view costs more. */
const FEW_POINTS = 4;

/** The newest points of a series, always sorted by time; ties keep the order of arrival. */
export class Head {
  readonly #heap: PointHeap;
  #block: PointBlock;
  count = 0;
  /** Log sequence of the oldest request with a point in here, and bytes of the log when it came. */
  readonly firstSequence: number;
  readonly bornAtLogBytes: number;

  constructor(heap: PointHeap, firstSequence: number, bornAtLogBytes: number) {
    this.#heap = heap;
    this.#block = heap.allocate(0);
    this.firstSequence = firstSequence;
    this.bornAtLogBytes = bornAtLogBytes;
  }

  /** Memory in which the points lie, from {@link Head.first} on. */
  get words(): Uint32Array {
    return this.#block.slab.words;
  }

  /** The same memory as {@link Head.words}. */
  get doubles(): Float64Array {
    return this.#block.slab.doubles;
  }

  /** Index of the first point. */
  get first(): number {
    return this.#block.at;
  }

  /** Points that fit without growing. */
  get room(): number {
    return (BLOCK_POINTS[this.#block.sizeClass] as number) - this.count;
  }

  /** Moves to a block of the next size, unless that is above `maxPoints`. @returns false when the head is full. */
  grow(maxPoints: number): boolean {
    const next = this.#block.sizeClass + 1;
    const capacity = BLOCK_POINTS[next];
    if (capacity === undefined || capacity > maxPoints) return false;
    const old = this.#block;
    const from = this.#wordOf(0);
    this.#block = this.#heap.allocate(next);
    this.words.set(old.slab.words.subarray(from, from + this.count * POINT_WORDS), this.#wordOf(0));
    this.#heap.release(old);
    return true;
  }

  /** Appends points that are later than all in the head; there must be room. */
  append(source: Uint32Array, first: number, count: number): void {
    const { words } = this;
    const at = this.#wordOf(this.count);
    if (count > FEW_POINTS) words.set(source.subarray(first * POINT_WORDS, (first + count) * POINT_WORDS), at);
    else for (let i = 0; i < count * POINT_WORDS; i++) words[at + i] = source[first * POINT_WORDS + i] as number;
    this.count += count;
  }

  /** Puts one point in its place by time, behind points of the same time; there must be room. */
  insert(source: Uint32Array, index: number): void {
    const at = index * POINT_WORDS;
    const position = this.#firstAfter(source[at + TIME_LOW] as number, source[at + TIME_HIGH] as number);
    const { words } = this;
    words.copyWithin(this.#wordOf(position + 1), this.#wordOf(position), this.#wordOf(this.count));
    words.set(source.subarray(at, at + POINT_WORDS), this.#wordOf(position));
    this.count++;
  }

  /** True when the head has this very point: time, value bits, step and run time. */
  has(source: Uint32Array, index: number): boolean {
    const at = index * POINT_WORDS;
    const low = source[at + TIME_LOW] as number;
    const high = source[at + TIME_HIGH] as number;
    const { words } = this;
    for (let i = this.#firstAfter(low, high) - 1; i >= 0; i--) {
      const own = this.#wordOf(i);
      if (words[own + TIME_LOW] !== low || words[own + TIME_HIGH] !== high) return false;
      if (isSamePoint(words, own, source, at)) return true;
    }
    return false;
  }

  /** Gives the block back. */
  release(): void {
    this.#heap.release(this.#block);
    this.count = 0;
  }

  /** Place of a point in the words of the slab. */
  #wordOf(index: number): number {
    return (this.#block.at + index) * POINT_WORDS;
  }

  #firstAfter(low: number, high: number): number {
    const { words } = this;
    let least = 0;
    let most = this.count;
    while (least < most) {
      const middle = (least + most) >>> 1;
      const at = this.#wordOf(middle);
      const middleHigh = words[at + TIME_HIGH] as number;
      const isAfter = middleHigh > high || (middleHigh === high && (words[at + TIME_LOW] as number) > low);
      if (isAfter) most = middle;
      else least = middle + 1;
    }
    return least;
  }
}

function isSamePoint(a: Uint32Array, atA: number, b: Uint32Array, atB: number): boolean {
  for (let i = 2; i < POINT_WORDS; i++) if (a[atA + i] !== b[atB + i]) return false;
  return true;
}
