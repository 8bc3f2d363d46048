import type { EvaluationsView } from '../../../collector/api/contract/alert.ts';
import type { ArtifactView } from '../../../collector/api/contract/artifact.ts';
import type { RunList, RunView } from '../../../collector/api/contract/run.ts';
import type {
  EventHistogram,
  EventList,
  MetricSummaries,
  Plot,
  SeriesList,
} from '../../../collector/api/contract/telemetry.ts';
import type { MetricCells } from './columns.ts';
import { ApiError, request } from './request.ts';
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

/** The newest runs that fit all filters. */
export function fetchMatching(filters: readonly string[], count: number, signal: AbortSignal): Promise<RunList> {
  const query = new URLSearchParams({ count: String(count), sorting: JSON.stringify([{ id: 'created', desc: true }]) });
  query.set('return_metrics', 'False');
  if (filters.length) query.set('filters', JSON.stringify(filters));
  return get('/api/runs', query, signal);
}

/** One run, with its metric summaries. */
export const fetchRun = (id: string, signal: AbortSignal): Promise<RunView> =>
  get(run(id), new URLSearchParams(), signal);

/** All series of a run. */
export const fetchSeries = (id: string, signal: AbortSignal): Promise<SeriesList> =>
  get(run(id, '/series'), new URLSearchParams(), signal);

export interface PlotRequest {
  readonly seriesIds: readonly number[];
  readonly axis: OwnAxis;
  readonly maxPoints: number;
  readonly range?: readonly [number, number] | undefined;
}

/** Points or buckets of some series. */
export function fetchPlot(id: string, request: PlotRequest, signal: AbortSignal): Promise<Plot> {
  const query = new URLSearchParams(request.seriesIds.map((series) => ['series', String(series)]));
  query.set('xaxis', request.axis);
  query.set('max_points', String(request.maxPoints));
  if (request.range) {
    query.set('from', String(request.range[0]));
    query.set('to', String(request.range[1]));
  }
  return get(run(id, '/plot'), query, signal);
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

/** A run of a comparison; `run` is undefined when it is not there, or not for this reader. */
export interface Compared {
  readonly id: string;
  readonly run: RunView | undefined;
  readonly series: SeriesList['data'];
}

/** Runs with their series, in the order asked for. */
export function fetchCompared(ids: readonly string[], signal: AbortSignal): Promise<Compared[]> {
  return Promise.all(
    ids.map(async (id) => {
      try {
        const [view, series] = await Promise.all([fetchRun(id, signal), fetchSeries(id, signal)]);
        return { id, run: view, series: series.data };
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return { id, run: undefined, series: [] };
        throw error;
      }
    }),
  );
}

/** Why an alert did or did not fire in a run. */
export const fetchEvaluations = (alert: string, runId: string, signal: AbortSignal): Promise<EvaluationsView> =>
  get(`/api/alerts/${encodeURIComponent(alert)}/evaluations`, new URLSearchParams({ run: runId }), signal);
