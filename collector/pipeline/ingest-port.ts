import { SimvueError } from 'simvue-otel/errors';
import type { Principal } from './principal.ts';
import type { RecordKind } from './record-kind.ts';
import type { DecodedRequest } from './telemetry-batch.ts';

/**
 * Bytes → validated request. The same bytes and limits always give the same answer: a replay of the log decodes again.
 *
 * @throws SimvueError `SIMVUE_ERR_MALFORMED` (→ 400) when the body as a whole cannot be decoded, `SIMVUE_ERR_OVERLOADED` (→ 503) when no
 * staging block is free. A bad point or record is counted in `refusals`, never thrown.
 */
export interface RequestDecoder {
  decode(kind: RecordKind, body: Buffer): DecodedRequest;
}

/** A request as the receiver hands it to the pipeline; the pipeline releases `decoded`. */
export interface IngestRequest {
  readonly kind: RecordKind;
  /** Inflated body; not changed and not reused until the promise settles. */
  readonly body: Buffer;
  readonly decoded: DecodedRequest;
  readonly principal: Principal;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** `stored`: durable, applied and readable; `rejected` points or records were refused, `message` says why. */
export type IngestAnswer =
  | { readonly status: 'stored'; readonly rejected: number; readonly message: string }
  | { readonly status: 'overloaded'; readonly retryAfterSeconds: number; readonly message: string };

export interface IngestPort {
  /** False: answer 503 before the body is read. */
  readonly hasRoom: boolean;
  /** Why there will be none for a while; undefined = it is only busy. */
  readonly trouble?: string | undefined;
  ingest(request: IngestRequest): Promise<IngestAnswer>;
}

/** @throws SimvueError `SIMVUE_ERR_OVERLOADED` when a request would find no room. */
export function checkRoom({ hasRoom, trouble }: IngestPort): void {
  if (!hasRoom) throw new SimvueError('SIMVUE_ERR_OVERLOADED', trouble ?? 'the collector is busy: retry later');
}
