import { AGGREGATES, type Aggregate } from './aggregate.ts';
import type { YRange } from './chart-model.ts';
import { COLUMNS, DEFAULT_COLUMNS, isSortable } from './columns.ts';
import type { Filter } from './filters.ts';
import { parseAxis, type XAxis } from './x-axis.ts';

/** Everything of the runs page that a link keeps. */
export interface RunsState {
  readonly filters: readonly Filter[];
  /** Id of a column that the collector sorts by. */
  readonly sort: string;
  readonly descending: boolean;
  /** Ids of columns, in their order; see {@link COLUMNS}. */
  readonly columns: readonly string[];
  /** From 1. */
  readonly page: number;
  readonly rows: number;
}
/** What one answer of the collector holds. */
export const MAX_COMPARED = 100;
export const ROWS = [25, 50, 100] as const;
export const TABS = [
  'overview',
  'description',
  'metadata',
  'artifacts',
  'metrics',
  'resources',
  'events',
  'alerts',
  'timeline',
  'activity',
] as const;
export type Tab = (typeof TABS)[number];

/** Everything of a run page that a link keeps; `axis` undefined = the tab's own default. */
export interface RunState {
  readonly id: string;
  readonly tab: Tab;
  readonly axis: XAxis | undefined;
  /** True = logarithmic x axis. */
  readonly logX: boolean;
  /** Where the cursor of the plots stands at first, on the axis; undefined = off the plots. */
  readonly at: number | undefined;
  /** Names of the series in the one plot that is shown instead of all; undefined = all metrics are displayed. */
  readonly single: readonly string[] | undefined;
  /** Title of that plot; empty = made from its metrics. */
  readonly title: string;
  /** Writer of the run whose series are shown; empty = all. */
  readonly instance: string;
  /** 0 to 100. */
  readonly smooth: number;
  readonly search: string;
  /** Least level of the events shown; empty = all. */
  readonly level: string;
  /** Titles of cards whose y axis differs from what is chosen for them. */
  readonly flipped: readonly string[];
  /** Ends of the y axes that are set, by the title of the card. */
  readonly yRanges: Readonly<Record<string, YRange>>;
  /** Plots that were added or configured, each as JSON; see `PlotConfig`. */
  readonly plots: readonly string[];
  /** Id of the artifact that is shown. */
  readonly artifact: string;
  /** Id of the alert whose evaluations are shown at first; empty = of none. */
  readonly alert: string;
  /** Id of the run with which the artifact is compared; empty = it is not chosen yet, undefined = the artifact itself is shown. */
  readonly diffWith: string | undefined;
  /** Range on the axis, in its unit. */
  readonly range: readonly [number, number] | undefined;
}
export const COMPARE_VIEWS = ['plots', 'parallel', 'scatter'] as const;
export type CompareView = (typeof COMPARE_VIEWS)[number];
/** `spread`: what differs most comes first. */
export const ROW_ORDERS = ['given', 'name', 'name-desc', 'spread'] as const;
export type RowOrder = (typeof ROW_ORDERS)[number];
/** Everything of the comparison that a link keeps. */
export interface CompareState {
  /** Ids, in their order; the first is the baseline. */
  readonly runs: readonly string[];
  readonly axis: 'step' | 'time' | 'timestamp' | undefined;
  readonly search: string;
  /** True = rows that are equal are shown too. */
  readonly all: boolean;
  /** What stands beside the table. */
  readonly view: CompareView;
  /** What the table shows of a metric. */
  readonly aggregate: Aggregate;
  /** Order of the rows of the table. */
  readonly order: RowOrder;
  /** Ids of the dimensions of the parallel coordinates; empty = those that tell most. */
  readonly axes: readonly string[];
  /** Ids of the dimensions of the scatter plot; empty = chosen by what differs. */
  readonly scatter: readonly [x: string, y: string];
  /** Plots that were added or configured, each as JSON; see `PlotConfig`. */
  readonly plots: readonly string[];
}
/** Everything of a dashboard that a link keeps. */
export interface DashboardState {
  /** Path of the folder. */
  readonly folder: string;
  /** Id of the dashboard; empty = the first one. */
  readonly board: string;
}
/** Pages without a state of their own. */
const PLAIN_PAGES = ['home', 'folders', 'tags', 'alerts', 'storage', 'tokens', 'users', 'tenants'] as const;
export type PlainPage = (typeof PLAIN_PAGES)[number];
export type Route =
  | { readonly page: 'runs'; readonly state: RunsState }
  | { readonly page: 'run'; readonly state: RunState }
  | { readonly page: PlainPage }
  | { readonly page: 'compare'; readonly state: CompareState }
  | { readonly page: 'dashboard'; readonly state: DashboardState }
  | { readonly page: 'missing'; readonly path: string };

const AXES = ['step', 'time', 'timestamp'] as const;
const oneOf = <T extends string>(allowed: readonly T[], text: string | null): T | undefined =>
  allowed.find((candidate) => candidate === text);
const whole = (text: string | null, fallback: number) =>
  text !== null && /^\d{1,7}$/.test(text) ? Number(text) : fallback;
const finite = (text: string | null): number | undefined => {
  const number = Number.parseFloat(text ?? '');
  return Number.isFinite(number) ? number : undefined;
};

const isColumn = (id: string) => COLUMNS.some((column) => column.id === id) || /^(?:metadata|metric)\../s.test(id);
const same = (a: readonly string[], b: readonly string[]) => a.join('\n') === b.join('\n');

function parseRange(query: URLSearchParams): [number, number] | undefined {
  const [from, to] = [finite(query.get('from')), finite(query.get('to'))];
  return from !== undefined && to !== undefined && from < to ? [from, to] : undefined;
}

/** `low:high:title`, either end may be empty. */
function parseYRanges(query: URLSearchParams): Record<string, YRange> {
  const ranges: Record<string, YRange> = Object.create(null) as Record<string, YRange>;
  for (const text of query.getAll('y')) {
    const [, from = '', to = '', title] = /^([^:]*):([^:]*):([\s\S]+)$/.exec(text) ?? [];
    const [low, high] = [from, to].map((end) => (end !== '' && Number.isFinite(Number(end)) ? Number(end) : undefined));
    if (title !== undefined && (low !== undefined || high !== undefined)) ranges[title] = { low, high };
  }
  return ranges;
}

/** The page that an address names; what is not understood in the query falls back to its default. A tab of a run may also be the end of the path. */
export function parseRoute(pathname: string, search: string): Route {
  const query = new URLSearchParams(search);
  if (pathname === '/' || pathname === '/runs' || pathname === '/runs/') {
    const sort = query.get('sort') ?? '';
    const columns = query.getAll('col').filter(isColumn);
    const state: RunsState = {
      filters: query.getAll('filter'),
      sort: isSortable(sort) ? sort : 'created',
      descending: query.has('order') ? query.get('order') === 'desc' : !isSortable(sort) || sort === 'created',
      columns: columns.length ? [...new Set(columns)] : DEFAULT_COLUMNS,
      page: Math.max(1, whole(query.get('page'), 1)),
      rows: ROWS.find((rows) => rows === whole(query.get('rows'), 50)) ?? 50,
    };
    return { page: 'runs', state };
  }
  const plain = oneOf(PLAIN_PAGES, pathname.replace(/^\/|\/$/g, ''));
  if (plain) return { page: plain };
  if (/^\/dashboard\/?$/.test(pathname)) {
    return { page: 'dashboard', state: { folder: query.get('folder') || '/', board: query.get('board') ?? '' } };
  }
  if (/^\/compare\/?$/.test(pathname)) return { page: 'compare', state: parseCompare(query) };
  const [, id, named] = /^\/runs\/([^/]+)(?:\/([^/]*))?\/?$/.exec(pathname) ?? [];
  if (id === undefined) return { page: 'missing', path: pathname };
  const state: RunState = {
    id: decodeURIComponent(id),
    tab: oneOf(TABS, named || query.get('tab')) ?? 'overview',
    axis: parseAxis(query.get('x')),
    logX: query.has('logx'),
    at: finite(query.get('at')),
    single: query.has('single') ? query.getAll('metric') : undefined,
    title: query.get('title') ?? '',
    instance: query.get('process') ?? '',
    smooth: Math.min(100, whole(query.get('smooth'), 0)),
    search: query.get('q') ?? '',
    level: query.get('level') ?? '',
    flipped: query.getAll('flip'),
    yRanges: parseYRanges(query),
    plots: query.getAll('plot'),
    artifact: query.get('artifact') ?? '',
    alert: query.get('alert') ?? '',
    diffWith: query.get('with') ?? undefined,
    range: parseRange(query),
  };
  return { page: 'run', state };
}

function parseCompare(query: URLSearchParams): CompareState {
  return {
    runs: [...new Set(query.getAll('run'))].slice(0, MAX_COMPARED),
    axis: oneOf(AXES, query.get('x')),
    search: query.get('q') ?? '',
    all: query.has('all'),
    view: oneOf(COMPARE_VIEWS, query.get('view')) ?? 'plots',
    aggregate: oneOf(AGGREGATES, query.get('of')) ?? 'last',
    order: oneOf(ROW_ORDERS, query.get('rows')) ?? 'given',
    axes: query.getAll('axis'),
    scatter: [query.get('sx') ?? '', query.get('sy') ?? ''],
    plots: query.getAll('plot'),
  };
}

/** Address of a dashboard of a folder. */
export function dashboardHref({ folder, board }: { readonly folder: string; readonly board?: string }): string {
  return `/dashboard?${new URLSearchParams({ folder, ...(board ? { board } : {}) })}`;
}

/** Address of the comparison; defaults are left out. */
export function compareHref(state: Partial<CompareState>): string {
  const query = new URLSearchParams((state.runs ?? []).map((id): [string, string] => ['run', id]));
  if (state.axis) query.set('x', state.axis);
  if (state.search) query.set('q', state.search);
  if (state.all) query.set('all', '');
  if (state.view && state.view !== 'plots') query.set('view', state.view);
  if (state.aggregate && state.aggregate !== 'last') query.set('of', state.aggregate);
  if (state.order && state.order !== 'given') query.set('rows', state.order);
  for (const axis of state.axes ?? []) query.append('axis', axis);
  if (state.scatter?.[0]) query.set('sx', state.scatter[0]);
  if (state.scatter?.[1]) query.set('sy', state.scatter[1]);
  for (const plot of state.plots ?? []) query.append('plot', plot);
  return query.size ? `/compare?${query}` : '/compare';
}

/** Address of the runs page; defaults are left out. */
export function runsHref(state: Partial<RunsState>): string {
  const query = new URLSearchParams();
  for (const filter of state.filters ?? []) query.append('filter', filter);
  const sort = state.sort ?? 'created';
  if (sort !== 'created') query.set('sort', sort);
  const descending = state.descending ?? sort === 'created';
  if (descending !== (sort === 'created')) query.set('order', descending ? 'desc' : 'asc');
  if (state.columns && !same(state.columns, DEFAULT_COLUMNS)) for (const id of state.columns) query.append('col', id);
  if (state.rows !== undefined && state.rows !== 50) query.set('rows', String(state.rows));
  if (state.page !== undefined && state.page > 1) query.set('page', String(state.page));
  return query.size ? `/runs?${query}` : '/runs';
}

/** Address of a run page; defaults are left out. */
export function runHref(state: Partial<RunState> & { readonly id: string }): string {
  const query = new URLSearchParams();
  if (state.tab && state.tab !== 'overview') query.set('tab', state.tab);
  if (state.axis) query.set('x', state.axis);
  if (state.logX) query.set('logx', '');
  if (state.at !== undefined) query.set('at', String(state.at));
  if (state.single) {
    query.set('single', '');
    for (const name of state.single) query.append('metric', name);
  }
  if (state.title) query.set('title', state.title);
  if (state.instance) query.set('process', state.instance);
  if (state.smooth) query.set('smooth', String(state.smooth));
  if (state.search) query.set('q', state.search);
  if (state.level) query.set('level', state.level);
  for (const title of state.flipped ?? []) query.append('flip', title);
  for (const [title, { low, high }] of Object.entries(state.yRanges ?? {}))
    query.append('y', `${low ?? ''}:${high ?? ''}:${title}`);
  for (const plot of state.plots ?? []) query.append('plot', plot);
  if (state.artifact) query.set('artifact', state.artifact);
  if (state.alert) query.set('alert', state.alert);
  if (state.diffWith !== undefined) query.set('with', state.diffWith);
  if (state.range) {
    query.set('from', String(state.range[0]));
    query.set('to', String(state.range[1]));
  }
  const path = `/runs/${encodeURIComponent(state.id)}`;
  return query.size ? `${path}?${query}` : path;
}
