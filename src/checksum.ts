import { crc32 } from 'node:zlib';
import type { ViewedBytes } from './viewed-bytes.ts';

/** Up to this many bytes the tables below are faster than a call into native code. */
const SHORT_BYTES = 192;

const [T0, T1, T2, T3, T4, T5, T6, T7] = tables();

/** CRC-32 (IEEE 802.3, as zlib's) of the bytes from `start` to `end`, unsigned. */
export function checksum({ buffer, view }: ViewedBytes, start: number, end: number): number {
  if (end - start > SHORT_BYTES) return crc32(buffer.subarray(start, end));
  let crc = -1;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    crc ^= view.getInt32(at, true);
    const next = view.getInt32(at + 4, true);
    crc =
      entry(T7, crc) ^
      entry(T6, crc >>> 8) ^
      entry(T5, crc >>> 16) ^
      entry(T4, crc >>> 24) ^
      entry(T3, next) ^
      entry(T2, next >>> 8) ^
      entry(T1, next >>> 16) ^
      entry(T0, next >>> 24);
  }
  for (; at < end; at++) crc = entry(T0, crc ^ view.getUint8(at)) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function entry(table: Int32Array, index: number): number {
  return table[index & 0xff] as number;
}

type Tables = [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];

/** Table k holds the checksums of a byte with k zero bytes behind it. */
function tables(): Tables {
  const first = new Int32Array(256).map((_, value) => {
    let crc = value;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
    return crc;
  });
  const all = [first];
  for (let k = 1; k < 8; k++) all.push((all[k - 1] as Int32Array).map((crc) => entry(first, crc) ^ (crc >>> 8)));
  return all as Tables;
}
