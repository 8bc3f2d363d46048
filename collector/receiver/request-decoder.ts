import type { RequestDecoder } from '../pipeline/ingest-port.ts';
import { RECORD_KIND, type RecordKind } from '../pipeline/record-kind.ts';
import type { StagingArena } from '../pipeline/staging.ts';
import type { Signal } from '../pipeline/telemetry-batch.ts';
import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from './decode-limits.ts';
import { jsonDepth } from './json-fields.ts';
import { JsonRequest } from './json-request.ts';
import { malformed } from './malformed.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { ProtobufRequest } from './protobuf-request.ts';
import { RequestBuilder } from './request-builder.ts';
import { ResourceRegistry } from './resource-registry.ts';
import { SimvueRequest } from './simvue-request.ts';

/** Goes up when the same bytes are decoded differently: kept with each ingest record. */
export const DECODER_VERSION = 2;

/** Resources are interned apart for protobuf, JSON and Simvue's msgpack. */
const REGISTRIES = 3;

/** A decoder of requests and its version. */
export type OtlpDecoder = RequestDecoder & { readonly decoderVersion: number };

/**
 * Makes the decoder of OTLP metrics, logs and traces in protobuf and JSON, and of Simvue's metrics and events in msgpack; it decodes one request at a time, into the arena.
 *
 * `decode` throws `SIMVUE_ERR_MALFORMED`, `SIMVUE_ERR_TOO_LARGE` (more points or spans than the limits) or `SIMVUE_ERR_OVERLOADED` (the
 * arena is full), and then holds nothing of the request. The body is not kept.
 */
export function createRequestDecoder(options: { arena: StagingArena; limits?: Partial<DecodeLimits> }): OtlpDecoder {
  const limits: DecodeLimits = { ...DEFAULT_DECODE_LIMITS, ...options.limits };
  const builder = new RequestBuilder(options.arena, limits);
  const registry = () => new ResourceRegistry(limits.resources / REGISTRIES, limits.resourcesBytes / REGISTRIES);
  const reader = new ProtobufReader();
  const protobuf = new ProtobufRequest({ reader, builder, limits }, registry());
  const simvue = new SimvueRequest(builder, registry(), limits);
  const json = new JsonRequest(builder, registry(), limits, jsonDepth(limits.depth));

  const decoders: Partial<Record<RecordKind, readonly [Signal, (body: Buffer) => void]>> = {
    [RECORD_KIND.otlpMetricsProtobuf]: ['metrics', (body) => protobuf.decodeMetrics(body)],
    [RECORD_KIND.otlpLogsProtobuf]: ['logs', (body) => protobuf.decodeLogs(body)],
    [RECORD_KIND.otlpTracesProtobuf]: ['traces', (body) => protobuf.decodeTraces(body)],
    [RECORD_KIND.otlpMetricsJson]: ['metrics', (body) => json.decodeMetrics(body)],
    [RECORD_KIND.otlpLogsJson]: ['logs', (body) => json.decodeLogs(body)],
    [RECORD_KIND.otlpTracesJson]: ['traces', (body) => json.decodeTraces(body)],
    [RECORD_KIND.simvueMetricsMsgpack]: ['metrics', (body) => simvue.decodeMetrics(body)],
    [RECORD_KIND.simvueEventsMsgpack]: ['logs', (body) => simvue.decodeEvents(body)],
  };

  return {
    decoderVersion: DECODER_VERSION,
    decode(kind, body) {
      const decoder = decoders[kind];
      if (decoder === undefined) throw malformed(`record kind ${kind} is unknown`);
      builder.begin();
      try {
        decoder[1](body);
        return builder.finish(decoder[0]);
      } catch (error) {
        builder.abort();
        throw error;
      } finally {
        reader.reset(NOTHING);
      }
    },
  };
}

/** Keeps the reader from holding on to the last body. */
const NOTHING = Buffer.alloc(0);
