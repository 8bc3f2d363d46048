import type { ActivityView } from '../../../collector/api/contract/activity.ts';
import type { SeriesView } from '../../../collector/api/contract/telemetry.ts';
import { parseTimestamp } from './time.ts';
import type { OwnAxis } from './x-axis.ts';

/** Another attempt of a run: its number, and when it began, seconds since the epoch. */
export interface Attempt {
  readonly number: number;
  readonly at: number;
}

/** Where an attempt begins on an axis. */
export interface AttemptMark {
  readonly x: number;
  readonly label: string;
}

/** Attempts that the activity of a run tells of, the first one left out; the oldest first. */
export function attemptsOf(changes: readonly Pick<ActivityView, 'timestamp' | 'after'>[]): Attempt[] {
  const attempts = changes.map(({ timestamp, after }) => ({ number: Number(after), at: parseTimestamp(timestamp) }));
  return attempts.filter(({ number }) => number > 1).sort((a, b) => a.at - b.at);
}

/**
 * Attempts on an axis. A step says nothing of time: an attempt begins where the first series that its process writes does,
 * and has no place on the axis of steps without one.
 *
 * @param firstOn - least position of a series on the axis.
 */
export async function placeAttempts(
  attempts: readonly Attempt[],
  { axis, started }: { readonly axis: OwnAxis; readonly started: number },
  series: readonly Pick<SeriesView, 'id' | 'first_timestamp'>[],
  firstOn: (seriesId: number) => Promise<number | undefined>,
): Promise<AttemptMark[]> {
  const begun = series
    .map(({ id, first_timestamp }) => ({ id, at: parseTimestamp(first_timestamp) }))
    .sort((a, b) => a.at - b.at);
  const marks = await Promise.all(
    attempts.map(async ({ number, at }, index) => {
      if (axis !== 'step') return { number, x: axis === 'timestamp' ? at : at - started };
      const end = attempts[index + 1]?.at ?? Number.POSITIVE_INFINITY;
      const first = begun.find((candidate) => candidate.at >= at && candidate.at < end);
      return { number, x: first && (await firstOn(first.id)) };
    }),
  );
  return marks.flatMap(({ number, x }) => (x === undefined ? [] : [{ x, label: `attempt ${number}` }]));
}
