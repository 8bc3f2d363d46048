import type { Attributes, AttributeValue } from '../pipeline/telemetry.ts';
import { exactInteger } from './attribute-text.ts';
import { malformed } from './malformed.ts';
import type { ProtobufReader } from './protobuf-reader.ts';

/** Reads the `AnyValue` that ends at `end`; an empty one is null. */
export function readAnyValue(reader: ProtobufReader, end: number, depthLeft: number): AttributeValue {
  if (depthLeft <= 0) throw malformed('attribute values are nested too deeply');
  let value: AttributeValue = null;
  while (reader.position < end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        value = reader.text(reader.fieldEnd(end));
        break;
      case 16:
        reader.varint64(end);
        value = reader.low !== 0 || reader.high !== 0;
        break;
      case 24:
        reader.varint64(end);
        value = exactInteger(reader.signedNumber, () => BigInt.asIntN(64, reader.unsignedBigint));
        break;
      case 33:
        value = reader.double(end);
        break;
      case 42:
        value = readArray(reader, reader.fieldEnd(end), depthLeft);
        break;
      case 50:
        value = readMap(reader, reader.fieldEnd(end), depthLeft);
        break;
      case 58: {
        const valueEnd = reader.fieldEnd(end);
        value = reader.bytes.toString('base64', reader.position, valueEnd);
        reader.position = valueEnd;
        break;
      }
      default:
        reader.skip(tag, end);
    }
  }
  return value;
}

/** Reads the `KeyValue` that ends at `end`. */
export function readKeyValue(
  reader: ProtobufReader,
  end: number,
  depthLeft: number,
): [key: string, value: AttributeValue] {
  let key = '';
  let value: AttributeValue = null;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 10) key = reader.text(reader.fieldEnd(end));
    else if (tag === 18) value = readAnyValue(reader, reader.fieldEnd(end), depthLeft);
    else reader.skip(tag, end);
  }
  return [key, value];
}

/** Reads the attributes of the `Resource` that ends at `end`. */
export function readResourceAttributes(reader: ProtobufReader, end: number, depthLeft: number): Attributes {
  const attributes = Object.create(null) as Record<string, AttributeValue>;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag !== 10) reader.skip(tag, end);
    else {
      const [key, value] = readKeyValue(reader, reader.fieldEnd(end), depthLeft);
      attributes[key] = value;
    }
  }
  return attributes;
}

function readArray(reader: ProtobufReader, end: number, depthLeft: number): AttributeValue {
  const values: AttributeValue[] = [];
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 10) values.push(readAnyValue(reader, reader.fieldEnd(end), depthLeft - 1));
    else reader.skip(tag, end);
  }
  return values;
}

function readMap(reader: ProtobufReader, end: number, depthLeft: number): AttributeValue {
  const map = Object.create(null) as Record<string, AttributeValue>;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag !== 10) reader.skip(tag, end);
    else {
      const [key, value] = readKeyValue(reader, reader.fieldEnd(end), depthLeft - 1);
      map[key] = value;
    }
  }
  return map;
}
