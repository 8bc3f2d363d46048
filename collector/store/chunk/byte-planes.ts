/**
 * A column of doubles as eight byte planes of each value XORed with the one before. A plane of zeroes is one bit in the header, a plane
 * that looks random is stored as it is, the others are compressed together.
 */
export interface Planes {
  /** Bit k: plane k is all zero. */
  readonly zero: number;
  /** Bit k: plane k is stored as it is. */
  readonly raw: number;
  /** The XORed bytes, value by value. */
  readonly bytes: Uint8Array;
}

/** Of 32 sampled bytes this many different ones mean that deflate would gain nothing. */
const RANDOM_DISTINCT = 22;
const SAMPLES = 32;

/**
 * Splits a column.
 *
 * @param words - points as 32-bit words; the column's low word of point i is `words[first + i * stride]`.
 * @param scratch - takes 8 bytes a value.
 */
export function splitPlanes(
  words: Uint32Array,
  first: number,
  stride: number,
  count: number,
  scratch: Uint32Array,
): Planes {
  let previousLow = 0;
  let previousHigh = 0;
  let seenLow = 0;
  let seenHigh = 0;
  for (let i = 0, at = first; i < count; i++, at += stride) {
    const low = words[at] as number;
    const high = words[at + 1] as number;
    const changedLow = low ^ previousLow;
    const changedHigh = high ^ previousHigh;
    scratch[2 * i] = changedLow;
    scratch[2 * i + 1] = changedHigh;
    seenLow |= changedLow;
    seenHigh |= changedHigh;
    previousLow = low;
    previousHigh = high;
  }
  const bytes = new Uint8Array(scratch.buffer, scratch.byteOffset, count * 8);
  let zero = 0;
  let raw = 0;
  for (let plane = 0; plane < 8; plane++) {
    const seen = plane < 4 ? seenLow : seenHigh;
    if (((seen >>> ((plane & 3) * 8)) & 255) === 0) zero |= 1 << plane;
    else if (looksRandom(bytes, plane, count)) raw |= 1 << plane;
  }
  return { zero, raw, bytes };
}

/** Copies plane k of the column to `target`. @returns the position behind it. */
export function gatherPlane(bytes: Uint8Array, plane: number, count: number, target: Buffer, position: number): number {
  for (let i = 0, at = plane; i < count; i++, at += 8) target[position + i] = bytes[at] as number;
  return position + count;
}

/** Puts plane k back. */
export function scatterPlane(source: Buffer, position: number, plane: number, count: number, bytes: Uint8Array): void {
  for (let i = 0, at = plane; i < count; i++, at += 8) bytes[at] = source[position + i] as number;
}

/** Turns XORed values into the values, in place. */
export function undoXor(words: Uint32Array): void {
  let low = 0;
  let high = 0;
  for (let i = 0; i < words.length; i += 2) {
    low ^= words[i] as number;
    high ^= words[i + 1] as number;
    words[i] = low;
    words[i + 1] = high;
  }
}

function looksRandom(bytes: Uint8Array, plane: number, count: number): boolean {
  if (count < 4 * SAMPLES) return false;
  const step = Math.floor(count / SAMPLES);
  const seen = new Set<number>();
  for (let j = 0; j < SAMPLES; j++) seen.add(bytes[j * step * 8 + plane] as number);
  return seen.size >= RANDOM_DISTINCT;
}
