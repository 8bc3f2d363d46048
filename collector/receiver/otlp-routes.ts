import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorText, SimvueError } from 'simvue-otel/errors';
import type { IngestAnswer, IngestPort, IngestRequest, RequestDecoder } from '../pipeline/ingest-port.ts';
import { RECORD_KIND, type RecordKind } from '../pipeline/record-kind.ts';
import type { Signal } from '../pipeline/telemetry-batch.ts';
import { CONTENT_TYPE, exportResponse, type OtlpEncoding, statusBody } from './otlp-answer.ts';
import { type BodyLimits, BodyReader, isKnownEncoding, type RequestBody } from './request-body.ts';

export const DEFAULT_BODY_LIMITS: BodyLimits = { maxBodyBytes: 32 << 20, maxInFlightBytes: 256 << 20 };

const RETRY_AFTER_SECONDS = 2;
/** Everything else is trouble of our own. */
const STATUS_OF_ERROR = new Map<string | undefined, number>([
  ['SIMVUE_ERR_MALFORMED', 400],
  ['SIMVUE_ERR_UNAUTHORISED', 401],
  ['SIMVUE_ERR_FORBIDDEN', 403],
  ['SIMVUE_ERR_TOO_LARGE', 413],
]);

const KINDS: Record<Signal, Record<OtlpEncoding, RecordKind>> = {
  metrics: { protobuf: RECORD_KIND.otlpMetricsProtobuf, json: RECORD_KIND.otlpMetricsJson },
  logs: { protobuf: RECORD_KIND.otlpLogsProtobuf, json: RECORD_KIND.otlpLogsJson },
  traces: { protobuf: RECORD_KIND.otlpTracesProtobuf, json: RECORD_KIND.otlpTracesJson },
};

/** One answered request, for the collector's own metrics. */
export interface ReceiverObservation {
  readonly signal: Signal;
  readonly status: number;
  /** Inflated; 0 when the body was not read. */
  readonly bodyBytes: number;
  readonly points: number;
  readonly records: number;
  readonly refused: number;
  readonly seconds: number;
}

export interface OtlpRoutesOptions {
  readonly ingest: IngestPort;
  readonly decoder: RequestDecoder;
  /** Reader of bodies shared with other routes; undefined = one of its own, with `limits`. */
  readonly bodies?: BodyReader;
  readonly limits?: Partial<BodyLimits>;
  readonly telemetry?: (observation: ReceiverObservation) => void;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly retryAfterSeconds?: number;
  readonly observed?: Partial<ReceiverObservation>;
}

/**
 * Serves OTLP/HTTP: POST /v1/metrics, /v1/logs and /v1/traces.
 *
 * 200 only after the pipeline has stored the request; 400, 405, 413 and 415 are final; every trouble of our own is 503 with Retry-After.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function registerOtlpRoutes(app: FastifyInstance, options: OtlpRoutesOptions): void {
  const bodies = options.bodies ?? new BodyReader({ ...DEFAULT_BODY_LIMITS, ...options.limits });
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    // What stops a request before its handler, such as a bad token, is answered in its encoding too.
    scope.setErrorHandler((error, request, reply) => {
      const encoding = encodingOf(request) ?? 'json';
      const { status, body, retryAfterSeconds } = answerOfError(error, encoding, request);
      if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
      return reply.code(status).type(CONTENT_TYPE[encoding]).send(body);
    });
    for (const signal of ['metrics', 'logs', 'traces'] as const) {
      const url = `/v1/${signal}`;
      scope.post(url, (request, reply) => receive(signal, request, reply, bodies, options));
      scope.route({ method: ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], url, handler: refuseMethod });
    }
  });
}

async function receive(
  signal: Signal,
  request: FastifyRequest,
  reply: FastifyReply,
  bodies: BodyReader,
  options: OtlpRoutesOptions,
): Promise<FastifyReply> {
  const started = performance.now();
  const encoding = encodingOf(request);
  let answer: Answer | undefined;
  try {
    answer =
      encoding === undefined ? unsupportedType() : await readAndIngest(signal, encoding, request, bodies, options);
  } catch (error) {
    answer = answerOfError(error, encoding ?? 'json', request);
  }
  if (answer === undefined) return reply.hijack();
  const { status, body, retryAfterSeconds, observed } = answer;
  const nothing = { bodyBytes: 0, points: 0, records: 0, refused: 0 };
  const seconds = (performance.now() - started) / 1000;
  options.telemetry?.({ ...nothing, ...observed, signal, status, seconds });
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  if (status === 413) reply.header('connection', 'close');
  return reply
    .code(status)
    .type(CONTENT_TYPE[encoding ?? 'json'])
    .send(body);
}

/** @returns undefined when the client went away. */
async function readAndIngest(
  signal: Signal,
  encoding: OtlpEncoding,
  request: FastifyRequest,
  bodies: BodyReader,
  options: OtlpRoutesOptions,
): Promise<Answer | undefined> {
  const contentEncoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (!isKnownEncoding(contentEncoding)) {
    const message = `Content-Encoding ${contentEncoding} is not supported: use gzip, deflate or identity`;
    return { status: 415, body: statusBody(encoding, 415, message) };
  }
  if (!options.ingest.hasRoom) throw new SimvueError('SIMVUE_ERR_OVERLOADED', 'the collector is busy: retry later');
  const receivedAt = Date.now();
  const body = await bodies.read(request.raw, contentEncoding);
  if (body === undefined) return undefined;
  try {
    return await ingestBody(signal, encoding, body, { receivedAt, principal: request.principal }, options);
  } finally {
    body.release();
  }
}

async function ingestBody(
  signal: Signal,
  encoding: OtlpEncoding,
  { bytes }: RequestBody,
  { receivedAt, principal }: Pick<IngestRequest, 'receivedAt' | 'principal'>,
  { ingest, decoder }: OtlpRoutesOptions,
): Promise<Answer> {
  const kind = KINDS[signal][encoding];
  const decoded = decoder.decode(kind, bytes);
  const { points, records, refusals } = decoded;
  let result: IngestAnswer = { status: 'stored', rejected: refusals.total, message: refusals.message };
  if (decoded.parts.length > 0) {
    result = await ingest.ingest({ kind, body: bytes, decoded, principal, receivedAt });
  } else decoded.release();
  const observed = { bodyBytes: bytes.length, points, records };
  if (result.status === 'overloaded') {
    const { retryAfterSeconds, message } = result;
    return { status: 503, body: statusBody(encoding, 503, message), retryAfterSeconds, observed };
  }
  const body = exportResponse(encoding, signal, result.rejected, result.message);
  return { status: 200, body, observed: { ...observed, refused: result.rejected } };
}

function answerOfError(error: unknown, encoding: OtlpEncoding, request: FastifyRequest): Answer {
  const code = error instanceof SimvueError ? error.code : undefined;
  const status = STATUS_OF_ERROR.get(code) ?? 503;
  if (status !== 503) return { status, body: statusBody(encoding, status, errorText(error)) };
  const isOverload = code === 'SIMVUE_ERR_OVERLOADED';
  if (!isOverload) request.log.error(error);
  const message = isOverload ? errorText(error) : 'internal trouble: retry later';
  return { status, body: statusBody(encoding, status, message), retryAfterSeconds: RETRY_AFTER_SECONDS };
}

function encodingOf(request: FastifyRequest): OtlpEncoding | undefined {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  return type === CONTENT_TYPE.protobuf ? 'protobuf' : type === CONTENT_TYPE.json ? 'json' : undefined;
}

function unsupportedType(): Answer {
  const message = 'Content-Type is not supported: use application/x-protobuf or application/json';
  return { status: 415, body: statusBody('json', 415, message) };
}

function refuseMethod(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const body = statusBody('json', 405, `${request.method} is not allowed here: OTLP is sent with POST`);
  return reply.code(405).header('allow', 'POST').type(CONTENT_TYPE.json).send(body);
}
