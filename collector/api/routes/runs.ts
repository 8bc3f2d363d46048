import { readerOf } from '../../pipeline/visibility.ts';
import { type ApiContext, type ApiServer, requireRun } from '../api-context.ts';
import { DEFAULT_PAGE, IdParams, MAX_PAGE, RunListQuerySchema } from '../contract/query.ts';
import { type InstanceList, InstanceListSchema, RunListSchema, RunViewSchema } from '../contract/run.ts';
import { parseRunFilters } from '../filter.ts';
import { sendJson } from '../python-json.ts';
import { isFalse, isTrue } from '../query-value.ts';
import { marksOf, originOf, runJson } from '../run-json.ts';
import { progressOf } from '../run-progress.ts';
import { numbersOf, parseRunSorting } from '../sorting.ts';
import { instanceView, simvueListItem } from '../views.ts';

/** `GET /runs`, `/runs/{id}`, `/runs/{id}/instances`. */
export function registerRunRoutes(api: ApiServer, context: ApiContext): void {
  const { catalog, telemetry, lastValues } = context;

  api.get(
    '/runs',
    {
      schema: {
        summary: 'Runs that fit all filters.',
        querystring: RunListQuerySchema,
        response: { 200: RunListSchema },
      },
    },
    async ({ query, principal }, reply) => {
      const list = {
        filters: parseRunFilters(query.filters, principal.username),
        sort: parseRunSorting(query.sorting),
        reader: readerOf(principal),
        start: query.start ?? 0,
        count: Math.min(query.count ?? DEFAULT_PAGE, MAX_PAGE),
      };
      const { count, runs } = await lastValues.during(numbersOf(list), () => catalog.listRuns(list));
      // More than a page of summaries would read the store for minutes.
      const summarised = isFalse(query.return_metrics) ? [] : runs.slice(0, DEFAULT_PAGE);
      const [marks, metrics, progress] = await Promise.all([
        marksOf(context, principal, runs),
        telemetry.metricsJson(summarised.map(originOf)),
        progressOf(context, isTrue(query.return_progress) ? runs.slice(0, DEFAULT_PAGE) : []),
      ]);
      const marked = { ...marks, progress };
      const data = runs.flatMap((run, index) => [
        index === 0 ? '' : ',',
        ...simvueListItem(run, metrics[index] ?? '{}', marked),
      ]);
      return sendJson(reply, [`{"count":${count},"data":[`, ...data, ']}']);
    },
  );

  api.get(
    '/runs/:id',
    { schema: { summary: 'A run with its metrics.', params: IdParams, response: { 200: RunViewSchema } } },
    async ({ params, principal }, reply) => {
      const run = await requireRun(context, principal, params.id);
      return sendJson(reply, await runJson(context, principal, run));
    },
  );

  api.get(
    '/runs/:id/instances',
    { schema: { summary: 'Writers of a run.', params: IdParams, response: { 200: InstanceListSchema } } },
    async ({ params, principal }): Promise<InstanceList> => {
      const run = await requireRun(context, principal, params.id);
      return { data: (await catalog.instances(run.id)).map(instanceView) };
    },
  );
}
