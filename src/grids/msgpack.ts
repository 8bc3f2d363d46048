/** What {@link encodeMsgpack} writes. */
export type Packable = string | number | readonly Packable[] | Float64Array | { readonly [key: string]: Packable };

/**
 * Encodes a value as MessagePack; integers up to 32 bits are integers, all other numbers doubles.
 *
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export function encodeMsgpack(value: Packable): Buffer {
  const parts: Buffer[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: Packable, parts: Buffer[]): void {
  if (typeof value === 'number') parts.push(number(value));
  else if (typeof value === 'string') parts.push(head(0xdb, Buffer.byteLength(value)), Buffer.from(value));
  else if (value instanceof Float64Array) parts.push(head(0xdd, value.length), doubles(value));
  else if (Array.isArray(value)) {
    parts.push(head(0xdd, value.length));
    for (const item of value) write(item, parts);
  } else {
    const entries = Object.entries(value);
    parts.push(head(0xdf, entries.length));
    for (const [key, item] of entries) {
      write(key, parts);
      write(item, parts);
    }
  }
}

function head(type: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(5);
  bytes.writeUInt8(type);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

function number(value: number): Buffer {
  if (Number.isInteger(value) && !Object.is(value, -0) && Math.abs(value) < 2 ** 31) {
    const bytes = Buffer.allocUnsafe(5);
    bytes.writeUInt8(0xd2);
    bytes.writeInt32BE(value, 1);
    return bytes;
  }
  return doubles([value]);
}

function doubles(values: ArrayLike<number>): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 9);
  for (let i = 0; i < values.length; i++) {
    bytes.writeUInt8(0xcb, i * 9);
    bytes.writeDoubleBE(values[i] ?? Number.NaN, i * 9 + 1);
  }
  return bytes;
}
