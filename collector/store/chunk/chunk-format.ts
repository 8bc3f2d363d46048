import { crc32 } from 'node:zlib';

/**
 * A chunk: up to {@link MAX_CHUNK_POINTS} points of one series, sorted by time. Little-endian:
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | format version |
 * | 1 | 1 | codec of the packed part: 0 as it is, 1 deflate-raw |
 * | 2 | 3 | mode of time, step, run time ({@link COLUMN}) |
 * | 5 | 4 | value planes: zero, raw; run-time planes: zero, raw |
 * | 9 | 3 | 0 |
 * | 12 | 4 | points |
 * | 16 | 4 | bytes of the packed part before compression |
 * | 20 | 4 | bytes of the packed part |
 * | 24 | 4 | CRC-32 of all other bytes |
 * | 28 | 8 | time of the first point |
 * | 36 | | packed part: times, steps, value planes, run-time planes; then the raw planes of values and run times |
 */
export const CHUNK_VERSION = 1;
export const CHUNK_HEADER_BYTES = 36;
export const MAX_CHUNK_POINTS = 1024;

export const CODEC_NONE = 0;
export const CODEC_DEFLATE = 1;

/** How a column is stored. */
export const COLUMN = {
  absent: 0,
  /** One first value, one difference. */
  regular: 1,
  /** Zigzag varints of the second difference. */
  packed: 2,
  /** Eight bytes each. */
  plain: 3,
  /** Byte planes of XORed doubles. */
  planes: 4,
} as const;

/** CRC-32 of a chunk without its checksum field. */
export function chunkChecksum(blob: Buffer): number {
  return crc32(blob.subarray(28), crc32(blob.subarray(0, 24)));
}
