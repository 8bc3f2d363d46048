import { errorText, SimvueError } from 'simvue-otel/errors';
import { checkRoom, type IngestPort, type RequestDecoder } from '../pipeline/ingest-port.ts';
import type { Principal } from '../pipeline/principal.ts';
import { RECORD_KIND, type RecordKind } from '../pipeline/record-kind.ts';
import type { Signal } from '../pipeline/telemetry-batch.ts';
import type { OtlpEncoding } from './otlp-answer.ts';
import type { RequestBody } from './request-body.ts';

const RETRY_AFTER_SECONDS = 2;
/** Everything else is trouble of our own. */
const STATUS_OF_ERROR = new Map<string | undefined, number>([
  ['SIMVUE_ERR_MALFORMED', 400],
  ['SIMVUE_ERR_UNAUTHORISED', 401],
  ['SIMVUE_ERR_FORBIDDEN', 403],
  ['SIMVUE_ERR_TOO_LARGE', 413],
  ['SIMVUE_ERR_MEDIA_TYPE', 415],
]);

const KINDS: Record<Signal, Record<OtlpEncoding, RecordKind>> = {
  metrics: { protobuf: RECORD_KIND.otlpMetricsProtobuf, json: RECORD_KIND.otlpMetricsJson },
  logs: { protobuf: RECORD_KIND.otlpLogsProtobuf, json: RECORD_KIND.otlpLogsJson },
  traces: { protobuf: RECORD_KIND.otlpTracesProtobuf, json: RECORD_KIND.otlpTracesJson },
};

/** One answered request, for the collector's own metrics. */
export interface ReceiverObservation {
  readonly signal: Signal;
  /** As OTLP/HTTP has it, whatever carried the request. */
  readonly status: number;
  /** Inflated; 0 when the body was not read. */
  readonly bodyBytes: number;
  readonly points: number;
  readonly records: number;
  readonly refused: number;
  readonly seconds: number;
}

export interface OtlpIntakeOptions {
  readonly ingest: IngestPort;
  readonly decoder: RequestDecoder;
  readonly telemetry?: (observation: ReceiverObservation) => void;
}

/** What became of a request: stored (200), with what was refused of it, or why not. */
export interface Outcome {
  /** As OTLP/HTTP has it. */
  readonly status: number;
  readonly rejected: number;
  readonly message: string;
  readonly retryAfterSeconds?: number;
  readonly size?: Pick<ReceiverObservation, 'bodyBytes' | 'points' | 'records'>;
}

/** A request as its transport presents it. */
export interface OtlpRequest {
  readonly signal: Signal;
  readonly encoding: OtlpEncoding;
  readonly principal: Principal;
  /** @returns the inflated body; undefined when the client went away. */
  readonly read: () => Promise<RequestBody | undefined>;
  /** Told of trouble of our own. */
  readonly onTrouble: (error: unknown) => void;
}

/** The way of an OTLP request, by HTTP or gRPC: room → body → decoded → durable → outcome. */
export class OtlpIntake {
  readonly #options: OtlpIntakeOptions;

  constructor(options: OtlpIntakeOptions) {
    this.#options = options;
  }

  /** Never rejects. @returns undefined when the client went away. */
  async take(request: OtlpRequest): Promise<Outcome | undefined> {
    const started = performance.now();
    let outcome: Outcome | undefined;
    try {
      outcome = await this.#readAndIngest(request);
    } catch (error) {
      outcome = outcomeOfError(error, request.onTrouble);
    }
    if (outcome === undefined) return undefined;
    const { status, rejected, size = { bodyBytes: 0, points: 0, records: 0 } } = outcome;
    const seconds = (performance.now() - started) / 1000;
    this.#options.telemetry?.({ ...size, signal: request.signal, status, refused: rejected, seconds });
    return outcome;
  }

  async #readAndIngest({ signal, encoding, principal, read }: OtlpRequest): Promise<Outcome | undefined> {
    const { ingest, decoder } = this.#options;
    checkRoom(ingest);
    const receivedAt = Date.now();
    const body = await read();
    if (body === undefined) return undefined;
    try {
      const kind = KINDS[signal][encoding];
      const decoded = decoder.decode(kind, body.bytes);
      const { points, records, refusals } = decoded;
      const size = { bodyBytes: body.bytes.length, points, records };
      if (decoded.parts.length === 0) {
        decoded.release();
        return { status: 200, rejected: refusals.total, message: refusals.message, size };
      }
      const answer = await ingest.ingest({ kind, body: body.bytes, decoded, principal, receivedAt });
      if (answer.status === 'stored') {
        return { status: 200, rejected: answer.rejected, message: answer.message, size };
      }
      const { retryAfterSeconds, message } = answer;
      return { status: 503, rejected: 0, message, retryAfterSeconds, size };
    } finally {
      body.release();
    }
  }
}

/** What a request is answered that an error stopped; `onTrouble` is told when the error is our own. */
export function outcomeOfError(error: unknown, onTrouble: (error: unknown) => void): Outcome {
  const code = error instanceof SimvueError ? error.code : undefined;
  const status = STATUS_OF_ERROR.get(code);
  if (status !== undefined) return { status, rejected: 0, message: errorText(error) };
  const isOverload = code === 'SIMVUE_ERR_OVERLOADED' || code === 'SIMVUE_ERR_DISK';
  if (!isOverload) onTrouble(error);
  const message = isOverload ? errorText(error) : 'internal trouble: retry later';
  return { status: 503, rejected: 0, message, retryAfterSeconds: RETRY_AFTER_SECONDS };
}
