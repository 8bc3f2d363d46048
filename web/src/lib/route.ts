import { FILTER_KEYS, type Filter, type FilterKey } from './filters.ts';

/** Everything of the runs page that a link keeps. */
export interface RunsState {
  readonly filters: readonly Filter[];
  readonly sort: 'created' | 'name' | 'status';
  readonly descending: boolean;
  /** From 1. */
  readonly page: number;
  readonly rows: number;
}
export const ROWS = [25, 50, 100] as const;
export const TABS = ['overview', 'metrics', 'resources', 'events', 'alerts', 'artifacts', 'metadata'] as const;
export type Tab = (typeof TABS)[number];

/** Everything of a run page that a link keeps; `axis` undefined = the tab's own default. */
export interface RunState {
  readonly id: string;
  readonly tab: Tab;
  readonly axis: 'step' | 'time' | 'timestamp' | undefined;
  /** 0 to 100. */
  readonly smooth: number;
  readonly search: string;
  /** Least level of the events shown; empty = all. */
  readonly level: string;
  /** Titles of cards whose y axis differs from what is chosen for them. */
  readonly flipped: readonly string[];
  /** Id of the artifact that is shown. */
  readonly artifact: string;
  /** Range on the axis, in its unit. */
  readonly range: readonly [number, number] | undefined;
}
export type Route =
  | { readonly page: 'runs'; readonly state: RunsState }
  | { readonly page: 'run'; readonly state: RunState }
  | { readonly page: 'missing'; readonly path: string };

const SORTS = ['created', 'name', 'status'] as const;
const AXES = ['step', 'time', 'timestamp'] as const;
const oneOf = <T extends string>(allowed: readonly T[], text: string | null): T | undefined =>
  allowed.find((candidate) => candidate === text);
const whole = (text: string | null, fallback: number) =>
  text !== null && /^\d{1,7}$/.test(text) ? Number(text) : fallback;

function parseFilters(query: URLSearchParams): Filter[] {
  return FILTER_KEYS.flatMap((key: FilterKey) => query.getAll(key).map((value) => ({ key, value })));
}

function parseRange(query: URLSearchParams): [number, number] | undefined {
  const from = Number.parseFloat(query.get('from') ?? '');
  const to = Number.parseFloat(query.get('to') ?? '');
  return Number.isFinite(from) && Number.isFinite(to) && from < to ? [from, to] : undefined;
}

/** The page that an address names; what is not understood in the query falls back to its default. */
export function parseRoute(pathname: string, search: string): Route {
  const query = new URLSearchParams(search);
  if (pathname === '/' || pathname === '/runs' || pathname === '/runs/') {
    const sort = oneOf(SORTS, query.get('sort')) ?? 'created';
    const state: RunsState = {
      filters: parseFilters(query),
      sort,
      descending: query.has('order') ? query.get('order') === 'desc' : sort === 'created',
      page: Math.max(1, whole(query.get('page'), 1)),
      rows: ROWS.find((rows) => rows === whole(query.get('rows'), 50)) ?? 50,
    };
    return { page: 'runs', state };
  }
  const id = /^\/runs\/([^/]+)\/?$/.exec(pathname)?.[1];
  if (id === undefined) return { page: 'missing', path: pathname };
  const state: RunState = {
    id: decodeURIComponent(id),
    tab: oneOf(TABS, query.get('tab')) ?? 'overview',
    axis: oneOf(AXES, query.get('x')),
    smooth: Math.min(100, whole(query.get('smooth'), 0)),
    search: query.get('q') ?? '',
    level: query.get('level') ?? '',
    flipped: query.getAll('flip'),
    artifact: query.get('artifact') ?? '',
    range: parseRange(query),
  };
  return { page: 'run', state };
}

/** Address of the runs page; defaults are left out. */
export function runsHref(state: Partial<RunsState>): string {
  const query = new URLSearchParams();
  for (const { key, value } of state.filters ?? []) query.append(key, value);
  const sort = state.sort ?? 'created';
  if (sort !== 'created') query.set('sort', sort);
  const descending = state.descending ?? sort === 'created';
  if (descending !== (sort === 'created')) query.set('order', descending ? 'desc' : 'asc');
  if (state.rows !== undefined && state.rows !== 50) query.set('rows', String(state.rows));
  if (state.page !== undefined && state.page > 1) query.set('page', String(state.page));
  return query.size ? `/runs?${query}` : '/runs';
}

/** Address of a run page; defaults are left out. */
export function runHref(state: Partial<RunState> & { readonly id: string }): string {
  const query = new URLSearchParams();
  if (state.tab && state.tab !== 'overview') query.set('tab', state.tab);
  if (state.axis) query.set('x', state.axis);
  if (state.smooth) query.set('smooth', String(state.smooth));
  if (state.search) query.set('q', state.search);
  if (state.level) query.set('level', state.level);
  for (const title of state.flipped ?? []) query.append('flip', title);
  if (state.artifact) query.set('artifact', state.artifact);
  if (state.range) {
    query.set('from', String(state.range[0]));
    query.set('to', String(state.range[1]));
  }
  const path = `/runs/${encodeURIComponent(state.id)}`;
  return query.size ? `${path}?${query}` : path;
}
