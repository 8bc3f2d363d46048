import type { Attributes } from '../pipeline/telemetry.ts';

/** How far an exporter has come. */
export interface ExportTarget {
  readonly id: number;
  /** Sequence number of the first record of the ingest log that is not sent. */
  readonly position: number;
}

/** A run at a target. */
export interface ExportedRun {
  readonly runId: string;
  readonly remoteId: string;
  /** Origin of the run times that are sent, nanoseconds since the epoch; it stays, so that what is sent again is the same. */
  readonly startUnixNano: bigint;
  /** Step of the next values without one. */
  readonly nextStep: number;
  /** `modifiedUnixNano` of the run whose state was sent last. */
  readonly sentUnixNano: bigint;
}

/** What hangs on a run beside its points and events. */
export type ItemKind = 'artifact' | 'alert' | 'attached alerts' | 'grid';

/** Something of a run at a target. */
export interface ExportedItem {
  readonly kind: ItemKind;
  /** Its id or name here. */
  readonly item: string;
  /** Its id there. */
  readonly remote: string;
  /** What was sent of it; null while it is only begun. */
  readonly state: string | null;
}

/** A run of which something waits. */
export interface PendingRun {
  readonly runId: string;
  /** Another one after the next change. */
  readonly version: number;
}

/** A folder at a target, whose details wait. */
export interface PendingFolder {
  readonly path: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly metadata: Attributes;
  /** Another one after the next change. */
  readonly version: number;
}

/** Place of an array of a run. */
export interface ArrayPlace {
  readonly metric: string;
  readonly step: number;
}

/** What exporters must know after a restart; every method that writes is one durable transaction. */
export interface ExportStore {
  /**
   * @param firstSequence - where an exporter to a new address begins.
   * @param deletions - whether runs that are deleted here from now on are to be deleted there.
   */
  open(url: string, firstSequence: number, deletions: boolean): ExportTarget;
  run(target: number, runId: string): ExportedRun | undefined;
  /** What was acknowledged up to `position`, together with what became of the runs. */
  save(target: number, position: number, runs: readonly ExportedRun[]): void;
  /** Runs that changed after their state was sent, or since the target is known and were not sent at all. */
  changedRuns(target: number): string[];
  /** Runs of which artifacts, alerts or arrays wait, at most `limit`, beginning after the id `after`. */
  pendingRuns(target: number, after: string, limit: number): readonly PendingRun[];
  pendingCount(target: number): number;
  /** What waited is sent; nothing happens when more has changed since. */
  settle(target: number, run: PendingRun): void;
  /** What of a run is at the target, by the id or name it has here. */
  items(target: number, runId: string, kind: ItemKind): ReadonlyMap<string, ExportedItem>;
  /** Where an item that is sent is, with whichever run it went. */
  remoteOf(target: number, kind: ItemKind, item: string): string | undefined;
  saveItem(target: number, runId: string, item: ExportedItem): void;
  /** These arrays are stored here: every target is to get them. */
  noteArrays(runId: string, arrays: readonly ArrayPlace[]): void;
  /** Arrays that wait, at most `limit`, by metric and step. */
  waitingArrays(target: number, runId: string, limit: number): readonly ArrayPlace[];
  /** The target has this folder, and those above it: what is said of them is to be sent, now and after each change. */
  noteFolder(target: number, path: string): void;
  /** Folders whose details wait, at most `limit`. */
  pendingFolders(target: number, limit: number): readonly PendingFolder[];
  pendingFolderCount(target: number): number;
  /** The details are sent; more may have changed since. */
  settleFolder(target: number, folder: PendingFolder): void;
  /** Ids at the target of runs that are deleted here and not yet there, at most `limit`. */
  waitingDeletions(target: number, limit: number): readonly string[];
  deletionSent(target: number, remote: string): void;
  arraysSent(target: number, runId: string, arrays: readonly ArrayPlace[]): void;
}
