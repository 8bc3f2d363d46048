import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SimvueError } from 'simvue-otel/errors';
import { checkRoom, type IngestPort, type RequestDecoder } from '../pipeline/ingest-port.ts';
import type { MetricArray } from '../pipeline/metric-array.ts';
import type { Principal } from '../pipeline/principal.ts';
import { RECORD_KIND } from '../pipeline/record-kind.ts';
import type { DecodedRequest } from '../pipeline/telemetry-batch.ts';
import { readArrays } from './array-request.ts';
import { DEFAULT_DECODE_LIMITS } from './decode-limits.ts';
import type { ReceiverObservation } from './otlp-intake.ts';
import { type BodyReader, isKnownEncoding, type RequestBody } from './request-body.ts';

const CONTENT_TYPES = new Set(['application/msgpack', 'application/x-msgpack', 'application/vnd.msgpack']);
const KINDS = { metrics: RECORD_KIND.simvueMetricsMsgpack, events: RECORD_KIND.simvueEventsMsgpack } as const;

export interface SimvueRoutesOptions {
  readonly ingest: IngestPort;
  readonly decoder: RequestDecoder;
  readonly bodies: BodyReader;
  /** @throws SimvueError when there is no such run, or the principal may not write to it. */
  readonly checkWritable: (principal: Principal, runId: string) => Promise<void>;
  readonly telemetry?: (observation: ReceiverObservation) => void;
}

/** What {@link registerArrayRoute} needs. */
export interface ArrayRouteOptions extends Pick<SimvueRoutesOptions, 'bodies' | 'ingest' | 'checkWritable'> {
  readonly storeArrays: (runId: string, arrays: readonly MetricArray[]) => Promise<void>;
}

/** What was stored; `rejected` entries or values were not, `detail` says why. */
interface Stored {
  readonly id?: string;
  readonly rejected?: number;
  readonly detail?: string;
}

/**
 * Serves Simvue's `POST /metrics` and `/events` (msgpack): the same log and pipeline as OTLP.
 *
 * 200 only after the request is durable; 404 and 422 are final; every trouble of our own is 503, which is all that Simvue's clients try again after.
 */
export function registerSimvueRoutes(api: FastifyInstance, options: SimvueRoutesOptions): void {
  api.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    for (const list of ['metrics', 'events'] as const) {
      scope.post(`/${list}`, async (request, reply) => {
        const started = performance.now();
        const decoded = await receive(list, request, options);
        if (decoded === undefined) return reply.hijack();
        return answer(list, decoded, started, reply, options);
      });
    }
  });
}

/** Serves Simvue's `POST /runs/{id}/metrics` (msgpack): arrays of multi-dimensional metrics; 200 once they are durable. */
export function registerArrayRoute(api: FastifyInstance, options: ArrayRouteOptions): void {
  api.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.post<{ Params: { id: string } }>('/runs/:id/metrics', async (request, reply) => {
      const { id } = request.params;
      await options.checkWritable(request.principal, id);
      const body = await readBody(request, options);
      if (body === undefined) return reply.hijack();
      try {
        const arrays = readArrays(body.bytes, DEFAULT_DECODE_LIMITS);
        await options.storeArrays(id, arrays);
        return { id, stored: arrays.length };
      } finally {
        body.release();
      }
    });
  });
}

interface Received extends Stored {
  readonly bodyBytes: number;
  readonly points: number;
  readonly records: number;
}

/** @returns undefined when the client went away. */
async function receive(
  list: keyof typeof KINDS,
  request: FastifyRequest,
  options: SimvueRoutesOptions,
): Promise<Received | undefined> {
  const body = await readBody(request, options);
  if (body === undefined) return undefined;
  try {
    return await ingest(list, body.bytes, request.principal, options);
  } finally {
    body.release();
  }
}

/** @returns undefined when the client went away. @throws SimvueError when type or encoding is not served, or there is no room. */
async function readBody(
  request: FastifyRequest,
  options: Pick<SimvueRoutesOptions, 'bodies' | 'ingest'>,
): Promise<RequestBody | undefined> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!CONTENT_TYPES.has(type)) throw unsupported(`Content-Type ${type || 'without name'}: send application/msgpack`);
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (!isKnownEncoding(encoding)) throw unsupported(`Content-Encoding ${encoding}: send gzip, deflate or identity`);
  checkRoom(options.ingest);
  return options.bodies.read(request.raw, encoding);
}

async function ingest(
  list: keyof typeof KINDS,
  bytes: Buffer,
  principal: Principal,
  options: SimvueRoutesOptions,
): Promise<Received> {
  const receivedAt = Date.now();
  const kind = KINDS[list];
  const decoded = options.decoder.decode(kind, bytes);
  const { points, records, refusals } = decoded;
  const size = { bodyBytes: bytes.length, points, records };
  const id = decoded.parts[0]?.resource.runId;
  if (id === undefined) {
    decoded.release();
    return { ...size, ...refusal(refusals.total, refusals.message) };
  }
  await releasingOnError(decoded, () => options.checkWritable(principal, id));
  const stored = await options.ingest.ingest({ kind, body: bytes, decoded, principal, receivedAt });
  if (stored.status === 'overloaded') throw new SimvueError('SIMVUE_ERR_OVERLOADED', stored.message);
  return { ...size, id, ...refusal(stored.rejected, stored.message) };
}

async function releasingOnError(decoded: DecodedRequest, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    decoded.release();
    throw error;
  }
}

function answer(
  list: keyof typeof KINDS,
  { bodyBytes, points, records, ...stored }: Received,
  started: number,
  reply: FastifyReply,
  { telemetry }: SimvueRoutesOptions,
): FastifyReply {
  const signal = list === 'metrics' ? 'metrics' : 'logs';
  const seconds = (performance.now() - started) / 1000;
  telemetry?.({ signal, status: 200, bodyBytes, points, records, refused: stored.rejected ?? 0, seconds });
  return reply.send(stored);
}

function refusal(rejected: number, detail: string): Stored {
  return rejected === 0 ? {} : { rejected, detail };
}

function unsupported(detail: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_MEDIA_TYPE', detail);
}
