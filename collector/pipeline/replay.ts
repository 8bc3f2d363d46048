import { setImmediate } from 'node:timers/promises';
import { errorText, SimvueError } from 'simvue-otel/errors';
import type { IngestLog, IngestRecord } from '../store/ingest-log-port.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';
import type { IngestPipeline } from './ingest.ts';
import type { RequestDecoder } from './ingest-port.ts';
import { parsePrincipal } from './principal.ts';
import type { RequestPlanner } from './request-planner.ts';
import type { StagingArena } from './staging.ts';
import type { DecodedRequest } from './telemetry-batch.ts';

export interface ReplayParts {
  readonly log: Pick<IngestLog, 'replay'>;
  readonly telemetry: Pick<TelemetryStore, 'hasRoom'>;
  readonly decoder: RequestDecoder;
  readonly planner: Pick<RequestPlanner, 'plan'>;
  readonly pipeline: Pick<IngestPipeline, 'commit'>;
  readonly arena: Pick<StagingArena, 'hasRoom' | 'isIdle'>;
  /** First record that somebody has not made durable. */
  readonly from: number;
  /** A record that can no longer be decoded: told, never silently skipped. */
  readonly onUnreadable: (record: IngestRecord, reason: string) => void;
}

/**
 * Repeats what the shards and the alerts had not made durable when the collector stopped. Each leaves out what it already has.
 *
 * @returns number of records and body bytes read.
 */
export async function replayLog(parts: ReplayParts): Promise<{ records: number; bytes: number }> {
  const { log, planner, pipeline } = parts;
  let records = 0;
  let bytes = 0;
  for await (const record of log.replay(parts.from)) {
    let decoded: DecodedRequest;
    try {
      decoded = await decode(record, parts);
    } catch (error) {
      parts.onUnreadable(record, errorText(error));
      continue;
    }
    try {
      const { receivedAt, principal, choices } = record.meta;
      const context = { receivedAt, principal: parsePrincipal(principal), choices, isReplay: true };
      const plan = await planner.plan(decoded, context);
      pipeline.commit(record.sequence, bytes, receivedAt, decoded, plan);
    } finally {
      decoded.release();
    }
    records++;
    bytes += record.body.length;
  }
  return { records, bytes };
}

async function decode(
  { kind, body }: IngestRecord,
  { arena, telemetry, decoder }: ReplayParts,
): Promise<DecodedRequest> {
  while (!arena.hasRoom || !telemetry.hasRoom) await setImmediate();
  try {
    return decoder.decode(kind, body);
  } catch (error) {
    if (!(error instanceof SimvueError) || error.code !== 'SIMVUE_ERR_OVERLOADED') throw error;
    // It had room when it came; now the shards still hold some of that for the records before it.
    while (!arena.isIdle) await setImmediate();
    return decoder.decode(kind, body);
  }
}
