import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Readable } from 'node:stream';
import { SimvueError } from 'simvue-otel/errors';
import { malformed } from '../malformed.ts';
import { bytesField, GRPC_CODE, statusBody, varintField } from '../otlp-answer.ts';
import type { Outcome } from '../otlp-intake.ts';
import { type BodyReader, isKnownEncoding, type RequestBody } from '../request-body.ts';

/** Compressed-flag and length before each message. */
const PREFIX_BYTES = 5;
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';
const UNIMPLEMENTED = 12;

/** The stream of a call: it ends also when the client cancels, and then says so. */
export type CallStream = Readable & Pick<ServerHttp2Stream, 'aborted'>;

/** A message behind its prefix, as it goes on the wire. */
export function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/**
 * Reads the one message of a unary call.
 *
 * @returns undefined when the client went away.
 * @throws SimvueError `SIMVUE_ERR_MALFORMED`, `SIMVUE_ERR_MEDIA_TYPE`, `SIMVUE_ERR_TOO_LARGE`, `SIMVUE_ERR_OVERLOADED`
 */
export async function readMessage(
  stream: CallStream,
  headers: IncomingHttpHeaders,
  bodies: BodyReader,
): Promise<RequestBody | undefined> {
  const encoding = String(headers['grpc-encoding'] ?? 'identity').toLowerCase();
  if (!isKnownEncoding(encoding)) {
    throw new SimvueError('SIMVUE_ERR_MEDIA_TYPE', `grpc-encoding ${encoding} is not supported: use gzip or identity`);
  }
  const body = await bodies.receive(stream, 0);
  if (body === undefined || stream.aborted) {
    body?.release();
    return undefined;
  }
  try {
    const message = { bytes: messageOf(body.bytes), release: body.release };
    if (body.bytes[0] === 0) return message;
    if (encoding === 'identity') throw malformed('the message is marked as compressed, but there is no grpc-encoding');
    return await bodies.inflate(message, encoding);
  } catch (error) {
    body.release();
    throw error;
  }
}

function messageOf(body: Buffer): Buffer {
  if (body.length < PREFIX_BYTES || (body[0] as number) > 1) throw malformed('the call holds no gRPC message');
  const length = body.readUInt32BE(1);
  if (PREFIX_BYTES + length !== body.length) {
    throw malformed(`the call holds ${body.length - PREFIX_BYTES} bytes, its message should have ${length}`);
  }
  return body.subarray(PREFIX_BYTES);
}

/**
 * Trailers of a call that failed: what may be tried again is UNAVAILABLE and says when, everything else is final.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#otlpgrpc-response
 */
export function failureTrailers({ status, message, retryAfterSeconds }: Outcome): OutgoingHttpHeaders {
  const code = status === 415 ? UNIMPLEMENTED : (GRPC_CODE[status] ?? 2);
  const trailers = { 'grpc-status': String(code), 'grpc-message': percentEncoded(message) };
  if (retryAfterSeconds === undefined) return trailers;
  const retryInfo = bytesField(1, varintField(1, retryAfterSeconds));
  const detail = Buffer.concat([bytesField(1, Buffer.from(RETRY_INFO)), bytesField(2, retryInfo)]);
  const details = Buffer.concat([statusBody('protobuf', status, message), bytesField(3, detail)]);
  return { ...trailers, 'grpc-status-details-bin': details.toString('base64') };
}

/** Everything but printable ASCII, and the percent sign, as %XX of its UTF-8 bytes. */
function percentEncoded(text: string): string {
  return text.replace(/[^ -$&-~]+/gu, (part) =>
    [...Buffer.from(part)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}
