import type { EvaluationsView } from '../../../collector/api/contract/alert.ts';
import type { ArtifactView } from '../../../collector/api/contract/artifact.ts';
import type { ComparedRun } from '../../../collector/api/contract/comparison.ts';
import type { RunList, RunView } from '../../../collector/api/contract/run.ts';
import type { StalledRun } from '../../../collector/api/contract/stalled.ts';
import type {
  EventHistogram,
  EventList,
  MetricSummaries,
  Plot,
  Plots,
  SeriesList,
} from '../../../collector/api/contract/telemetry.ts';
import type { MetricCells } from './columns.ts';
import { lineKey } from './line-key.ts';
import { request } from './request.ts';
import type { RunsState } from './route.ts';
import type { OwnAxis } from './x-axis.ts';

const get = <T>(path: string, query: URLSearchParams, signal: AbortSignal): Promise<T> =>
  request(path, { query, signal });

const run = (id: string, rest = '') => `/api/runs/${encodeURIComponent(id)}${rest}`;

/** One page of the runs list. */
export function fetchRuns(state: RunsState, signal: AbortSignal): Promise<RunList> {
  const query = new URLSearchParams({
    count: String(state.rows),
    start: String((state.page - 1) * state.rows),
    sorting: JSON.stringify([{ id: state.sort, desc: state.descending }]),
    return_metrics: 'False',
  });
  if (state.filters.length) query.set('filters', JSON.stringify(state.filters));
  return get('/api/runs', query, signal);
}

/** The newest runs that fit all filters. @param progress - true = with how far they are. */
export function fetchMatching(
  filters: readonly string[],
  count: number,
  signal: AbortSignal,
  progress = false,
): Promise<RunList> {
  const query = new URLSearchParams({ count: String(count), sorting: JSON.stringify([{ id: 'created', desc: true }]) });
  query.set('return_metrics', 'False');
  if (progress) query.set('return_progress', 'True');
  if (filters.length) query.set('filters', JSON.stringify(filters));
  return get('/api/runs', query, signal);
}

/** Running runs whose metrics stand still, the longest silent first. */
export const fetchStalled = (signal: AbortSignal): Promise<{ readonly data: readonly StalledRun[] }> =>
  get('/api/stalled-runs', new URLSearchParams(), signal);

/** One run, with its metric summaries. */
export const fetchRun = (id: string, signal: AbortSignal): Promise<RunView> =>
  get(run(id), new URLSearchParams(), signal);

/** All series of a run. */
export const fetchSeries = (id: string, signal: AbortSignal): Promise<SeriesList> =>
  get(run(id, '/series'), new URLSearchParams(), signal);

export interface PlotView {
  readonly axis: OwnAxis;
  readonly maxPoints: number;
  readonly range?: readonly [number, number] | undefined;
}

function plotQuery({ axis, maxPoints, range }: PlotView): Record<string, string> {
  const ends = range ? { from: String(range[0]), to: String(range[1]) } : {};
  return { xaxis: axis, max_points: String(maxPoints), ...ends };
}

/** Points or buckets of some series of a run. */
export function fetchPlot(
  id: string,
  { seriesIds, ...view }: PlotView & { readonly seriesIds: readonly number[] },
  signal: AbortSignal,
): Promise<Plot> {
  const query = new URLSearchParams(plotQuery(view));
  for (const series of seriesIds) query.append('series', String(series));
  return get(run(id, '/plot'), query, signal);
}

const PLOTTED_RUNS = 100;
const PLOTTED_SERIES = 200;

/** The same of lines of one or several runs, by their keys: one request as a rule, which holds 200 series of 100 runs. */
export async function fetchLines(
  lines: readonly { readonly runId: string; readonly seriesId: number }[],
  view: PlotView,
  signal: AbortSignal,
): Promise<Map<string, Plot['data'][number]>> {
  const groups: Map<string, number[]>[] = [];
  let count = 0;
  for (const { runId, seriesId } of lines) {
    let group = groups.at(-1);
    if (!group || count === PLOTTED_SERIES || (group.size === PLOTTED_RUNS && !group.has(runId))) {
      group = new Map();
      groups.push(group);
      count = 0;
    }
    group.set(runId, [...(group.get(runId) ?? []), seriesId]);
    count += 1;
  }
  const found = new Map<string, Plot['data'][number]>();
  for (const group of groups) {
    const series = JSON.stringify(Object.fromEntries(group));
    const { data } = await get<Plots>('/api/plots', new URLSearchParams({ ...plotQuery(view), series }), signal);
    for (const [runId, plots] of Object.entries(data))
      for (const plot of plots) found.set(lineKey({ runId, series: { id: plot.series } }), plot);
  }
  return found;
}

/** The newest events of a run. */
export function fetchEvents(
  id: string,
  { count, contains, level, from, to }: { count: number; contains: string; level: string; from?: string; to?: string },
  signal: AbortSignal,
): Promise<EventList> {
  const query = new URLSearchParams({ start: '0', count: String(count), order: 'desc' });
  if (contains) query.set('contains', contains);
  if (level) query.set('level', level);
  if (from) query.set('from', from);
  if (to) query.set('to', to);
  return get(run(id, '/events'), query, signal);
}

/** Counts of a run's events over its life. */
export const fetchHistogram = (id: string, bins: number, signal: AbortSignal): Promise<EventHistogram> =>
  get(run(id, '/events/histogram'), new URLSearchParams({ bins: String(bins) }), signal);

/** All artifacts of a run. */
export const fetchArtifacts = (id: string, signal: AbortSignal): Promise<ArtifactView[]> =>
  get(run(id, '/artifacts'), new URLSearchParams(), signal);

/** Names of the metrics that any of these runs has. */
export const fetchMetricNames = (runs: readonly string[], signal?: AbortSignal): Promise<string[]> =>
  request('/api/metrics/names', {
    query: new URLSearchParams({ runs: JSON.stringify(runs) }),
    ...(signal ? { signal } : {}),
  });

const CELL_METRICS = 20;

/** Summaries of metrics of a page of runs, with sparklines of so many values. */
export async function fetchMetricCells(
  { runs, metrics, values }: { runs: readonly string[]; metrics: readonly string[]; values: number },
  signal: AbortSignal,
): Promise<MetricCells> {
  const cells: MetricCells = {};
  for (let first = 0; first < metrics.length; first += CELL_METRICS) {
    const query = new URLSearchParams({ runs: JSON.stringify(runs), max_points: String(values) });
    query.set('metrics', JSON.stringify(metrics.slice(first, first + CELL_METRICS)));
    const { data } = await get<MetricSummaries>('/api/metrics/summaries', query, signal);
    for (const [run, found] of Object.entries(data)) cells[run] = { ...cells[run], ...found };
  }
  return cells;
}

/** Runs with their series and inputs, in the order asked for; those that are not there, or not for this reader, are left out. */
export async function fetchCompared(ids: readonly string[], signal: AbortSignal): Promise<readonly ComparedRun[]> {
  const query = new URLSearchParams({ runs: JSON.stringify(ids) });
  return (await get<{ data: ComparedRun[] }>('/api/comparison', query, signal)).data;
}

/** Why an alert did or did not fire in a run. */
export const fetchEvaluations = (alert: string, runId: string, signal: AbortSignal): Promise<EvaluationsView> =>
  get(`/api/alerts/${encodeURIComponent(alert)}/evaluations`, new URLSearchParams({ run: runId }), signal);
