import { readAnyValue, readKeyValue } from './any-value-protobuf.ts';
import { addLogRecord, emptyLogFields, type LogFields } from './log-record.ts';
import type { ProtobufDecoding } from './protobuf-decoding.ts';

/** Decodes the `LogRecord` that starts at the reader's position. */
export function decodeLogRecord({ reader, builder, limits }: ProtobufDecoding, end: number): void {
  const fields: LogFields = emptyLogFields();
  while (reader.position < end) {
    const tag = reader.tag();
    switch (tag) {
      case 9:
        reader.fixed64(end);
        fields.timeUnixNano = reader.unsignedBigint;
        break;
      case 16:
        fields.severityNumber = reader.int32(end);
        break;
      case 26:
        fields.severityText = reader.text(reader.fieldEnd(end));
        break;
      case 42:
        fields.body = readAnyValue(reader, reader.fieldEnd(end), limits.depth);
        break;
      case 50: {
        const [key, value] = readKeyValue(reader, reader.fieldEnd(end), limits.depth);
        fields.attributes[key] = value;
        break;
      }
      case 56:
        fields.droppedAttributes = reader.int32(end) >>> 0;
        break;
      case 74:
        fields.traceId = reader.hex(reader.fieldEnd(end));
        break;
      case 82:
        fields.spanId = reader.hex(reader.fieldEnd(end));
        break;
      case 89:
        reader.fixed64(end);
        fields.observedTimeUnixNano = reader.unsignedBigint;
        break;
      case 98:
        fields.eventName = reader.text(reader.fieldEnd(end));
        break;
      default:
        reader.skip(tag, end);
    }
  }
  addLogRecord(builder, fields, limits);
}
