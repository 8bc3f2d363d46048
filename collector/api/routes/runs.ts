import { type ApiContext, type ApiServer, requireRun } from '../api-context.ts';
import { DEFAULT_PAGE, IdParams, ListQuerySchema, MAX_PAGE } from '../contract/query.ts';
import type { InstanceList, RunList, RunView } from '../contract/run.ts';
import { parseRunFilters } from '../filter.ts';
import { isTrue } from '../query-value.ts';
import { parseRunSorting } from '../sorting.ts';
import { instanceView, runView, simvueListItem } from '../views.ts';

/** `GET /runs`, `GET|DELETE /runs/{id}`, `GET /runs/{id}/instances`. */
export function registerRunRoutes(api: ApiServer, context: ApiContext): void {
  const { catalog, telemetry, resolver, live } = context;

  api.get('/runs', { schema: { querystring: ListQuerySchema } }, async ({ query }): Promise<RunList> => {
    const { count, runs } = await catalog.listRuns({
      filters: parseRunFilters(query.filters),
      sort: parseRunSorting(query.sorting),
      start: query.start ?? 0,
      count: Math.min(query.count ?? DEFAULT_PAGE, MAX_PAGE),
    });
    // More than a page of summaries would read the store for minutes.
    const summarised = isTrue(query.return_metrics) ? runs.slice(0, DEFAULT_PAGE) : [];
    const summaries = await Promise.all(summarised.map(({ id }) => telemetry.summaries(id)));
    return { count, data: runs.map((run, index) => simvueListItem(run, summaries[index] ?? [])) };
  });

  api.get('/runs/:id', { schema: { params: IdParams } }, async ({ params }): Promise<RunView> => {
    const run = await requireRun(context, params.id);
    const [summaries, newest] = await Promise.all([
      telemetry.summaries(run.id),
      telemetry.events({ runId: run.id, start: 0, count: 1, descending: true }),
    ]);
    return runView(run, summaries, {
      count: newest.total,
      lastUnixNano: newest.events[0]?.timeUnixNano ?? null,
    });
  });

  api.get('/runs/:id/instances', { schema: { params: IdParams } }, async ({ params }): Promise<InstanceList> => {
    const run = await requireRun(context, params.id);
    return { data: (await catalog.instances(run.id)).map(instanceView) };
  });

  api.delete('/runs/:id', { schema: { params: IdParams } }, async ({ params: { id } }) => {
    // A run whose data could not be removed the first time is still deleted: asking again finishes the work.
    if (!(await catalog.deleteRun(id)) && !catalog.isDeleted(id)) await requireRun(context, id);
    resolver.forget(id);
    await telemetry.deleteRun(id);
    live.runDeleted(id);
    return {};
  });
}
