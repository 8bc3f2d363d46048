import type { IngestLog } from '../store/ingest-log-port.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';

/** More than the records that a log can hold: shards may have stored points of records behind the place that they have saved. */
const GAP = 2 ** 32;

/**
 * Goes on behind the numbers that the shards know when the log was removed or replaced by an older one: they pass over records whose numbers they
 * have had.
 *
 * @returns what happened, for whoever runs the collector; undefined when the log is that of the points.
 */
export function mendLostLog(
  log: Pick<IngestLog, 'lastSequence' | 'continueAt'>,
  { storedUpTo }: Pick<TelemetryStore, 'storedUpTo'>,
): string | undefined {
  const last = log.lastSequence;
  if (last + 1 >= storedUpTo) return undefined;
  log.continueAt(storedUpTo + GAP);
  return `the log of requests ends at record ${last}, the points know of record ${storedUpTo - 1}: it was removed or replaced; what was not stored yet is lost`;
}
