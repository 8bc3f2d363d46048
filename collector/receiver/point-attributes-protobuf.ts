import type { AttributeValue } from '../pipeline/telemetry.ts';
import { readKeyValue } from './any-value-protobuf.ts';
import type { ProtobufReader } from './protobuf-reader.ts';

/** Attributes of the data point that ends at `end`, in wire order. @param tag - of the field `attributes`. */
export function readPointAttributes(
  reader: ProtobufReader,
  end: number,
  tag: number,
  depth: number,
): [key: string, value: AttributeValue][] {
  const attributes: [string, AttributeValue][] = [];
  while (reader.position < end) {
    const field = reader.tag();
    if (field === tag) attributes.push(readKeyValue(reader, reader.fieldEnd(end), depth));
    else reader.skip(field, end);
  }
  return attributes;
}
