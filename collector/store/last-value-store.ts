import type { EventCount } from './telemetry-store.ts';

/** A number of each run by which lists are ordered or filtered: the last value of a metric, or how many events there are. */
export type RunNumber = `metrics.${string}` | `events.${EventCount}`;

/** That number of a run; undefined = it has none. */
export interface LastValue {
  readonly runId: string;
  readonly value: number | undefined;
}

/** Some numbers of the runs, beside their rows so that lists are read by them; in memory only, brought by who knows the points and events. */
export interface LastValueStore {
  /** Ids of runs in their order, those after one: the way through all of them. */
  runsAfter(runId: string, count: number): readonly string[];
  put(number: RunNumber, values: readonly LastValue[]): void;
  /** Memory of the values of all numbers. */
  readonly sizeBytes: number;
  /** Forgets a part of the values of a number. @returns true when there are more. */
  forget(number: RunNumber): boolean;
}
