import type { Signal } from '../pipeline/telemetry-batch.ts';

/** Encoding of a request, and so of its answer. */
export type OtlpEncoding = 'protobuf' | 'json';

export const CONTENT_TYPE: Record<OtlpEncoding, string> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** gRPC codes that an answer of this HTTP status carries in its google.rpc.Status. */
export const GRPC_CODE: Record<number, number> = { 400: 3, 401: 16, 403: 7, 405: 12, 413: 8, 415: 3, 503: 14 };

const REJECTED_FIELD: Record<Signal, string> = {
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
  traces: 'rejectedSpans',
};

/**
 * Body of a 200: empty, or a partial_success that says how many items were refused and why.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#partial-success
 */
export function exportResponse(encoding: OtlpEncoding, signal: Signal, rejected: number, message: string): Buffer {
  const isPartial = rejected > 0 || message !== '';
  if (encoding === 'json') {
    const partialSuccess = { [REJECTED_FIELD[signal]]: String(rejected), errorMessage: message };
    return Buffer.from(JSON.stringify(isPartial ? { partialSuccess } : {}));
  }
  if (!isPartial) return Buffer.alloc(0);
  return bytesField(1, Buffer.concat([varintField(1, rejected), bytesField(2, Buffer.from(message))]));
}

/** Body of an error: a google.rpc.Status. */
export function statusBody(encoding: OtlpEncoding, httpStatus: number, message: string): Buffer {
  const code = GRPC_CODE[httpStatus] ?? 2;
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }));
  return Buffer.concat([varintField(1, code), bytesField(2, Buffer.from(message))]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** A protobuf field with a varint; nothing when it is 0. */
export function varintField(field: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.from([field << 3, ...varint(value)]);
}

/** A protobuf field with bytes, text or a message. */
export function bytesField(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(bytes.length)]), bytes]);
}
