import { SimvueError } from 'simvue-otel/errors';
import { readControlEvents } from '../pipeline/control-events.ts';
import type { RequestDecoder } from '../pipeline/ingest-port.ts';
import { parsePrincipal } from '../pipeline/principal.ts';
import type { RunResolver } from '../pipeline/run-resolver-port.ts';
import type { EventRecord } from '../pipeline/telemetry.ts';
import type { DecodedRequest, ResourcePart } from '../pipeline/telemetry-batch.ts';
import type { IngestRecord, LogReader } from '../store/ingest-log-port.ts';
import type { ExportHealth } from './export-health.ts';

/** A batch ends when it holds so much: a single record may hold more. */
const MAX_ITEMS = 20_000;
const MAX_BYTES = 8 << 20;
const MAX_RECORDS = 1_000;

/** Data of one run in one request. */
export interface RunPart {
  readonly decoded: DecodedRequest;
  readonly part: ResourcePart;
  readonly events: readonly EventRecord[];
}

/** Consecutive records of the ingest log, by run. */
export interface LogBatch {
  readonly runs: ReadonlyMap<string, readonly RunPart[]>;
  /** The newest record; 0 = the batch is empty. */
  readonly lastSequence: number;
  /** Gives the staging blocks back. */
  release(): void;
}

export interface LogBatchParts {
  readonly reader: LogReader;
  /** With an arena of its own. */
  readonly decoder: RequestDecoder;
  readonly resolver: Pick<RunResolver, 'resolve'>;
  readonly health: ExportHealth;
}

/** Reads what the log holds next. */
export async function readBatch({ reader, decoder, resolver, health }: LogBatchParts): Promise<LogBatch> {
  const runs = new Map<string, RunPart[]>();
  const requests: DecodedRequest[] = [];
  const release = (): void => {
    for (const request of requests) request.release();
  };
  let [items, bytes, records, lastSequence] = [0, 0, 0, 0];
  try {
    while (items < MAX_ITEMS && bytes < MAX_BYTES && records < MAX_RECORDS) {
      const record = await reader.next();
      if (record === undefined) break;
      records++;
      bytes += record.body.length;
      lastSequence = record.sequence;
      const decoded = decode(decoder, record, health);
      if (decoded === undefined) continue;
      requests.push(decoded);
      items += decoded.points + decoded.records;
      await addParts(runs, record, decoded, resolver, health);
    }
  } catch (error) {
    if (!(error instanceof SimvueError)) {
      release();
      throw error;
    }
    health.refuse(error.code, 1, error.message);
  }
  return { runs, lastSequence, release };
}

/** The body was decoded once before it went into the log. */
function decode(decoder: RequestDecoder, record: IngestRecord, health: ExportHealth): DecodedRequest | undefined {
  try {
    return decoder.decode(record.kind, record.body);
  } catch (error) {
    if (!(error instanceof SimvueError)) throw error;
    health.refuse(error.code, 1, `record ${record.sequence}: ${error.message}`);
    return undefined;
  }
}

async function addParts(
  runs: Map<string, RunPart[]>,
  { meta }: IngestRecord,
  decoded: DecodedRequest,
  resolver: Pick<RunResolver, 'resolve'>,
  health: ExportHealth,
): Promise<void> {
  const { receivedAt, choices } = meta;
  const principal = parsePrincipal(meta.principal);
  for (const [index, part] of decoded.parts.entries()) {
    const choice = choices?.[index];
    const context = { receivedAt, principal, ...(choice === undefined ? {} : { recordedChoice: choice }) };
    const resolution = await resolver.resolve(part, context);
    // The run is deleted, or this part was refused when it came.
    if ('refused' in resolution) continue;
    if (part.spans.length > 0) health.refuse('spans', part.spans.length, 'spans have no place at a Simvue server');
    const { events } = readControlEvents(part.events, part.resource.instance);
    if (part.points === 0 && events.length === 0) continue;
    const parts = runs.get(resolution.runId) ?? [];
    parts.push({ decoded, part, events });
    runs.set(resolution.runId, parts);
  }
}
