import { ByteTable } from './byte-table.ts';

/** Twice the depth of the deepest message. */
const MAX_DEPTH = 8;

/**
 * Reads a msgpack value: maps without prototype, bytes and extensions as they stand, integers of 64 bits as numbers.
 *
 * A length that the body only claims costs nothing, and depth is bounded: a small body cannot fill the memory.
 *
 * @throws RangeError that says what is wrong.
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export function readMsgpack(body: Buffer): unknown {
  return new MsgpackReader(body).readAll();
}

class MsgpackReader {
  readonly #bytes: Buffer;
  readonly #keys = new ByteTable();
  readonly #keyTexts: string[] = [];
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  readAll(): unknown {
    const value = this.#read(0);
    if (this.#position === this.#bytes.length) return value;
    throw new RangeError(`${this.#bytes.length - this.#position} bytes are left over`);
  }

  #read(depth: number): unknown {
    const type = this.#byte();
    if (type <= 0x7f) return type;
    if (type >= 0xe0) return type - 0x100;
    if (type >= 0xa0 && type <= 0xbf) return this.#text(type & 0x1f);
    if (type <= 0x8f) return this.#map(type & 0x0f, depth);
    if (type <= 0x9f) return this.#list(type & 0x0f, depth);
    return this.#readLong(type, depth);
  }

  #readLong(type: number, depth: number): unknown {
    switch (type) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#take(this.#uint(1 << (type - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#take(this.#uint(1 << (type - 0xc7)) + 1);
      case 0xca:
        return this.#bytes.readFloatBE(this.#skip(4));
      case 0xcb:
        return this.#bytes.readDoubleBE(this.#skip(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#uint(1 << (type - 0xcc));
      case 0xcf:
        return Number(this.#bytes.readBigUInt64BE(this.#skip(8)));
      case 0xd0:
      case 0xd1:
      case 0xd2: {
        const size = 1 << (type - 0xd0);
        return this.#bytes.readIntBE(this.#skip(size), size);
      }
      case 0xd3:
        return Number(this.#bytes.readBigInt64BE(this.#skip(8)));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#take((1 << (type - 0xd4)) + 1);
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#uint(1 << (type - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#list(this.#uint(type === 0xdc ? 2 : 4), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#uint(type === 0xde ? 2 : 4), depth);
      default:
        throw new RangeError(`0x${type.toString(16)} is no type`);
    }
  }

  #list(length: number, depth: number): unknown[] {
    this.#enter(length, depth);
    const list: unknown[] = [];
    for (let index = 0; index < length; index++) list.push(this.#read(depth + 1));
    return list;
  }

  #map(length: number, depth: number): Record<string, unknown> {
    this.#enter(2 * length, depth);
    const map: Record<string, unknown> = { __proto__: null };
    for (let index = 0; index < length; index++) {
      const key = this.#key(depth + 1);
      map[key] = this.#read(depth + 1);
    }
    return map;
  }

  /** Each value is a byte at least. */
  #enter(values: number, depth: number): void {
    if (depth >= MAX_DEPTH) throw new RangeError(`it is nested more than ${MAX_DEPTH} deep`);
    if (values > this.#bytes.length - this.#position) throw tooShort();
  }

  #text(length: number): string {
    const start = this.#skip(length);
    return this.#bytes.toString('utf8', start, this.#position);
  }

  /** The keys of one map come again in the next. */
  #key(depth: number): string | number {
    const first = this.#position;
    const type = this.#byte();
    if (type < 0xa0 || type > 0xbf) {
      this.#position = first;
      const key = this.#read(depth);
      if (typeof key === 'string' || typeof key === 'number') return key;
      throw new RangeError('a key is not text');
    }
    const start = this.#skip(type & 0x1f);
    const known = this.#keys.find(this.#bytes, start, this.#position);
    if (known >= 0) return this.#keyTexts[known] as string;
    const text = this.#bytes.toString('utf8', start, this.#position);
    this.#keyTexts[this.#keys.add(this.#bytes, start, this.#position)] = text;
    return text;
  }

  #byte(): number {
    return this.#bytes[this.#skip(1)] as number;
  }

  #uint(size: number): number {
    return size === 1 ? this.#byte() : this.#bytes.readUIntBE(this.#skip(size), size);
  }

  #take(size: number): Buffer {
    const start = this.#skip(size);
    return this.#bytes.subarray(start, this.#position);
  }

  /** @returns where the bytes that were skipped begin. */
  #skip(size: number): number {
    const start = this.#position;
    if (size > this.#bytes.length - start) throw tooShort();
    this.#position = start + size;
    return start;
  }
}

function tooShort(): RangeError {
  return new RangeError('it ends too early');
}
