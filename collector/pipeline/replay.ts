import { setImmediate } from 'node:timers/promises';
import { errorText } from 'simvue-otel/errors';
import type { IngestLog, IngestRecord } from '../store/ingest-log-port.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';
import type { IngestPipeline } from './ingest.ts';
import type { RequestDecoder } from './ingest-port.ts';
import { parsePrincipal } from './principal.ts';
import type { RequestPlanner } from './request-planner.ts';
import type { StagingArena } from './staging.ts';

export interface ReplayParts {
  readonly log: IngestLog;
  readonly telemetry: TelemetryStore;
  readonly decoder: RequestDecoder;
  readonly planner: RequestPlanner;
  readonly pipeline: IngestPipeline;
  readonly arena: StagingArena;
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
  const { log, telemetry, decoder, planner, pipeline, arena } = parts;
  let records = 0;
  let bytes = 0;
  for await (const record of log.replay(parts.from)) {
    while (!arena.hasRoom || !telemetry.hasRoom) await setImmediate();
    let decoded: ReturnType<RequestDecoder['decode']>;
    try {
      decoded = decoder.decode(record.kind, record.body);
    } catch (error) {
      parts.onUnreadable(record, errorText(error));
      continue;
    }
    try {
      const { receivedAt, principal, choices } = record.meta;
      const plan = await planner.plan(decoded, { receivedAt, principal: parsePrincipal(principal), choices });
      pipeline.commit(record.sequence, bytes, receivedAt, decoded, plan);
    } finally {
      decoded.release();
    }
    records++;
    bytes += record.body.length;
  }
  return { records, bytes };
}
