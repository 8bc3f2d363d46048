import type { RunState, Tab } from './route.ts';

/** Part of a run's life, seconds since the epoch. */
export type TimeWindow = readonly [from: number, to: number];

/** Tabs that show a part of the run's life when one is chosen on the tape. */
export const WINDOWED: readonly Tab[] = ['metrics', 'resources', 'events', 'alerts'];

/** The part of its life that a page of a run shows: a range on an axis of time; undefined = all of it, or a range of something else. */
export function windowOf(
  { axis, range }: Pick<RunState, 'axis' | 'range'>,
  started: number | null,
): TimeWindow | undefined {
  if (range === undefined) return undefined;
  if (axis === 'timestamp') return range;
  return axis === 'time' && started !== null ? [range[0] + started, range[1] + started] : undefined;
}

/** How the address of a run page keeps a part of its life. */
export const windowState = (part: TimeWindow | undefined): Pick<RunState, 'axis' | 'range'> | { range: undefined } =>
  part === undefined ? { range: undefined } : { axis: 'timestamp', range: part };
