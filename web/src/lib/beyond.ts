import type { AlertView } from '../../../collector/api/contract/alert.ts';
import type { Plot } from '../../../collector/api/contract/telemetry.ts';
import { limitsOf } from './alert-words.ts';

/** A value that lies beyond the limits of a rule. */
export interface Beyond {
  readonly value: number;
  /** Seconds since the epoch. */
  readonly at: number;
}

/** Times are told by the microsecond, places on the axis are not. */
const ROUNDING_SECONDS = 2e-6;

/** The value of a window that lies farthest beyond the limits, where what was sent has it exactly; the window is (from, to]. */
export function farthestBeyond(
  plots: Plot['data'],
  { alert }: Pick<AlertView, 'alert'>,
  [from, to]: readonly [number, number],
): Beyond | undefined {
  const distance = distanceBeyond(String(alert?.['rule']), limitsOf({ alert }));
  let found: Beyond | undefined;
  let farthest = 0;
  for (const plot of plots) {
    for (const [at, value] of exactValues(plot, alert?.['rule'] === 'is inside range')) {
      const far = at > from + ROUNDING_SECONDS && at <= to + ROUNDING_SECONDS ? distance(value) : 0;
      if (far > farthest) [found, farthest] = [{ value, at }, far];
    }
  }
  return found;
}

/** How far beyond the limits a value lies; 0 or less = it does not. */
function distanceBeyond(rule: string, [a = Number.NaN, b = a]: readonly number[]): (value: number) => number {
  switch (rule) {
    case 'is above':
      return (value) => value - a;
    case 'is below':
      return (value) => a - value;
    case 'is inside range':
      return (value) => Math.min(value - a, b - value);
    default:
      return (value) => Math.max(a - value, value - b);
  }
}

/** Of buckets the extremes are exact, what lies between them is not. */
function* exactValues(plot: Plot['data'][number], isBetween: boolean): Generator<readonly [number, number]> {
  if (plot.kind === 'buckets') {
    if (isBetween) return;
    for (const [x, y] of [[plot.min_x, plot.min] as const, [plot.max_x, plot.max] as const])
      for (const [index, at] of x.entries()) if (at !== null) yield [at, y[index] ?? Number.NaN];
    return;
  }
  for (const [index, at] of plot.x.entries()) {
    const value = plot.y[index];
    if (typeof value === 'number') yield [at, value];
  }
}
