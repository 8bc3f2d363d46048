import { POINT_DOUBLES, POINT_WORDS, TIME_HIGH, TIME_LOW } from '../../pipeline/staging.ts';
import { BLOCK_POINTS, type PointBlock, type PointHeap } from './point-heap.ts';

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

  get words(): Uint32Array {
    return this.#block.words;
  }

  get doubles(): Float64Array {
    return this.#block.doubles;
  }

  /** Points that fit without growing. */
  get room(): number {
    return this.#block.capacity - this.count;
  }

  /** Moves to a block of the next size, unless that is above `maxPoints`. @returns false when the head is full. */
  grow(maxPoints: number): boolean {
    const next = this.#block.sizeClass + 1;
    const capacity = BLOCK_POINTS[next];
    if (capacity === undefined || capacity > maxPoints) return false;
    const larger = this.#heap.allocate(next);
    larger.words.set(this.#block.words.subarray(0, this.count * POINT_WORDS));
    this.#heap.release(this.#block);
    this.#block = larger;
    return true;
  }

  /** Appends points that are later than all in the head; there must be room. */
  append(source: Uint32Array, first: number, count: number): void {
    this.#block.words.set(
      source.subarray(first * POINT_WORDS, (first + count) * POINT_WORDS),
      this.count * POINT_WORDS,
    );
    this.count += count;
  }

  /** Puts one point in its place by time, behind points of the same time; there must be room. */
  insert(source: Uint32Array, index: number): void {
    const at = index * POINT_WORDS;
    const position = this.#firstAfter(source[at + TIME_LOW] as number, source[at + TIME_HIGH] as number);
    const words = this.#block.words;
    words.copyWithin((position + 1) * POINT_WORDS, position * POINT_WORDS, this.count * POINT_WORDS);
    words.set(source.subarray(at, at + POINT_WORDS), position * POINT_WORDS);
    this.count++;
  }

  /** True when the head has this very point: time, value bits, step and run time. */
  has(source: Uint32Array, index: number): boolean {
    const at = index * POINT_WORDS;
    const low = source[at + TIME_LOW] as number;
    const high = source[at + TIME_HIGH] as number;
    const words = this.#block.words;
    for (let i = this.#firstAfter(low, high) - 1; i >= 0; i--) {
      const own = i * POINT_WORDS;
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

  /** A copy of the points, for readers. */
  copy(): { words: Uint32Array; doubles: Float64Array } {
    const words = this.#block.words.slice(0, this.count * POINT_WORDS);
    return { words, doubles: new Float64Array(words.buffer, 0, this.count * POINT_DOUBLES) };
  }

  #firstAfter(low: number, high: number): number {
    const words = this.#block.words;
    let least = 0;
    let most = this.count;
    while (least < most) {
      const middle = (least + most) >>> 1;
      const at = middle * POINT_WORDS;
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
