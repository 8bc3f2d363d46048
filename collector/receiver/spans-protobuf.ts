import type { SpanEvent, SpanLink, SpanScope } from '../pipeline/span.ts';
import type { AttributeValue } from '../pipeline/telemetry.ts';
import { readKeyValue } from './any-value-protobuf.ts';
import type { ProtobufDecoding } from './protobuf-decoding.ts';
import type { ProtobufReader } from './protobuf-reader.ts';
import { addSpan, emptySpanFields, type SpanFields } from './span-record.ts';

/** Decodes the `Span` that starts at the reader's position. */
export function decodeSpan({ reader, builder, limits }: ProtobufDecoding, end: number, scope: SpanScope): void {
  const span = emptySpanFields(scope);
  while (reader.position < end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        span.traceId = reader.hex(reader.fieldEnd(end));
        break;
      case 18:
        span.spanId = reader.hex(reader.fieldEnd(end));
        break;
      case 26:
        span.traceState = reader.text(reader.fieldEnd(end));
        break;
      case 34:
        span.parentSpanId = reader.hex(reader.fieldEnd(end));
        break;
      case 42:
        span.name = reader.text(reader.fieldEnd(end));
        break;
      case 48:
        span.kind = reader.int32(end);
        break;
      case 57:
        span.startTimeUnixNano = fixed64(reader, end);
        break;
      case 65:
        span.endTimeUnixNano = fixed64(reader, end);
        break;
      case 74:
        readAttribute(reader, reader.fieldEnd(end), limits.depth, span.attributes);
        break;
      case 90:
        span.events.push(readEvent(reader, reader.fieldEnd(end), limits.depth));
        break;
      case 106:
        span.links.push(readLink(reader, reader.fieldEnd(end), limits.depth));
        break;
      case 122:
        readStatus(reader, reader.fieldEnd(end), span);
        break;
      case 133:
        span.flags = reader.fixed32(end);
        break;
      default:
        reader.skip(tag, end);
    }
  }
  addSpan(builder, span, limits);
}

/** Reads the `InstrumentationScope` that starts at the reader's position. */
export function readScope(reader: ProtobufReader, end: number): SpanScope {
  let name = '';
  let version = '';
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 10) name = reader.text(reader.fieldEnd(end));
    else if (tag === 18) version = reader.text(reader.fieldEnd(end));
    else reader.skip(tag, end);
  }
  return { name, version };
}

function readEvent(reader: ProtobufReader, end: number, depth: number): SpanEvent {
  const attributes = emptyAttributes();
  let timeUnixNano = 0n;
  let name = '';
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 9) timeUnixNano = fixed64(reader, end);
    else if (tag === 18) name = reader.text(reader.fieldEnd(end));
    else if (tag === 26) readAttribute(reader, reader.fieldEnd(end), depth, attributes);
    else reader.skip(tag, end);
  }
  return { timeUnixNano, name, attributes };
}

function readLink(reader: ProtobufReader, end: number, depth: number): SpanLink {
  const attributes = emptyAttributes();
  let traceId = '';
  let spanId = '';
  let traceState = '';
  let flags = 0;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 10) traceId = reader.hex(reader.fieldEnd(end));
    else if (tag === 18) spanId = reader.hex(reader.fieldEnd(end));
    else if (tag === 26) traceState = reader.text(reader.fieldEnd(end));
    else if (tag === 34) readAttribute(reader, reader.fieldEnd(end), depth, attributes);
    else if (tag === 53) flags = reader.fixed32(end);
    else reader.skip(tag, end);
  }
  return { traceId, spanId, traceState, flags, attributes };
}

function readStatus(reader: ProtobufReader, end: number, span: SpanFields): void {
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 18) span.statusMessage = reader.text(reader.fieldEnd(end));
    else if (tag === 24) span.statusCode = reader.int32(end);
    else reader.skip(tag, end);
  }
}

function readAttribute(
  reader: ProtobufReader,
  end: number,
  depth: number,
  attributes: Record<string, AttributeValue>,
): void {
  const [key, value] = readKeyValue(reader, end, depth);
  attributes[key] = value;
}

function fixed64(reader: ProtobufReader, end: number): bigint {
  reader.fixed64(end);
  return reader.unsignedBigint;
}

function emptyAttributes(): Record<string, AttributeValue> {
  return Object.create(null) as Record<string, AttributeValue>;
}
