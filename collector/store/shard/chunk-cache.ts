import { POINT_DOUBLES, POINT_WORDS, RUN_TIME, STEP, TIME_HIGH, TIME_LOW, VALUE } from '../../pipeline/staging.ts';
import type { PointColumns } from '../chunk/point-columns.ts';

/** Decoded chunks that were looked at last. */
export class ChunkCache {
  readonly #chunks = new Map<string, PointColumns>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(series: number, number: number, decode: () => PointColumns): PointColumns {
    const key = `${series}:${number}`;
    const known = this.#chunks.get(key);
    if (known !== undefined) {
      this.#chunks.delete(key);
      this.#chunks.set(key, known);
      return known;
    }
    const columns = decode();
    this.#chunks.set(key, columns);
    const [oldest] = this.#chunks.keys();
    if (this.#chunks.size > this.#capacity && oldest !== undefined) this.#chunks.delete(oldest);
    return columns;
  }

  clear(): void {
    this.#chunks.clear();
  }
}

/** True when the chunk has this very point: time, value bits, step and run time. */
export function chunkHas(columns: PointColumns, words: Uint32Array, doubles: Float64Array, index: number): boolean {
  const low = words[index * POINT_WORDS + TIME_LOW] as number;
  const high = words[index * POINT_WORDS + TIME_HIGH] as number;
  const at = index * POINT_DOUBLES;
  const valueWords = new Uint32Array(columns.value.buffer, columns.value.byteOffset);
  for (let i = firstNotBefore(columns, low, high); i < columns.count; i++) {
    if (columns.timeLow[i] !== low || columns.timeHigh[i] !== high) return false;
    const isSameValue =
      valueWords[2 * i] === words[index * POINT_WORDS + 2 * VALUE] &&
      valueWords[2 * i + 1] === words[index * POINT_WORDS + 2 * VALUE + 1];
    if (!isSameValue) continue;
    const isSameStep = Object.is(columns.step?.[i] ?? Number.NaN, doubles[at + STEP]);
    if (isSameStep && Object.is(columns.runTime?.[i] ?? Number.NaN, doubles[at + RUN_TIME])) return true;
  }
  return false;
}

function firstNotBefore(columns: PointColumns, low: number, high: number): number {
  let least = 0;
  let most = columns.count;
  while (least < most) {
    const middle = (least + most) >>> 1;
    const middleHigh = columns.timeHigh[middle] as number;
    const isBefore = middleHigh < high || (middleHigh === high && (columns.timeLow[middle] as number) < low);
    if (isBefore) least = middle + 1;
    else most = middle;
  }
  return least;
}
