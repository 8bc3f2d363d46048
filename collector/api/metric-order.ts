import type { RunListQuery, RunRow } from '../store/catalog-store.ts';
import type { MetricCell } from '../store/telemetry-store.ts';
import type { ApiContext } from './api-context.ts';
import { InvalidQuery } from './problem.ts';
import { runOrigin } from './views.ts';

/** Runs whose last values are compared at the most: they are not in the catalogue, but with the points of each run. */
const MAX_RUNS = 1_000;
/** Runs that are read together: no shard is kept long. */
const RUNS_A_STEP = 100;

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
  const metrics = order.map(({ metric }) => metric);
  for (let first = 0; first < runs.length; first += RUNS_A_STEP) {
    const step = runs.slice(first, first + RUNS_A_STEP);
    const asked = step.map((run) => ({ runId: run.id, originUnixNano: runOrigin(run) }));
    const cells = await telemetry.metricCells({ runs: asked, metrics, maxPoints: 0 });
    for (const [index, run] of step.entries())
      ranked.push({ run, last: metrics.map((one) => lastOf(cells[index], one)) });
  }
  ranked.sort((a, b) => compare(a.last, b.last, order));
  const end = query.count > 0 ? query.start + query.count : undefined;
  return { count, runs: ranked.slice(query.start, end).map(({ run }) => run) };
}

/** NaN = none. */
const lastOf = (cells: readonly MetricCell[] = [], metric: string): number =>
  cells.find((cell) => cell.metric === metric)?.last ?? Number.NaN;

function compare(a: readonly number[], b: readonly number[], order: MetricOrder): number {
  for (const [index, { descending }] of order.entries()) {
    const [left = Number.NaN, right = Number.NaN] = [a[index], b[index]];
    if (Number.isNaN(left) !== Number.isNaN(right)) return Number.isNaN(left) ? 1 : -1;
    if (left < right) return descending ? 1 : -1;
    if (left > right) return descending ? -1 : 1;
  }
  return 0;
}
