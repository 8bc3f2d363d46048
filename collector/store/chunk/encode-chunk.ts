import { deflateRawSync } from 'node:zlib';
import { POINT_DOUBLES, POINT_WORDS, RUN_TIME, STEP, TIME_HIGH, TIME_LOW, VALUE } from '../../pipeline/staging.ts';
import { gatherPlane, type Planes, splitPlanes } from './byte-planes.ts';
import {
  CHUNK_HEADER_BYTES,
  CHUNK_VERSION,
  CODEC_DEFLATE,
  CODEC_NONE,
  COLUMN,
  chunkChecksum,
  MAX_CHUNK_POINTS,
} from './chunk-format.ts';
import { MAX_PACKED_DELTA, VarintWriter } from './varint-column.ts';

const DEFLATE = { level: 1, memLevel: 6, windowBits: 13 };
/** Below this size deflate's own overhead is the larger part. */
const MIN_DEFLATE_BYTES = 64;

const packed = new VarintWriter(Buffer.alloc(MAX_CHUNK_POINTS * 48));
const valueScratch = new Uint32Array(MAX_CHUNK_POINTS * 2);
const runTimeScratch = new Uint32Array(MAX_CHUNK_POINTS * 2);

/**
 * Encodes `count` points that are sorted by time.
 *
 * @param words - staging layout, 8 words a point; `doubles` is the same memory.
 * @param first - index of the first point.
 */
export function encodeChunk(words: Uint32Array, doubles: Float64Array, first: number, count: number): Buffer {
  packed.position = 0;
  const timeMode = packTimes(words, first, count);
  const stepMode = packSteps(words, doubles, first, count);
  const values = splitPlanes(words, first * POINT_WORDS + 2 * VALUE, POINT_WORDS, count, valueScratch);
  const hasRunTime = someNumber(doubles, first, count, RUN_TIME);
  const runTimes = hasRunTime
    ? splitPlanes(words, first * POINT_WORDS + 2 * RUN_TIME, POINT_WORDS, count, runTimeScratch)
    : undefined;
  packPlanes(values, count);
  if (runTimes !== undefined) packPlanes(runTimes, count);
  const plain = packed.buffer.subarray(0, packed.position);
  const deflated = plain.length >= MIN_DEFLATE_BYTES ? deflateRawSync(plain, DEFLATE) : plain;
  const isSmaller = deflated.length < plain.length;
  const body = isSmaller ? deflated : plain;
  const rawBytes = (countBits(values.raw) + (runTimes === undefined ? 0 : countBits(runTimes.raw))) * count;
  const blob = Buffer.allocUnsafe(CHUNK_HEADER_BYTES + body.length + rawBytes);
  blob.fill(0, 0, 12);
  blob[0] = CHUNK_VERSION;
  blob[1] = isSmaller ? CODEC_DEFLATE : CODEC_NONE;
  blob[2] = timeMode;
  blob[3] = stepMode;
  blob[4] = runTimes === undefined ? COLUMN.absent : COLUMN.planes;
  blob[5] = values.zero;
  blob[6] = values.raw;
  blob[7] = runTimes?.zero ?? 0;
  blob[8] = runTimes?.raw ?? 0;
  blob.writeUInt32LE(count, 12);
  blob.writeUInt32LE(plain.length, 16);
  blob.writeUInt32LE(body.length, 20);
  blob.writeUInt32LE(words[first * POINT_WORDS + TIME_LOW] as number, 28);
  blob.writeUInt32LE(words[first * POINT_WORDS + TIME_HIGH] as number, 32);
  blob.set(body, CHUNK_HEADER_BYTES);
  const end = writeRawPlanes(values, count, blob, CHUNK_HEADER_BYTES + body.length);
  if (runTimes !== undefined) writeRawPlanes(runTimes, count, blob, end);
  blob.writeUInt32LE(chunkChecksum(blob), 24);
  return blob;
}

function packTimes(words: Uint32Array, first: number, count: number): number {
  const start = packed.position;
  let at = first * POINT_WORDS;
  let previous = 0;
  let isRegular = true;
  for (let i = 1; i < count; i++) {
    const next = at + POINT_WORDS;
    const delta =
      ((words[next + TIME_HIGH] as number) - (words[at + TIME_HIGH] as number)) * 0x1_0000_0000 +
      ((words[next + TIME_LOW] as number) - (words[at + TIME_LOW] as number));
    if (Math.abs(delta) > MAX_PACKED_DELTA) return writePlain(words, first, count, 0, start);
    if (i > 1 && delta !== previous) isRegular = false;
    packed.write(delta - previous);
    previous = delta;
    at = next;
  }
  if (!isRegular || count < 2) return COLUMN.packed;
  packed.position = start;
  packed.write(previous);
  return COLUMN.regular;
}

function packSteps(words: Uint32Array, doubles: Float64Array, first: number, count: number): number {
  if (!someNumber(doubles, first, count, STEP)) return COLUMN.absent;
  const start = packed.position;
  let at = first * POINT_DOUBLES + STEP;
  let previous = doubles[at] as number;
  if (!isPackable(previous)) return writePlain(words, first, count, 2 * STEP, start);
  packed.write(previous);
  const afterFirst = packed.position;
  let previousDelta = 0;
  let isRegular = true;
  for (let i = 1; i < count; i++) {
    at += POINT_DOUBLES;
    const step = doubles[at] as number;
    const delta = step - previous;
    if (!isPackable(step) || !isPackable(delta)) return writePlain(words, first, count, 2 * STEP, start);
    if (i > 1 && delta !== previousDelta) isRegular = false;
    packed.write(delta - previousDelta);
    previous = step;
    previousDelta = delta;
  }
  if (!isRegular || count < 2) return COLUMN.packed;
  packed.position = afterFirst;
  packed.write(previousDelta);
  return COLUMN.regular;
}

/** -0 and NaN are not: a varint would not bring them back. */
function isPackable(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= MAX_PACKED_DELTA && !Object.is(value, -0);
}

function writePlain(words: Uint32Array, first: number, count: number, word: number, start: number): number {
  packed.position = start;
  for (let i = 0, at = first * POINT_WORDS + word; i < count; i++, at += POINT_WORDS) {
    packed.buffer.writeUInt32LE(words[at] as number, packed.position);
    packed.buffer.writeUInt32LE(words[at + 1] as number, packed.position + 4);
    packed.position += 8;
  }
  return COLUMN.plain;
}

function packPlanes(planes: Planes, count: number): void {
  for (let plane = 0; plane < 8; plane++) {
    if (((planes.zero | planes.raw) >> plane) & 1) continue;
    packed.position = gatherPlane(planes.bytes, plane, count, packed.buffer, packed.position);
  }
}

function writeRawPlanes(planes: Planes, count: number, blob: Buffer, start: number): number {
  let position = start;
  for (let plane = 0; plane < 8; plane++) {
    if ((planes.raw >> plane) & 1) position = gatherPlane(planes.bytes, plane, count, blob, position);
  }
  return position;
}

function someNumber(doubles: Float64Array, first: number, count: number, column: number): boolean {
  for (let i = 0, at = first * POINT_DOUBLES + column; i < count; i++, at += POINT_DOUBLES) {
    if (!Number.isNaN(doubles[at])) return true;
  }
  return false;
}

function countBits(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}
