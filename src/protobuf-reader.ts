/** One field of a protobuf message: a number for varints, bytes for length-delimited fields. */
export interface ProtobufField {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/**
 * Yields the varint and length-delimited fields of a message; fixed-size fields are skipped.
 *
 * For the small answers of servers, not for data: varints beyond 2^53 lose precision.
 *
 * @throws RangeError when the bytes are not a protobuf message.
 */
export function* readFields(bytes: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || scale > 2 ** 63) throw new RangeError('truncated varint');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType === 0) yield { number, value: varint() };
    else if (wireType === 1 || wireType === 5) at += wireType === 1 ? 8 : 4;
    else if (wireType === 2) {
      const end = varint() + at;
      if (end > bytes.length) throw new RangeError('truncated field');
      yield { number, value: bytes.subarray(at, end) };
      at = end;
    } else throw new RangeError(`wire type ${wireType}`);
  }
}
