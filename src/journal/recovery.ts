import type { Endpoints } from '../endpoints.ts';
import { errorText } from '../errors.ts';
import type { Reports } from '../reports.ts';
import { drainJournal } from './drain-journal.ts';
import { listJournals } from './spool.ts';

export interface RecoveryOptions {
  readonly spoolDirectory: string;
  readonly endpoints: Endpoints;
  readonly reports: Reports;
  readonly signal: AbortSignal;
}

/** Sends the journals that earlier processes left for the same address; what is written offline waits for `simvue sync`. */
export async function recoverJournals({ spoolDirectory, ...options }: RecoveryOptions): Promise<void> {
  for (const directory of listJournals(spoolDirectory)) {
    if (options.signal.aborted) return;
    try {
      const { outcome } = await drainJournal(directory, { ...options, offline: false });
      if (outcome === 'left') return;
    } catch (error) {
      options.reports.once('recovery', `What an earlier run left is not sent: ${directory}: ${errorText(error)}`);
    }
  }
}
