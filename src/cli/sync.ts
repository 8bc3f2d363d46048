import { statSync } from 'node:fs';
import { findEndpoints, loadSettings } from '../config/load-settings.ts';
import { configError, errorText } from '../errors.ts';
import { type Drained, type DrainOptions, drainJournal } from '../journal/drain-journal.ts';
import { defaultSpoolDirectory, listJournals } from '../journal/spool.ts';
import { Reports } from '../reports.ts';
import { WakeableTimer } from '../wakeable-timer.ts';

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
  if (directory !== undefined && !watch) checkDirectory(directory);
  const spoolDirectory = directory ?? loadSettings({}).config.spoolDirectory ?? defaultSpoolDirectory(process.env);
  const interrupted = new AbortController();
  const pause = new WakeableTimer();
  const interrupt = () => {
    interrupted.abort();
    pause.wake();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  const options = { endpoints, offline: true, reports: new Reports(), signal: interrupted.signal };
  let left = 0;
  do {
    left = await sendAll(listJournals(spoolDirectory), options, watch);
    if (watch && !interrupted.signal.aborted) await pause.sleep(WATCH_MILLIS, true);
  } while (watch && !interrupted.signal.aborted);
  if (left > 0) console.error(`${left} ${left === 1 ? 'journal is' : 'journals are'} not sent, in ${spoolDirectory}`);
  return left > 0 ? 1 : 0;
}

/** The default may not be there yet; one that is named must be, or a typing error would look like success. */
function checkDirectory(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw configError('directory', `there is no directory ${directory}`, 'Name the spool directory of the runs.');
}

/** A server that takes nothing of one journal is not asked to take the others. @returns journals that are left. */
async function sendAll(journals: readonly string[], options: DrainOptions, watch: boolean): Promise<number> {
  let left = 0;
  for (const [index, journal] of journals.entries()) {
    if (options.signal.aborted) return watch ? left : left + journals.length - index;
    try {
      const drained = await drainJournal(journal, options);
      print(journal, drained, watch);
      const { outcome, counters, artifacts } = drained;
      if (outcome === 'left' || outcome === 'elsewhere') left++;
      const isStuck = outcome === 'left' && counters.deliveredItems + counters.rejectedItems + artifacts.stored === 0;
      if (isStuck) return left + journals.length - index - 1;
    } catch (error) {
      console.error(`${journal}: ${errorText(error)}`);
      left++;
    }
  }
  return left;
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
