import type { MetricCell, RunOrigin } from '../../store/telemetry-store.ts';
import { type ApiContext, type ApiServer, readableRuns } from '../api-context.ts';
import { MetricSummariesQuerySchema } from '../contract/query.ts';
import { type MetricSummaries, MetricSummariesSchema } from '../contract/telemetry.ts';
import { mergeColumns, POINT_WIDTH, thinPoints, toPoints } from '../point-columns.ts';
import { parseStringList } from '../query-value.ts';
import { runOrigin } from '../views.ts';

/** A page of a table. */
const MAX_RUNS = 100;
const MAX_METRICS = 20;
/** Cells that are read together: a page of two metrics at once, and no shard is kept long. */
const CELLS_A_STEP = 200;

/** `GET /metrics/summaries`: the cells of a table in one answer. */
export function registerMetricSummaryRoutes(api: ApiServer, context: ApiContext): void {
  const { telemetry } = context;
  const asking = { querystring: MetricSummariesQuerySchema, response: { 200: MetricSummariesSchema } };
  api.get(
    '/metrics/summaries',
    { schema: { summary: 'Summaries and sparklines of metrics of some runs.', ...asking } },
    async ({ query, principal }) => {
      const runs = parseStringList('runs', query.runs, MAX_RUNS);
      const metrics = parseStringList('metrics', query.metrics, MAX_METRICS);
      const maxPoints = query.max_points ?? 0;
      const readable = (await readableRuns(context, principal, runs)).map(
        (run): RunOrigin => ({ runId: run.id, originUnixNano: runOrigin(run) }),
      );
      // A bucket is drawn by its two extremes.
      const asked = { metrics, maxPoints: Math.ceil(maxPoints / 2) };
      const runsAStep = Math.max(1, Math.floor(CELLS_A_STEP / metrics.length));
      const data: [string, unknown][] = [];
      for (let first = 0; first < readable.length; first += runsAStep) {
        const step = readable.slice(first, first + runsAStep);
        for (const [index, cells] of (await telemetry.metricCells({ ...asked, runs: step })).entries()) {
          const views = cells.map((cell) => [cell.metric, cellView(cell, maxPoints)]);
          data.push([(step[index] as RunOrigin).runId, Object.fromEntries(views)]);
        }
      }
      return { data: Object.fromEntries(data) as MetricSummaries['data'] };
    },
  );
}

/** What is not finite is printed as null. */
function cellView({ metric: _metric, plots, ...summary }: MetricCell, maxPoints: number) {
  const [, values = new Float64Array()] = thinPoints(mergeColumns(plots.map(toPoints), POINT_WIDTH), maxPoints);
  const finite = Array.from(values, (value) => (Number.isFinite(value) ? value : null));
  return { ...summary, last_text: String(summary.last), values: finite };
}
