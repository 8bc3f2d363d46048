import type { RunListItem } from '../../../collector/api/contract/run.ts';
import { formatAge, formatDuration, parseTimestamp } from './time.ts';

/** How long a run took or has been running, in words; a dash before its start. */
export function durationOf(
  run: Pick<RunListItem, 'status' | 'started' | 'endtime' | 'last_sign'>,
  now: number,
): string {
  const started = parseTimestamp(run.started);
  if (started === null) return '–';
  const end = run.status === 'running' ? now : (parseTimestamp(run.endtime) ?? parseTimestamp(run.last_sign));
  return end === null ? '–' : formatDuration(end - started);
}

/** Age of a moment of a run in words, or a dash. */
export function ageOf(timestamp: string | null, now: number): string {
  const seconds = parseTimestamp(timestamp);
  return seconds === null ? '–' : formatAge(now - seconds);
}
