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

/** What exporters must know after a restart; every method that writes is one durable transaction. */
export interface ExportStore {
  /** @param firstSequence - where an exporter to a new address begins. */
  open(url: string, firstSequence: number): ExportTarget;
  run(target: number, runId: string): ExportedRun | undefined;
  /** What was acknowledged up to `position`, together with what became of the runs. */
  save(target: number, position: number, runs: readonly ExportedRun[]): void;
  /** Runs that changed after their state was sent, or since the target is known and were not sent at all. */
  changedRuns(target: number): string[];
}
