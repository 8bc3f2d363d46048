import type { RunListItem } from '../../../collector/api/contract/run.ts';
import { formatClock, formatDuration, parseTimestamp } from './time.ts';

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

/** Spans of a run at `now`; a lost run was running up to its last sign of life. */
export function tapeOf(run: Life, now: number): Tape {
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

const STEPS = [
  1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000,
];

/** Times with a label on a ruler of `width` pixels. */
export function rulerTicks(start: number, end: number, width: number, spacing = 110): { at: number; label: string }[] {
  const every = STEPS.find((seconds) => (seconds / (end - start)) * width > spacing) ?? STEPS.at(-1) ?? 1;
  const ticks: { at: number; label: string }[] = [];
  for (let at = Math.ceil(start / every) * every; at < end; at += every) {
    const label =
      every >= 86_400 ? new Date(at * 1000).toISOString().slice(5, 10) : formatClock(at).slice(0, every < 60 ? 8 : 5);
    ticks.push({ at, label });
  }
  return ticks;
}
