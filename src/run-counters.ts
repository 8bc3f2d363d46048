import type { TelemetrySink } from './telemetry-sink.ts';

/** What became of the data of a run, in data points and events unless said otherwise. */
export interface RunCounters {
  readonly delivered: number;
  /** Not taken because the memory for unsent data was full. */
  readonly dropped: number;
  /** Refused by the server. */
  readonly rejected: number;
  /** Values and calls that were wrong and were left out. */
  readonly invalid: number;
  readonly pendingPoints: number;
  readonly pendingEvents: number;
}

/** Counters of a run that has a way out, or not yet. */
export function countersOf(sink: TelemetrySink | undefined, invalid: number): RunCounters {
  return {
    delivered: sink?.counters.deliveredItems ?? 0,
    dropped: sink?.counters.droppedItems ?? 0,
    rejected: sink?.counters.rejectedItems ?? 0,
    invalid,
    pendingPoints: sink?.pendingPoints ?? 0,
    pendingEvents: sink?.pendingRecords ?? 0,
  };
}
