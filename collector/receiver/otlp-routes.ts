import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SimvueError } from 'simvue-otel/errors';
import type { Signal } from '../pipeline/telemetry-batch.ts';
import { CONTENT_TYPE, exportResponse, type OtlpEncoding, statusBody } from './otlp-answer.ts';
import { OtlpIntake, type OtlpIntakeOptions, type Outcome, outcomeOfError } from './otlp-intake.ts';
import { type BodyLimits, BodyReader, isKnownEncoding, type RequestBody } from './request-body.ts';

export const DEFAULT_BODY_LIMITS: BodyLimits = { maxBodyBytes: 32 << 20, maxInFlightBytes: 256 << 20 };

export interface OtlpRoutesOptions extends OtlpIntakeOptions {
  /** Reader of bodies shared with other routes; undefined = one of its own, with `limits`. */
  readonly bodies?: BodyReader;
  readonly limits?: Partial<BodyLimits>;
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
  const intake = new OtlpIntake(options);
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    // What stops a request before its handler, such as a bad token, is answered in its encoding too.
    scope.setErrorHandler((error, request, reply) =>
      send(
        reply,
        encodingOf(request) ?? 'json',
        outcomeOfError(error, (trouble) => request.log.error(trouble)),
      ),
    );
    for (const signal of ['metrics', 'logs', 'traces'] as const) {
      const url = `/v1/${signal}`;
      scope.post(url, async (request, reply) => {
        const encoding = encodingOf(request);
        const outcome = await intake.take({
          signal,
          encoding: encoding ?? 'json',
          principal: request.principal,
          read: () => readBody(request, encoding, bodies),
          onTrouble: (error) => request.log.error(error),
        });
        return outcome === undefined ? reply.hijack() : send(reply, encoding ?? 'json', outcome, signal);
      });
      scope.route({ method: ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], url, handler: refuseMethod });
    }
  });
}

async function readBody(
  request: FastifyRequest,
  encoding: OtlpEncoding | undefined,
  bodies: BodyReader,
): Promise<RequestBody | undefined> {
  if (encoding === undefined) throw unsupported('Content-Type', 'application/x-protobuf or application/json');
  const contentEncoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (!isKnownEncoding(contentEncoding)) {
    throw unsupported(`Content-Encoding ${contentEncoding}`, 'gzip, deflate or identity');
  }
  return bodies.read(request.raw, contentEncoding);
}

/** @param signal - undefined when the request was stopped before its handler: then it was not stored. */
function send(
  reply: FastifyReply,
  encoding: OtlpEncoding,
  { status, rejected, message, retryAfterSeconds }: Outcome,
  signal: Signal = 'metrics',
): FastifyReply {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  if (status === 413) reply.header('connection', 'close');
  const body =
    status === 200 ? exportResponse(encoding, signal, rejected, message) : statusBody(encoding, status, message);
  return reply.code(status).type(CONTENT_TYPE[encoding]).send(body);
}

function encodingOf(request: FastifyRequest): OtlpEncoding | undefined {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  return type === CONTENT_TYPE.protobuf ? 'protobuf' : type === CONTENT_TYPE.json ? 'json' : undefined;
}

function unsupported(what: string, supported: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_MEDIA_TYPE', `${what} is not supported: use ${supported}`);
}

function refuseMethod(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const body = statusBody('json', 405, `${request.method} is not allowed here: OTLP is sent with POST`);
  return reply.code(405).header('allow', 'POST').type(CONTENT_TYPE.json).send(body);
}
