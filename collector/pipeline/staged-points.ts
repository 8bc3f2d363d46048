import type { PointBatch } from '../alert/point-batch.ts';
import { nanoSince, type RunStart } from './run-start.ts';
import { POINT_DOUBLES, POINT_WORDS, type StagingBlock, TIME_HIGH, TIME_LOW, VALUE } from './staging.ts';

/** A stretch of points in a staging block as alerts see it; nothing is copied. */
export class StagedPoints implements PointBatch {
  readonly #start: RunStart;
  readonly #salt: number;
  #words: Uint32Array = new Uint32Array(0);
  #doubles: Float64Array = new Float64Array(0);
  #first = 0;
  count = 0;
  isOrdered = false;

  /** @param instance - the writer: what two of them write is never the same point. */
  constructor(start: RunStart, instance: string) {
    this.#start = start;
    this.#salt = saltOf(instance);
  }

  /** Looks at another stretch from now on. */
  show({ words, doubles }: Pick<StagingBlock, 'words' | 'doubles'>, first: number, count: number, isOrdered: boolean) {
    this.#words = words;
    this.#doubles = doubles;
    this.#first = first;
    this.count = count;
    this.isOrdered = isOrdered;
  }

  timeNano(index: number): number {
    const at = (this.#first + index) * POINT_WORDS;
    return nanoSince(this.#start, this.#words[at + TIME_LOW] as number, this.#words[at + TIME_HIGH] as number);
  }

  value(index: number): number {
    return this.#doubles[(this.#first + index) * POINT_DOUBLES + VALUE] as number;
  }

  /** A hash over all of the point, its words mixed side by side: a chain would wait for each. */
  identity(index: number): number {
    const words = this.#words;
    const at = (this.#first + index) * POINT_WORDS;
    return (
      this.#salt ^
      mix(words[at] as number, words[at + 1] as number, 0x85ebca6b) ^
      mix(words[at + 2] as number, words[at + 3] as number, 0xc2b2ae35) ^
      mix(words[at + 4] as number, words[at + 5] as number, 0x27d4eb2f) ^
      mix(words[at + 6] as number, words[at + 7] as number, 0x165667b1)
    );
  }
}

/** Small whole numbers as doubles differ in the upper half of the high word only: it is turned to where a product spreads it. */
function mix(low: number, high: number, factor: number): number {
  return Math.imul(low ^ ((high << 16) | (high >>> 16)), factor);
}

function saltOf(instance: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < instance.length; i++) hash = Math.imul(hash ^ instance.charCodeAt(i), 0x01000193);
  return hash;
}
