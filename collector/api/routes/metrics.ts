import { Readable } from 'node:stream';
import { SimvueError } from 'simvue-otel/errors';
import { Type } from 'typebox';
import type { Principal } from '../../pipeline/principal.ts';
import { type ApiContext, type ApiServer, readableRuns, requireRuns } from '../api-context.ts';
import { SpanSchema } from '../contract/grid.ts';
import { ProblemSchema } from '../contract/problem.ts';
import { IdParams, MetricNamesQuerySchema, MetricSpanQuerySchema, MetricValuesQuerySchema } from '../contract/query.ts';
import { MetricNamesView, MetricValuesView } from '../contract/telemetry.ts';
import { metricSpan } from '../metric-span.ts';
import { metricValuesJson } from '../metric-values.ts';
import { InvalidQuery } from '../problem.ts';
import { isTrue, parseStringList } from '../query-value.ts';

/** A client that names no runs asks for all of them. */
const MAX_RUNS = 5_000;
const MAX_METRICS = 1000;
const MAX_BODY_BYTES = 256 << 10;

/** `GET /metrics/names`, `/runs/{id}/metrics/names`, `/metrics/span`, `/metrics`. */
export function registerMetricRoutes(api: ApiServer, context: ApiContext): void {
  const names = async (principal: Principal, ids: readonly string[]): Promise<string[]> => {
    const runs = await requireRuns(context, principal, ids);
    return [...(await context.telemetry.metricNames(runs.map(({ id }) => id)))];
  };

  const response = { 200: MetricNamesView };
  const ofRuns = { querystring: MetricNamesQuerySchema, response: { ...response, 404: ProblemSchema } };
  api.get(
    '/metrics/names',
    { schema: { summary: 'Names of the metrics of some runs.', ...ofRuns } },
    async ({ query, principal }) => {
      return names(principal, parseStringList('runs', query.runs, MAX_RUNS));
    },
  );

  const span = { querystring: MetricSpanQuerySchema, response: { 200: SpanSchema } };
  api.get(
    '/metrics/span',
    { schema: { summary: 'First and last step and time of the metrics of some runs.', ...span } },
    async (request) => {
      const text = request.query.runs ?? (await readText(request.raw));
      const runs = await readableRuns(context, request.principal, parseStringList('runs', text, MAX_RUNS));
      return metricSpan(context, runs);
    },
  );

  const ofRun = { params: IdParams, response };
  api.get(
    '/runs/:id/metrics/names',
    { schema: { summary: 'Names of the metrics of a run.', ...ofRun } },
    ({ params, principal }) => names(principal, [params.id]),
  );

  const values = { querystring: MetricValuesQuerySchema, response: { 200: Type.Unsafe<Readable>(MetricValuesView) } };
  api.get(
    '/metrics',
    { schema: { summary: 'Points of metrics of some runs.', ...values } },
    async ({ query, principal }, reply) => {
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
        totals: isTrue(query.totals),
        maxPoints: query.max_points,
      });
      return reply.type('application/json; charset=utf-8').send(Readable.from(text, { objectMode: false }));
    },
  );
}

/** The body of a `GET`, which Fastify leaves unread: Simvue's client names the runs there. @throws SimvueError `SIMVUE_ERR_TOO_LARGE` */
async function readText(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES)
      throw new SimvueError('SIMVUE_ERR_TOO_LARGE', `body is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
