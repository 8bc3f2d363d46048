import { Readable } from 'node:stream';
import type { Principal } from '../../pipeline/principal.ts';
import { seriesByName } from '../../store/series-by-name.ts';
import { type ApiContext, type ApiServer, requireRun } from '../api-context.ts';
import { IdParams, MetricNamesQuerySchema, MetricValuesQuerySchema } from '../contract/query.ts';
import { metricValuesJson } from '../metric-values.ts';
import { InvalidQuery } from '../problem.ts';
import { isTrue, parseStringList } from '../query-value.ts';

const MAX_RUNS = 100;
const MAX_METRICS = 1000;

/** `GET /metrics/names`, `/runs/{id}/metrics/names`, `/metrics`. */
export function registerMetricRoutes(api: ApiServer, context: ApiContext): void {
  const names = async (principal: Principal, id: string): Promise<string[]> => {
    const run = await requireRun(context, principal, id);
    return [...seriesByName(await context.telemetry.summaries(run.id)).keys()];
  };

  api.get('/metrics/names', { schema: { querystring: MetricNamesQuerySchema } }, async ({ query, principal }) => {
    const runs = parseStringList('runs', query.runs, MAX_RUNS);
    return [...new Set((await Promise.all(runs.map((id) => names(principal, id)))).flat())];
  });

  api.get('/runs/:id/metrics/names', { schema: { params: IdParams } }, ({ params, principal }) =>
    names(principal, params.id),
  );

  api.get('/metrics', { schema: { querystring: MetricValuesQuerySchema } }, async ({ query, principal }, reply) => {
    const aggregate = isTrue(query.aggregate);
    const axis = query.xaxis ?? 'step';
    if (aggregate && axis === 'timestamp') {
      throw new InvalidQuery('xaxis', 'runs are aggregated over step or time: their timestamps do not meet');
    }
    const text = metricValuesJson(context, principal, {
      runIds: parseStringList('runs', query.runs, MAX_RUNS),
      metrics: query.metrics === undefined ? undefined : parseStringList('metrics', query.metrics, MAX_METRICS),
      axis,
      aggregate,
      maxPoints: query.max_points,
    });
    return reply.type('application/json; charset=utf-8').send(Readable.from(text, { objectMode: false }));
  });
}
