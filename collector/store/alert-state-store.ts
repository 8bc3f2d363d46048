import type { RunAlert } from './alert-store.ts';

/** What is kept of the evaluation of one alert over one series of a run. */
export interface SavedWatch {
  readonly alertId: string;
  /** Display name; empty for rules without series. */
  readonly series: string;
  /** The rule it belongs to: the state of another one is not taken up. */
  readonly rule: string;
  /** Newest record of the log that it has seen. */
  readonly sequence: number;
  readonly state: Float64Array;
  /** Parts of the state: all when it is read; when it is written those that changed, an empty one is removed. */
  readonly parts: ReadonlyMap<number, Float64Array>;
}

/** One evaluation of a rule: why it did or did not fire. Times are nanoseconds since the epoch; the window is (from, time]. */
export interface Evaluated {
  readonly timeUnixNano: bigint;
  readonly fromUnixNano: bigint;
  /** Part of the window that the run had lived. */
  readonly share: number;
  readonly points: number;
  readonly nonFinite: number;
  /** Points that came after their last window was evaluated. */
  readonly late: number;
  /** Evaluations left out before this one, because nothing had come. */
  readonly skipped: number;
  /** Null = no data. */
  readonly value: number | null;
  readonly verdict: 'firing' | 'ok' | 'no data' | 'warming up';
  readonly hasChanged: boolean;
}

/** An evaluation with what was evaluated. */
export interface EvaluationRow extends Evaluated {
  readonly alertId: string;
  readonly runId: string;
  readonly series: string;
}

/** A message that waits for its channel, or has gone. */
export interface OutboxRow {
  /** The same for the same change of the same alert. */
  readonly id: string;
  readonly channel: string;
  readonly runId: string;
  readonly alertId: string;
  readonly series: string;
  /** `firing`, `ok`, `no data` of an alert; the status of a run in its own messages, whose alert id is empty. */
  readonly state: string;
  readonly timeUnixNano: bigint;
  /** What the message tells, JSON. */
  readonly message: string;
}

/** What one turn of the evaluation changed; kept in one transaction. */
export interface AlertBatch {
  readonly watches: readonly (SavedWatch & {
    readonly runId: string;
    /** What was evaluated since it was saved last. */
    readonly evaluations: readonly Evaluated[];
  })[];
  /** Status of an alert in a run, as REST tells it. */
  readonly statuses: readonly {
    readonly runId: string;
    readonly alertId: string;
    readonly status: RunAlert['status'];
  }[];
  readonly outbox: readonly OutboxRow[];
  readonly aborts: readonly { readonly runId: string; readonly reason: string; readonly user: string }[];
  /** How far the runs have come, nanoseconds since their start. */
  readonly reached: ReadonlyMap<string, { readonly startUnixNano: bigint; readonly nano: number }>;
  /** The log is needed from this record on; undefined = as before. */
  readonly position: number | undefined;
  /** Runs whose {@link AlertStateStore.news} have been dealt with. */
  readonly over?: readonly string[];
}

/** What a run's evaluation begins with. */
export interface SavedRun {
  /** Alerts that are attached to it. */
  readonly alerts: readonly RunAlert[];
  readonly watches: readonly SavedWatch[];
  /** Where its ticks began; null = it was never watched. */
  readonly startUnixNano: bigint | null;
  readonly reachedNano: number;
}

/** State of the evaluation of alerts. */
export interface AlertStateStore {
  /** Where the log is read again after a restart; 0 = nothing was ever saved. */
  readonly position: number;
  /** Runs that are not over and have alerts. */
  liveRuns(): readonly string[];
  /** Runs that ended or were lost, of which not all was told and evaluated. */
  news(): readonly string[];
  isNews(runId: string): boolean;
  load(runId: string): SavedRun;
  save(batch: AlertBatch): void;
  /** Newest first, at most some hundred a series. */
  evaluations(alertId: string, runId: string): readonly EvaluationRow[];
}

/** A message and how it fared. */
export interface WaitingMessage extends OutboxRow {
  readonly attempts: number;
  readonly error: string | null;
  readonly sentUnixNano: bigint | null;
}

/** Messages about alerts and runs: kept until their channel has taken them. */
export interface OutboxStore {
  /** Those that failed least come first, then the oldest: one that always fails does not hold up the others. */
  waiting(channel: string, limit: number): readonly WaitingMessage[];
  /** How many wait, at most 10,000. */
  countWaiting(channel: string): number;
  markSent(channel: string, ids: readonly string[]): void;
  /** Counts a further attempt and keeps why it failed. */
  markFailed(channel: string, ids: readonly string[], error: string): void;
  /** Newest message of each alert and series that still fires in a live run, for channels that must be told again and again. */
  firing(channel: string, limit: number): readonly OutboxRow[];
  /** Newest first. */
  ofRun(runId: string): readonly WaitingMessage[];
  /** Forgets what is older. @returns how many of them were never taken by their channel. */
  prune(beforeUnixNano: bigint): number;
}
