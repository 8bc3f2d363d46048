import { setTimeout as sleep } from 'node:timers/promises';
import { findEndpoints, loadSettings } from '../config/load-settings.ts';
import { errorText } from '../errors.ts';
import { type Drained, type DrainOptions, drainJournal } from '../journal/drain-journal.ts';
import { defaultSpoolDirectory, listJournals } from '../journal/spool.ts';
import { Reports } from '../reports.ts';

const WATCH_MILLIS = 1000;

export interface SyncOptions {
  readonly directory: string | undefined;
  readonly watch?: boolean;
  readonly url?: string;
}

/**
 * Sends the journals of a spool directory.
 *
 * @returns exit code: 0 = nothing is left but what running jobs add and other senders send, 1 = something is.
 */
export async function sync({ directory, watch = false, url }: SyncOptions): Promise<number> {
  const endpoints = findEndpoints(url === undefined ? {} : { url });
  const spoolDirectory = directory ?? loadSettings({}).config.spoolDirectory ?? defaultSpoolDirectory(process.env);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const options = { endpoints, offline: true, reports: new Reports(), signal: interrupted.signal };
  let left = 0;
  do {
    left = 0;
    for (const journal of listJournals(spoolDirectory)) {
      if (interrupted.signal.aborted) break;
      const isSent = await sendJournal(journal, options, watch);
      if (!isSent) left++;
    }
    if (watch) await sleep(WATCH_MILLIS, undefined, { signal: interrupted.signal }).catch(() => undefined);
  } while (watch && !interrupted.signal.aborted);
  if (left > 0) console.error(`${left} ${left === 1 ? 'journal is' : 'journals are'} not sent, in ${spoolDirectory}`);
  return left > 0 ? 1 : 0;
}

/** @returns false when something is left to be sent by somebody. */
async function sendJournal(journal: string, options: DrainOptions, watch: boolean): Promise<boolean> {
  try {
    const drained = await drainJournal(journal, options);
    print(journal, drained, watch);
    return drained.outcome !== 'left' && drained.outcome !== 'elsewhere';
  } catch (error) {
    console.error(`${journal}: ${errorText(error)}`);
    return false;
  }
}

/** While watching, only news are worth a line. */
function print(journal: string, { outcome, header, counters, artifacts }: Drained, watch: boolean): void {
  const { deliveredItems, rejectedItems } = counters;
  if (header === undefined || (watch && deliveredItems + rejectedItems + artifacts.stored + artifacts.refused === 0))
    return;
  const run = `run "${header.runName}" (${header.runId})`;
  const refusedItems = rejectedItems + artifacts.refused;
  const refused = refusedItems === 0 ? '' : `, ${refusedItems} refused`;
  const stored = artifacts.stored === 0 ? '' : `, ${artifacts.stored} artifacts stored`;
  if (outcome === 'elsewhere') console.log(`${run}: belongs to ${header.target?.metrics}, not sent: give its --url`);
  else if (outcome === 'busy') console.log(`${run}: another process sends it`);
  else
    console.log(
      `${run}: ${deliveredItems} delivered${stored}${refused}${outcome === 'left' ? `, the rest is in ${journal}` : ''}`,
    );
}
