import type { RunListItem, RunView } from '../../../collector/api/contract/run.ts';
import { formatCount, formatNumber, formatTick } from './numbers.ts';
import { RESOURCE_PREFIX } from './series.ts';
import { formatClock, formatDate, formatDuration, formatMoment, formatStamp, parseTimestamp } from './time.ts';
import { shownZone } from './zone.ts';

type Going = Pick<RunListItem, 'progress'>;

/** The highest step that a program logged, -1 = none: what is sampled of its machine has steps of its own. */
export const highestStep = (metrics: RunView['metrics']): number =>
  Object.entries(metrics).reduce(
    (highest, [name, { step }]) => (name.startsWith(RESOURCE_PREFIX) ? highest : Math.max(highest, step ?? -1)),
    -1,
  );

/** Share of the steps that are made, in whole percent: 100 only when all of them are. */
export const formatShare = (step: number, total: number): string =>
  `${formatCount(Math.floor((100 * step) / total))} %`;

/** A total in little room: `30k`. */
export const formatTotal = (total: number): string =>
  total >= 1e4 && total % 1000 === 0 ? formatTick(total) : formatCount(total);

const UNITS = [
  [1, 's'],
  [60, 'min'],
  [3600, 'h'],
] as const;
const DAY = [86_400, 'd'] as const;

/** `1.42 steps/s`, in the first unit of time in which there is a whole step. */
export function formatRate(stepsPerSecond: number): string {
  const [seconds, unit] = UNITS.find(([size]) => stepsPerSecond * size >= 1) ?? DAY;
  const steps = Number((stepsPerSecond * seconds).toPrecision(3));
  return `${formatNumber(steps)} step${steps === 1 ? '' : 's'}/${unit}`;
}

/** When a run is expected to end, in words. */
export interface ExpectedEnd {
  /** Undefined = it is not known. */
  readonly time: string | undefined;
  /** The rate, or why there is no time. */
  readonly note: string;
  /** Over what it was measured; empty = nothing was. */
  readonly title: string;
}

/** @param now - seconds since the epoch. */
export function expectedEnd({ progress }: Going, total: number, now: number): ExpectedEnd {
  const unknown = (note: string, title = '') => ({ time: undefined, note, title });
  if (!progress) return unknown('no step yet');
  const { step, steps_per_second: rate, from_step: fromStep, expected_end: ends } = progress;
  if (step >= total) return unknown('all steps are made');
  if (rate === null) return unknown('needs two steps');
  const [from, to, end] = [parseTimestamp(progress.from), parseTimestamp(progress.to), parseTimestamp(ends)];
  const span = `step ${formatCount(fromStep)} at ${formatStamp(from, true)} to step ${formatCount(step)} at ${formatClock(to)}`;
  const measured = `${formatRate(rate)} is the mean of ${formatDuration(to - from)}, from ${span}, ${shownZone().word}`;
  if (end === null) return unknown(`at ${formatRate(rate)}`, measured);
  if (end < now) return unknown(`no step since ${formatClock(to).slice(0, 5)}`, measured);
  return {
    time: endTime(end, now),
    note: `at ${formatRate(rate)}`,
    title: `${formatMoment(end)}: ${measured}`,
  };
}

/** `16:54`; of another day `24 Nov, 16:54`, of another year its date. */
function endTime(end: number, now: number): string {
  const [date, today] = [formatDate(end), formatDate(now)];
  if (date === today) return formatClock(end).slice(0, 5);
  const isThisYear = date.slice(-4) === today.slice(-4);
  return isThisYear ? `${date.slice(0, -5)}, ${formatClock(end).slice(0, 5)}` : date;
}
