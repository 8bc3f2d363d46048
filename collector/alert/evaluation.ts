import type { PointBatch } from './point-batch.ts';

/** `firing` = REST `critical`, `ok` = REST `ok`; `no data` (also never evaluated) = REST null. */
export const ALERT_STATES = ['no data', 'ok', 'firing'] as const;
export type AlertState = (typeof ALERT_STATES)[number];
export type Verdict = AlertState | 'warming up';

/** Why a rule did or did not fire for one series of a run. Times are nanoseconds since the start of the run. */
export interface Evaluation {
  readonly timeNano: number;
  /** The window is (fromNano, timeNano]. */
  readonly fromNano: number;
  /** Part of the window that the run has lived; below 1 = warming up. */
  readonly share: number;
  readonly points: number;
  readonly nonFinite: number;
  /** Points that came after their last window was evaluated, since the evaluation before. */
  readonly late: number;
  /** Evaluations before this one that were left out because nothing came since the one before them. */
  readonly skipped: number;
  /** The aggregate; matches of a pattern; undefined = no data. */
  readonly value: number | undefined;
  readonly verdict: Verdict;
  readonly previous: AlertState;
  readonly state: AlertState;
  /** What matched, of a rule on events that begins to fire. */
  readonly text?: string;
}

/** What an evaluation says that looked at no window: a status, or what somebody has said. */
export const NO_WINDOW = {
  fromNano: 0,
  share: 1,
  points: 0,
  nonFinite: 0,
  late: 0,
  skipped: 0,
  value: undefined,
} as const;

/** What watches one series (or the events, or the status) of one run for one rule. */
export interface Watch {
  readonly state: AlertState;
  /** Event time at which {@link Watch.advance} has something to do; infinite = only a point or event has. */
  readonly dueNano: number;
  /** Points of the series. */
  addPoints?(points: PointBatch, emit: Emit): void;
  /** Text of an event. */
  addEvent?(timeNano: number, text: string, emit: Emit): void;
  /** The run has this status now. */
  setStatus?(timeNano: number, status: string, emit: Emit): void;
  /** Nothing before this time is waited for any more. */
  advance(toNano: number, emit: Emit): void;
  /** The run has ended at this time: nothing more comes. */
  end(endNano: number, emit: Emit): void;
  /** Everything it knows, but for its parts. */
  save(): Float64Array;
  /** Of a long window, after {@link Watch.save}: the parts that changed since {@link Watch.saved}; an empty one is not needed any more. */
  changedParts?(): ReadonlyMap<number, Float64Array>;
  /** What was given is durable. */
  saved?(): void;
}

export type Emit = (evaluation: Evaluation) => void;
