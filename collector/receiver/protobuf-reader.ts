import { malformed } from './malformed.ts';

/** Protobuf wire types that OTLP uses. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const TWO_32 = 0x1_0000_0000;

/**
 * A cursor over protobuf bytes. Hot loops keep the position in a local variable and come back here for what is rare.
 *
 * Every read is checked against the end of the enclosing message, which is never past the end of the bytes.
 *
 * @throws SimvueError `SIMVUE_ERR_MALFORMED` from every method on truncated, overlong or unknown encodings.
 */
export class ProtobufReader {
  bytes: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  position = 0;
  /** The two 32-bit words of the last 64-bit value read. */
  low = 0;
  high = 0;

  reset(bytes: Buffer): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.position = 0;
  }

  /** Reads a field key: field number shifted left by 3, or wire type. */
  tag(): number {
    const tag = this.#varint32();
    if (tag < 8) throw malformed('field number 0');
    return tag;
  }

  /** Reads a length prefix. @returns where the field that follows ends. */
  fieldEnd(messageEnd: number): number {
    const bytes = this.bytes[this.position] as number;
    if (bytes < 128) this.position++;
    const end = (bytes < 128 ? bytes : this.#varint32()) + this.position;
    if (end > messageEnd) throw malformed(`field of ${end - this.position} bytes at ${this.position} is truncated`);
    return end;
  }

  /** Reads a varint into {@link low} and {@link high}. */
  varint64(messageEnd: number): void {
    let low = 0;
    let high = 0;
    for (let index = 0; index < 10; index++) {
      const byte = this.#byte();
      const bits = byte & 127;
      if (index < 4) low |= bits << (7 * index);
      else if (index === 4) {
        low |= bits << 28;
        high = bits >> 4;
      } else high |= bits << (7 * index - 32);
      if (byte < 128) {
        if (this.position > messageEnd) throw malformed('varint is truncated');
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw malformed('varint of more than 10 bytes');
  }

  /** Reads an int32, uint32 or enum: the low word of a varint, signed. */
  int32(messageEnd: number): number {
    this.varint64(messageEnd);
    return this.low | 0;
  }

  /** Reads a zigzag varint (sint32). */
  sint32(messageEnd: number): number {
    this.varint64(messageEnd);
    return (this.low >>> 1) ^ -(this.low & 1);
  }

  /** Reads eight bytes into {@link low} and {@link high}. */
  fixed64(messageEnd: number): void {
    const position = this.#take(8, messageEnd);
    this.low = this.view.getUint32(position, true);
    this.high = this.view.getUint32(position + 4, true);
  }

  fixed32(messageEnd: number): number {
    return this.view.getUint32(this.#take(4, messageEnd), true);
  }

  double(messageEnd: number): number {
    return this.view.getFloat64(this.#take(8, messageEnd), true);
  }

  /** The last 64-bit value as a signed number; inexact beyond 2^53. */
  get signedNumber(): number {
    return (this.high | 0) * TWO_32 + this.low;
  }

  get unsignedNumber(): number {
    return this.high * TWO_32 + this.low;
  }

  /** The last 64-bit value as an unsigned integer. */
  get unsignedBigint(): bigint {
    return (BigInt(this.high) << 32n) | BigInt(this.low);
  }

  /** Reads up to `end` as UTF-8; bytes that are not UTF-8 become U+FFFD. */
  text(end: number): string {
    const text = this.bytes.toString('utf8', this.position, end);
    this.position = end;
    return text;
  }

  /** Reads up to `end` as hexadecimal. */
  hex(end: number): string {
    const text = this.bytes.toString('hex', this.position, end);
    this.position = end;
    return text;
  }

  /** Passes over the value of a field. */
  skip(tag: number, messageEnd: number): void {
    switch (tag & 7) {
      case WIRE.varint:
        this.varint64(messageEnd);
        return;
      case WIRE.fixed64:
        this.#take(8, messageEnd);
        return;
      case WIRE.bytes:
        this.position = this.fieldEnd(messageEnd);
        return;
      case WIRE.fixed32:
        this.#take(4, messageEnd);
        return;
      default:
        throw malformed(`wire type ${tag & 7} at ${this.position}`);
    }
  }

  #take(bytes: number, messageEnd: number): number {
    const position = this.position;
    if (position + bytes > messageEnd) throw malformed(`value at ${position} is truncated`);
    this.position = position + bytes;
    return position;
  }

  #byte(): number {
    const byte = this.bytes[this.position++];
    if (byte === undefined) throw malformed('unexpected end of the request');
    return byte;
  }

  #varint32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte();
      if (shift === 28 && byte > 15) break;
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw malformed(`length or field key at ${this.position} exceeds 32 bits`);
  }
}
