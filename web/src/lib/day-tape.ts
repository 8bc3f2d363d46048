import type { RunListItem } from '../../../collector/api/contract/run.ts';
import { tapeOf } from './tape.ts';

export const DAY_SECONDS = 86_400;
/** A short run is drawn as wide as this, and may not touch the next one. */
const LEAST_SECONDS = 300;
const MAX_LANES = 8;

/** A run on the tape that all runs of a day share; seconds since the epoch. */
export interface DayBar<R> {
  readonly run: R;
  readonly lane: number;
  readonly from: number;
  readonly to: number;
  /** Where it was lost; `to` when it was not. */
  readonly lostFrom: number;
}

/**
 * Runs of the last 24 hours in lanes, in which no two touch.
 *
 * @returns the bars, the earliest first, and how many runs found no room.
 */
export function dayTape<R extends RunListItem>(
  runs: readonly R[],
  now: number,
): { readonly bars: readonly DayBar<R>[]; readonly lanes: number; readonly hidden: number } {
  const begin = now - DAY_SECONDS;
  const spans = [...new Map(runs.map((run) => [run.id, run])).values()]
    .filter((run) => run.status !== 'created')
    .map((run) => ({ run, tape: tapeOf(run, now) }))
    .filter(({ tape }) => tape.end > begin)
    .sort((a, b) => a.tape.start - b.tape.start || (a.run.id < b.run.id ? -1 : 1));
  const ends: number[] = [];
  const bars: DayBar<R>[] = [];
  let hidden = 0;
  for (const { run, tape } of spans) {
    const from = Math.max(begin, tape.start);
    const free = ends.findIndex((end) => end < from);
    const lane = free < 0 ? ends.length : free;
    if (lane >= MAX_LANES) hidden++;
    else {
      const to = Math.min(now, tape.end);
      const lost = tape.spans.find(({ kind }) => kind === 'lost');
      ends[lane] = Math.max(to, from + LEAST_SECONDS) + LEAST_SECONDS;
      bars.push({ run, lane, from, to, lostFrom: Math.max(from, lost?.from ?? to) });
    }
  }
  return { bars, lanes: ends.length, hidden };
}
