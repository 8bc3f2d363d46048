import type { Principal } from '../../pipeline/principal.ts';
import { canRead } from '../../pipeline/visibility.ts';
import type { MetricCell } from '../../store/telemetry-store.ts';
import type { ApiContext, ApiServer } from '../api-context.ts';
import { MetricSummariesQuerySchema } from '../contract/query.ts';
import { type MetricSummaries, MetricSummariesSchema } from '../contract/telemetry.ts';
import { mergeColumns, POINT_WIDTH, thinPoints, toPoints } from '../point-columns.ts';
import { parseStringList } from '../query-value.ts';
import { runOrigin } from '../views.ts';

/** A page of a table. */
const MAX_RUNS = 100;
const MAX_METRICS = 20;
/** Runs that are read together. */
const RUNS_A_STEP = 16;

/** `GET /metrics/summaries`: the cells of a table in one answer. */
export function registerMetricSummaryRoutes(api: ApiServer, context: ApiContext): void {
  const asking = { querystring: MetricSummariesQuerySchema, response: { 200: MetricSummariesSchema } };
  api.get(
    '/metrics/summaries',
    { schema: { summary: 'Summaries and sparklines of metrics of some runs.', ...asking } },
    async ({ query, principal }) => {
      const runs = parseStringList('runs', query.runs, MAX_RUNS);
      const metrics = parseStringList('metrics', query.metrics, MAX_METRICS);
      const maxPoints = query.max_points ?? 0;
      const data: [string, unknown][] = [];
      for (let first = 0; first < runs.length; first += RUNS_A_STEP) {
        const step = runs.slice(first, first + RUNS_A_STEP);
        data.push(...(await Promise.all(step.map((id) => cellsOf(context, principal, id, metrics, maxPoints)))).flat());
      }
      return { data: Object.fromEntries(data) as MetricSummaries['data'] };
    },
  );
}

/** Nothing for a run that is not there, or not for this reader: a row may be gone by now. */
async function cellsOf(
  { catalog, telemetry }: ApiContext,
  principal: Principal,
  id: string,
  metrics: readonly string[],
  maxPoints: number,
): Promise<[string, unknown][]> {
  const run = await catalog.getRun(id);
  if (run === undefined || !canRead(principal, run)) return [];
  // A bucket is drawn by its two extremes.
  const query = { runId: id, metrics, originUnixNano: runOrigin(run), maxPoints: Math.ceil(maxPoints / 2) };
  const cells = await telemetry.metricCells(query);
  return [[id, Object.fromEntries(cells.map((cell) => [cell.metric, cellView(cell, maxPoints)]))]];
}

/** What is not finite is printed as null. */
function cellView({ metric: _metric, plots, ...summary }: MetricCell, maxPoints: number) {
  const [, values = new Float64Array()] = thinPoints(mergeColumns(plots.map(toPoints), POINT_WIDTH), maxPoints);
  const finite = Array.from(values, (value) => (Number.isFinite(value) ? value : null));
  return { ...summary, last_text: String(summary.last), values: finite };
}
