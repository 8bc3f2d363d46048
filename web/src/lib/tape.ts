import type { ActivityView } from '../../../collector/api/contract/activity.ts';
import type { RunListItem } from '../../../collector/api/contract/run.ts';
import { attemptsOf } from './attempts.ts';
import { clockMultiples } from './ticks.ts';
import { formatClock, formatDuration, parseTimestamp, wallTime } from './time.ts';

type Life = Pick<RunListItem, 'status' | 'created' | 'started' | 'endtime' | 'last_sign' | 'attempt'>;

/** A run's life: seconds since the epoch. */
export interface Tape {
  readonly start: number;
  readonly end: number;
  readonly live: boolean;
  readonly spans: readonly {
    readonly from: number;
    readonly to: number;
    readonly kind: string;
    readonly label: string;
  }[];
}

type Change = Pick<ActivityView, 'field' | 'timestamp' | 'after'>;

/**
 * Spans of a run at `now`; a lost run was running up to its last sign of life.
 *
 * @param changes - of its status and attempt, in any order: with them the tape keeps when it was lost before, and where attempts began.
 */
export function tapeOf(run: Life, now: number, changes: readonly Change[] = []): Tape {
  const life = lifeOf(run, now);
  return { ...life, spans: life.spans.flatMap((span) => (span.kind === 'lost' ? [span] : cut(span, changes))) };
}

/** Parts of a span, at attempts and around the times in which the run was lost. */
function cut(span: Tape['spans'][number], changes: readonly Change[]): Tape['spans'] {
  const attempts = attemptsOf(changes.filter(({ field }) => field === 'attempt'));
  const lost = lostSpans(changes);
  const edges = [...attempts.map(({ at }) => at), ...lost.flat()].filter((at) => at > span.from && at < span.to);
  const ends = [...new Set([...edges, span.to])].sort((a, b) => a - b);
  return ends.map((to, index) => {
    const from = ends[index - 1] ?? span.from;
    if (lost.some(([since, until]) => since <= from && to <= until))
      return { from, to, kind: 'lost', label: `lost ${formatDuration(to - from)}` };
    const attempt =
      attempts.find(({ at }) => at === from)?.number ?? (index === 0 && attempts.length > 0 ? 1 : undefined);
    return { from, to, kind: span.kind, label: attempt ? `attempt ${attempt}` : index === 0 ? span.label : '' };
  });
}

/** From when to when it was lost, seconds since the epoch; not the time it is lost now. */
function lostSpans(changes: readonly Change[]): [from: number, to: number][] {
  const statuses = changes
    .filter(({ field }) => field === 'status')
    .map(({ timestamp, after }) => ({ at: parseTimestamp(timestamp), isLost: after === '"lost"' }))
    .sort((a, b) => a.at - b.at);
  return statuses.flatMap(({ at, isLost }, index): [number, number][] => {
    const next = statuses[index + 1];
    return isLost && next ? [[at, next.at]] : [];
  });
}

function lifeOf(run: Life, now: number): Tape {
  const start = parseTimestamp(run.started) ?? parseTimestamp(run.created);
  const live = run.status === 'running';
  const lastSign = Math.max(start, parseTimestamp(run.last_sign) ?? start);
  const ended = parseTimestamp(run.endtime);
  const attempt = run.attempt > 1 ? `attempt ${run.attempt}` : '';
  if (run.status === 'created') return { start, end: Math.max(now, start + 1), live: false, spans: [] };
  if (run.status === 'lost') {
    const end = Math.max(now, lastSign + 1);
    return {
      start,
      end,
      live: false,
      spans: [
        { from: start, to: lastSign, kind: 'running', label: attempt },
        { from: lastSign, to: end, kind: 'lost', label: `lost ${formatDuration(end - lastSign)}` },
      ],
    };
  }
  const end = Math.max(live ? now : (ended ?? lastSign), start + 1);
  return { start, end, live, spans: [{ from: start, to: end, kind: run.status, label: attempt }] };
}

const DAY = 86_400;
const STEPS = [
  1,
  2,
  5,
  10,
  30,
  60,
  120,
  300,
  600,
  900,
  1800,
  3600,
  7200,
  10_800,
  21_600,
  43_200,
  DAY,
  604_800,
  2_592_000,
];

/** Times with a label on a ruler of `width` pixels. */
export function rulerTicks(start: number, end: number, width: number, spacing = 110): { at: number; label: string }[] {
  const every = STEPS.find((seconds) => (seconds / (end - start)) * width > spacing) ?? STEPS.at(-1) ?? 1;
  return clockMultiples([start, end], every)
    .filter((at) => at < end)
    .map((at) => ({
      at,
      label: every >= DAY ? wallTime(at).slice(5, 10) : formatClock(at).slice(0, every < 60 ? 8 : 5),
    }));
}
