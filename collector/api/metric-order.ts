import type { RunListQuery, RunRow } from '../store/catalog-store.ts';
import { seriesByName } from '../store/series-by-name.ts';
import type { SeriesSummary } from '../store/telemetry-store.ts';
import type { ApiContext } from './api-context.ts';
import { InvalidQuery } from './problem.ts';

/** Runs whose last values are compared at the most: they are not in the catalogue, but with the points of each run. */
const MAX_RUNS = 1_000;
/** Runs that are read together. */
const RUNS_A_STEP = 16;

/** By which metrics' last values runs are ordered, most important first. */
export type MetricOrder = readonly { readonly metric: string; readonly descending: boolean }[];

/**
 * A page of runs in the order of the last values of metrics, runs without one last; equal ones as the query sorts them.
 *
 * @throws InvalidQuery when more runs match than can be compared.
 */
export async function listByMetrics(
  { catalog, telemetry }: ApiContext,
  query: RunListQuery,
  order: MetricOrder,
): Promise<{ readonly count: number; readonly runs: readonly RunRow[] }> {
  const { count, runs } = await catalog.listRuns({ ...query, start: 0, count: MAX_RUNS });
  if (count > MAX_RUNS) {
    throw new InvalidQuery(
      'sorting',
      `${count} runs match: at most ${MAX_RUNS} are sorted by a metric. Filter them more`,
    );
  }
  const ranked: { run: RunRow; last: readonly number[] }[] = [];
  for (let first = 0; first < runs.length; first += RUNS_A_STEP) {
    const step = runs.slice(first, first + RUNS_A_STEP).map(async (run) => {
      const series = seriesByName(await telemetry.summaries(run.id));
      return { run, last: order.map(({ metric }) => lastOf(series.get(metric))) };
    });
    ranked.push(...(await Promise.all(step)));
  }
  ranked.sort((a, b) => compare(a.last, b.last, order));
  const end = query.count > 0 ? query.start + query.count : undefined;
  return { count, runs: ranked.slice(query.start, end).map(({ run }) => run) };
}

/** NaN = none. */
function lastOf(instances: readonly SeriesSummary[] = []): number {
  const [newest] = instances.toSorted((a, b) => (a.lastTimeUnixNano < b.lastTimeUnixNano ? 1 : -1));
  return newest?.last ?? Number.NaN;
}

function compare(a: readonly number[], b: readonly number[], order: MetricOrder): number {
  for (const [index, { descending }] of order.entries()) {
    const [left = Number.NaN, right = Number.NaN] = [a[index], b[index]];
    if (Number.isNaN(left) !== Number.isNaN(right)) return Number.isNaN(left) ? 1 : -1;
    if (left < right) return descending ? 1 : -1;
    if (left > right) return descending ? -1 : 1;
  }
  return 0;
}
