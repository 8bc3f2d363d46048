import { type ViewedBytes, viewOf } from './viewed-bytes.ts';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** Whether a bigint fits a signed 64-bit integer. */
export function isInt64(value: bigint): boolean {
  return value >= MIN_INT64 && value <= MAX_INT64;
}

/** Appends protobuf wire format to one growing buffer. */
export class ProtobufWriter implements ViewedBytes {
  #bytes: Buffer;
  #view: DataView;
  #length: number;
  readonly #prefixBytes: number;

  /** @param prefixBytes - left free in front of what is written, for whoever frames it. */
  constructor(initialBytes = 1024, prefixBytes = 0) {
    this.#bytes = Buffer.allocUnsafeSlow(initialBytes);
    this.#view = viewOf(this.#bytes);
    this.#prefixBytes = prefixBytes;
    this.#length = prefixBytes;
  }

  /** Bytes written since the last {@link reset}. */
  get length(): number {
    return this.#length - this.#prefixBytes;
  }

  /** The buffer that holds the prefix and the bytes written so far; valid until the next write. */
  get buffer(): Buffer {
    return this.#bytes;
  }

  /** A view of the {@link buffer}. */
  get view(): DataView {
    return this.#view;
  }

  reset(): void {
    this.#length = this.#prefixBytes;
  }

  /** Goes on behind the first `bytes` of what was written before the last {@link reset}. */
  keep(bytes: number): void {
    this.#length = this.#prefixBytes + bytes;
  }

  /** A copy of what was written. */
  copy(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#prefixBytes, this.#length));
  }

  /** One byte of tag (fields 1 to 15) or of value. */
  byte(value: number): void {
    this.reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** An unsigned integer below 2^53. */
  varint(value: number): void {
    this.reserve(10);
    if (value < 0x80) {
      this.#bytes[this.#length++] = value;
      return;
    }
    this.#length = writeVarint(this.#bytes, this.#length, value);
  }

  /** A signed 64-bit integer as `int64`: negative numbers take ten bytes. */
  int64(value: bigint): void {
    this.reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
  }

  fixed64(value: bigint): void {
    this.reserve(8);
    this.#view.setBigUint64(this.#length, value, true);
    this.#length += 8;
  }

  double(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** A tag, the length, and the UTF-8 bytes of `text`. */
  string(tag: number, text: string): void {
    const size = Buffer.byteLength(text);
    this.byte(tag);
    this.varint(size);
    this.reserve(size);
    this.#length += this.#bytes.write(text, this.#length, size);
  }

  raw(source: Buffer, length = source.length): void {
    this.reserve(length);
    // A call into native code costs as much as 60 bytes copied here.
    if (length > 64) source.copy(this.#bytes, this.#length, 0, length);
    else for (let i = 0; i < length; i++) this.#bytes[this.#length + i] = source[i] as number;
    this.#length += length;
  }

  /** What was written before: `bytes` of it from `offset` on. */
  again(offset: number, bytes: number): void {
    this.reserve(bytes);
    const start = this.#prefixBytes + offset;
    this.#bytes.copyWithin(this.#length, start, start + bytes);
    this.#length += bytes;
  }

  /** A tag, the length, and what `write` writes. */
  message(tag: number, write: () => void): void {
    this.byte(tag);
    this.byte(0);
    const start = this.#length;
    write();
    const size = this.#length - start;
    const extra = varintBytes(size) - 1;
    if (extra > 0) {
      this.reserve(extra);
      this.#bytes.copyWithin(start + extra, start, this.#length);
      this.#length += extra;
    }
    writeVarint(this.#bytes, start - 1, size);
  }

  reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + bytes));
    this.#bytes.copy(grown);
    this.#bytes = grown;
    this.#view = viewOf(grown);
  }
}

/** Bytes that an unsigned integer below 2^53 takes as a varint. */
export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}

/**
 * Writes an unsigned integer below 2^53 as a varint.
 *
 * @returns offset behind it.
 */
export function writeVarint(target: Buffer, offset: number, value: number): number {
  let at = offset;
  let rest = value;
  while (rest >= 0x80) {
    target[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  target[at++] = rest;
  return at;
}
