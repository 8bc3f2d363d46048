import type { AttributeValue } from './attributes.ts';
import type { LogRecord } from './log-record.ts';
import { isInt64, ProtobufWriter, varintBytes, writeVarint } from './protobuf-writer.ts';

/**
 * Writes `KeyValue` messages.
 *
 * @param tag - field of the surrounding message, wire type 2.
 * @see opentelemetry/proto/common/v1/common.proto
 */
export function writeAttributes(
  writer: ProtobufWriter,
  tag: number,
  attributes: Iterable<[string, AttributeValue]>,
): void {
  for (const [key, value] of attributes) {
    writer.message(tag, () => {
      writer.string(0x0a, key);
      writer.message(0x12, () => writeAnyValue(writer, value));
    });
  }
}

function writeAnyValue(writer: ProtobufWriter, value: AttributeValue): void {
  if (value === null) return;
  if (typeof value === 'string') writer.string(0x0a, value);
  else if (typeof value === 'boolean') {
    writer.byte(0x10);
    writer.byte(value ? 1 : 0);
  } else if (typeof value === 'bigint') writeBigInt(writer, value);
  else if (typeof value === 'number') writeNumber(writer, value);
  else if (Array.isArray(value)) {
    writer.message(0x2a, () => {
      for (const item of value) writer.message(0x0a, () => writeAnyValue(writer, item));
    });
  } else writer.message(0x32, () => writeAttributes(writer, 0x0a, Object.entries(value)));
}

function writeNumber(writer: ProtobufWriter, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) writeBigInt(writer, BigInt(value));
  else {
    writer.byte(0x21);
    writer.double(value);
  }
}

function writeBigInt(writer: ProtobufWriter, value: bigint): void {
  if (isInt64(value)) {
    writer.byte(0x18);
    writer.int64(value);
  } else writer.string(0x0a, value.toString());
}

/**
 * Writes one `LogRecord` as a `log_records` field of `ScopeLogs`.
 *
 * @see opentelemetry/proto/logs/v1/logs.proto
 */
export function writeLogRecord(writer: ProtobufWriter, record: LogRecord): void {
  writer.message(0x12, () => {
    writer.byte(0x09);
    writer.fixed64(record.timeUnixNano);
    if (record.severityNumber > 0) {
      writer.byte(0x10);
      writer.varint(record.severityNumber);
      writer.string(0x1a, record.severityText);
    }
    const body = record.body;
    if (body !== undefined) writer.message(0x2a, () => writer.string(0x0a, body));
    writeAttributes(writer, 0x32, record.attributes);
    writer.byte(0x59);
    writer.fixed64(record.observedTimeUnixNano);
    if (record.eventName !== '') writer.string(0x62, record.eventName);
  });
}

/**
 * Resource and scope of a writer, encoded once. A request body is this head and the payloads of frames behind it,
 * which are `metrics` or `log_records` fields already: both signals nest them in the same field numbers.
 */
export class RequestHead {
  /** The `resource` field of `ResourceMetrics` or `ResourceLogs`. */
  readonly resource: Buffer;
  /** The `scope` field of `ScopeMetrics` or `ScopeLogs`. */
  readonly scope: Buffer;

  constructor(resource: Buffer, scope: Buffer) {
    this.resource = resource;
    this.scope = scope;
  }

  /**
   * Makes a request body whose last `payloadBytes` are left for the caller to fill.
   *
   * @returns the body, and where the payload starts in it.
   */
  request(payloadBytes: number): { body: Buffer; payloadOffset: number } {
    const scopeBytes = this.scope.length + payloadBytes;
    const resourceBytes = this.resource.length + 1 + varintBytes(scopeBytes) + scopeBytes;
    const body = Buffer.allocUnsafe(1 + varintBytes(resourceBytes) + resourceBytes);
    body[0] = 0x0a;
    let at = writeVarint(body, 1, resourceBytes);
    at += this.resource.copy(body, at);
    body[at++] = 0x12;
    at = writeVarint(body, at, scopeBytes);
    at += this.scope.copy(body, at);
    return { body, payloadOffset: at };
  }
}

/** Encodes the head of a writer's requests. */
export function requestHead(
  resource: Iterable<[string, AttributeValue]>,
  scope: { readonly name: string; readonly version: string },
): RequestHead {
  const writer = new ProtobufWriter();
  writer.message(0x0a, () => writeAttributes(writer, 0x0a, resource));
  const encodedResource = writer.copy();
  writer.reset();
  writer.message(0x0a, () => {
    writer.string(0x0a, scope.name);
    writer.string(0x12, scope.version);
  });
  return new RequestHead(encodedResource, writer.copy());
}
