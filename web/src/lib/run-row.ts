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

const TAGS_WIDTH = 29;
const TAG_PADDING = 5;
/** Of the number of those that do not fit. */
const MORE_WIDTH = 4;

/** How many tags fit beside each other: one at the least. @param width - in characters; default: that of a cell of the table. */
export function fittingTags(tags: readonly string[], width = TAGS_WIDTH): number {
  let used = 0;
  for (const [index, tag] of tags.entries()) {
    used += tag.length + TAG_PADDING;
    const isLast = index === tags.length - 1;
    if (used + (isLast ? 0 : MORE_WIDTH) > width) return Math.max(1, index);
  }
  return tags.length;
}
