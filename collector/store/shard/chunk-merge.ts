import {
  POINT_BYTES,
  POINT_DOUBLES,
  POINT_WORDS,
  RUN_TIME,
  STEP,
  TIME_HIGH,
  TIME_LOW,
  VALUE,
} from '../../pipeline/staging.ts';
import type { PointColumns } from '../chunk/point-columns.ts';
import type { StoredChunk } from './chunk-record.ts';

/** Points of a merged chunk. */
export const MERGED_POINTS = 1024;
/** A chunk of fewer points is small. So many small ones in a row are worth a merge: each point is written again a few times at the most. */
export const SMALL_POINTS = 512;
export const LEAST_SMALL = 4;
/** A merge takes no more: it keeps other work of the shard waiting. */
const MAX_CHUNKS = 64;
const MAX_POINTS = 8 * MERGED_POINTS;

/**
 * The first neighbours that are worth a merge: small ones, or a late one with all that it lies over.
 *
 * @param chunks - of a series, by number.
 */
export function chunksToMerge(chunks: readonly StoredChunk[]): readonly StoredChunk[] | undefined {
  let smallFrom = 0;
  let end = -1n;
  for (const [index, { summary }] of chunks.entries()) {
    const { count, firstTimeUnixNano, lastTimeUnixNano } = summary;
    const late = firstTimeUnixNano < end ? overlapping(chunks, index) : undefined;
    if (late !== undefined) return late;
    if (lastTimeUnixNano > end) end = lastTimeUnixNano;
    if (count >= SMALL_POINTS) smallFrom = index + 1;
    const group = chunks.slice(smallFrom, index + 1);
    const isFull = group.length >= MAX_CHUNKS || pointsOf(group) >= MAX_POINTS - SMALL_POINTS;
    const isLast = (chunks[index + 1]?.summary.count ?? SMALL_POINTS) >= SMALL_POINTS;
    if (group.length >= LEAST_SMALL && (isFull || isLast)) return group;
  }
  return undefined;
}

/** From the first chunk that reaches behind the start of the one at `index`, up to it; undefined when that is too much. */
function overlapping(chunks: readonly StoredChunk[], index: number): readonly StoredChunk[] | undefined {
  const start = chunks[index]?.summary.firstTimeUnixNano ?? 0n;
  const first = chunks.findIndex(({ summary }) => summary.lastTimeUnixNano > start);
  const group = chunks.slice(first, index + 1);
  return group.length <= MAX_CHUNKS && pointsOf(group) <= MAX_POINTS ? group : undefined;
}

function pointsOf(chunks: readonly StoredChunk[]): number {
  return chunks.reduce((sum, { summary }) => sum + summary.count, 0);
}

/** All points in staging layout, sorted by time; equal times keep their order. */
export function mergePoints(parts: readonly PointColumns[]): {
  words: Uint32Array;
  doubles: Float64Array;
  count: number;
} {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const places: { part: PointColumns; index: number; high: number; low: number }[] = [];
  for (const part of parts) {
    for (let index = 0; index < part.count; index++) {
      places.push({ part, index, high: part.timeHigh[index] as number, low: part.timeLow[index] as number });
    }
  }
  places.sort((a, b) => a.high - b.high || a.low - b.low);
  const buffer = new ArrayBuffer(count * POINT_BYTES);
  const words = new Uint32Array(buffer);
  const doubles = new Float64Array(buffer);
  for (const [to, { part, index, high, low }] of places.entries()) {
    words[to * POINT_WORDS + TIME_LOW] = low;
    words[to * POINT_WORDS + TIME_HIGH] = high;
    // By words: a double on its way through JavaScript may lose the bits of a NaN.
    const bits = new Uint32Array(part.value.buffer, part.value.byteOffset + 8 * index, 2);
    words.set(bits, to * POINT_WORDS + 2 * VALUE);
    doubles[to * POINT_DOUBLES + STEP] = part.step?.[index] ?? Number.NaN;
    doubles[to * POINT_DOUBLES + RUN_TIME] = part.runTime?.[index] ?? Number.NaN;
  }
  return { words, doubles, count };
}
