import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { findEndpoints, loadSettings } from '../config/load-settings.ts';
import { given } from '../control/connect.ts';
import { configError, errorText } from '../errors.ts';
import type { Drained, DrainOptions } from '../journal/drain-journal.ts';
import { defaultSpoolDirectory, listJournals } from '../journal/spool.ts';
import { Reports } from '../reports.ts';
import { WakeableTimer } from '../wakeable-timer.ts';
import { addTarget, print, type TargetOptions } from './target.ts';

const WATCH_MILLIS = 1000;

interface SyncOptions extends TargetOptions {
  readonly watch?: boolean;
}

/** `simvue sync`: sends what is left on disk. */
export function addSyncCommand(program: Command): void {
  addTarget(program.command('sync'))
    .description('Sends what offline, crashed or interrupted runs have left on disk. Sending twice adds nothing.')
    .argument('[directory]', 'spool directory (default: that of this user)')
    .option('-w, --watch', 'go on: send what running jobs add, until interrupted')
    .action(async (directory: string | undefined, options: SyncOptions) => {
      process.exitCode = await sync(directory, options);
    });
}

/**
 * Sends the journals of a spool directory.
 *
 * @returns exit code: 0 = nothing is left but what running jobs add and other senders send, 1 = something is.
 */
async function sync(
  directory: string | undefined,
  { watch = false, url, profile, json }: SyncOptions,
): Promise<number> {
  const endpoints = findEndpoints(given({ url, profile }));
  if (directory !== undefined && !watch) checkDirectory(directory);
  const spoolDirectory =
    directory ?? loadSettings(given({ url, profile })).config.spoolDirectory ?? defaultSpoolDirectory(process.env);
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
    left = await sendAll(listJournals(spoolDirectory), options, { watch, json: json === true });
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
async function sendAll(journals: readonly string[], options: DrainOptions, said: SyncOptions): Promise<number> {
  let left = 0;
  for (const [index, journal] of journals.entries()) {
    if (options.signal.aborted) return said.watch === true ? left : left + journals.length - index;
    try {
      const { drainJournal } = await import('../journal/drain-journal.ts');
      const drained = await drainJournal(journal, options);
      tell(journal, drained, said);
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
function tell(
  journal: string,
  { outcome, header, counters, artifacts }: Drained,
  { watch, ...format }: SyncOptions,
): void {
  const { deliveredItems, rejectedItems } = counters;
  const isNews = deliveredItems + rejectedItems + artifacts.stored + artifacts.refused > 0;
  if (header === undefined || (watch === true && !isNews)) return;
  const { runId, runName } = header;
  const answer = { runId, runName, outcome, deliveredItems, rejectedItems, artifacts, journal };
  print(format, answer, `run "${runName}" (${runId}): ${inWords(answer, header.target?.metrics)}`);
}

interface Told extends Pick<Drained, 'outcome' | 'artifacts'> {
  readonly deliveredItems: number;
  readonly rejectedItems: number;
  readonly journal: string;
}

function inWords({ outcome, deliveredItems, rejectedItems, artifacts, journal }: Told, target?: string): string {
  if (outcome === 'elsewhere') return `belongs to ${target}, not sent: give its --url`;
  if (outcome === 'busy') return 'another process sends it';
  const refusedItems = rejectedItems + artifacts.refused;
  const refused = refusedItems === 0 ? '' : `, ${refusedItems} refused`;
  const stored = artifacts.stored === 0 ? '' : `, ${artifacts.stored} artifacts stored`;
  return `${deliveredItems} delivered${stored}${refused}${outcome === 'left' ? `, the rest is in ${journal}` : ''}`;
}
