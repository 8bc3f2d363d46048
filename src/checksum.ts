import { crc32 } from 'node:zlib';

/** Up to this many bytes the tables below are faster than a call into native code. */
const SHORT_BYTES = 160;

const [T0, T1, T2, T3] = tables();

/** CRC-32 (IEEE 802.3, as zlib's) of the bytes from `start` to `end`, unsigned. */
export function checksum(bytes: Buffer, start: number, end: number): number {
  if (end - start > SHORT_BYTES) return crc32(bytes.subarray(start, end));
  let crc = -1;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    crc ^= byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24);
    crc = entry(T3, crc) ^ entry(T2, crc >>> 8) ^ entry(T1, crc >>> 16) ^ entry(T0, crc >>> 24);
  }
  for (; at < end; at++) crc = entry(T0, crc ^ byte(bytes, at)) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function byte(bytes: Buffer, at: number): number {
  return bytes[at] as number;
}

function entry(table: Int32Array, index: number): number {
  return table[index & 0xff] as number;
}

/** Table k holds the checksums of a byte with k zero bytes behind it. */
function tables(): [Int32Array, Int32Array, Int32Array, Int32Array] {
  const all = [new Int32Array(256), new Int32Array(256), new Int32Array(256), new Int32Array(256)] as const;
  for (let value = 0; value < 256; value++) {
    let crc = value;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
    all[0][value] = crc;
  }
  for (let k = 1; k < 4; k++) {
    const [previous, table] = [all[k - 1] as Int32Array, all[k] as Int32Array];
    for (let value = 0; value < 256; value++) {
      const crc = entry(previous, value);
      table[value] = entry(all[0], crc) ^ (crc >>> 8);
    }
  }
  return [...all];
}
