import type { ActivityField } from '../pipeline/run-activity.ts';

/** Entries of a run that are kept; older ones are forgotten. */
export const MAX_ACTIVITY = 1_000;

/** One thing of a run that became different. */
export interface ActivityRow {
  /** From 1, in the order in which the catalogue learnt of the changes. */
  readonly number: number;
  /** Event time of the change, nanoseconds since the epoch. */
  readonly timeUnixNano: bigint;
  readonly field: ActivityField;
  /** The tag, the path in the metadata with dots, or the name of the alert; else empty. */
  readonly key: string;
  /** JSON text, cut off when it is long; null = it was not there. */
  readonly before: string | null;
  readonly after: string | null;
  /** Who changed it by REST or on the page; empty = the program of the run. */
  readonly author: string;
  /** Writer of the run that sent it; empty = it came by REST, or the collector found it. */
  readonly instance: string;
}

/** History of runs: what of them became different, the newest {@link MAX_ACTIVITY} entries of each. */
export interface ActivityStore {
  /** The newest first. @returns how many are kept, and how many were forgotten. */
  ofRun(
    runId: string,
    page: { readonly field?: ActivityField | undefined; readonly start: number; readonly count: number },
  ): Promise<{ readonly count: number; readonly forgotten: number; readonly rows: readonly ActivityRow[] }>;
  /** Event time from which a running run last went on: it was started again, or found lost; undefined = it runs since its start. */
  wentOnAt(runId: string): bigint | undefined;
}
