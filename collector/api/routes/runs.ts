import type { Principal } from '../../pipeline/principal.ts';
import { readerOf } from '../../pipeline/visibility.ts';
import type { ArraySummary } from '../../store/array-store.ts';
import type { RunRow } from '../../store/catalog-store.ts';
import type { RunOrigin } from '../../store/telemetry-store.ts';
import { type ApiContext, type ApiServer, requireRun } from '../api-context.ts';
import { DEFAULT_PAGE, IdParams, ListQuerySchema, MAX_PAGE } from '../contract/query.ts';
import { type InstanceList, InstanceListSchema, RunListSchema, RunViewSchema } from '../contract/run.ts';
import { parseRunFilters } from '../filter.ts';
import { listByMetrics } from '../metric-order.ts';
import { sendJson } from '../python-json.ts';
import { isFalse } from '../query-value.ts';
import { parseRunSorting } from '../sorting.ts';
import { instanceView, type RunMarks, runOrigin, runView, simvueListItem } from '../views.ts';

/** `GET /runs`, `/runs/{id}`, `/runs/{id}/instances`. */
export function registerRunRoutes(api: ApiServer, context: ApiContext): void {
  const { catalog, telemetry } = context;

  api.get(
    '/runs',
    {
      schema: { summary: 'Runs that fit all filters.', querystring: ListQuerySchema, response: { 200: RunListSchema } },
    },
    async ({ query, principal }, reply) => {
      const { metrics: order, columns } = parseRunSorting(query.sorting);
      const list = {
        filters: parseRunFilters(query.filters, principal.username),
        sort: columns,
        reader: readerOf(principal),
        start: query.start ?? 0,
        count: Math.min(query.count ?? DEFAULT_PAGE, MAX_PAGE),
      };
      const { count, runs } = await (order.length === 0 ? catalog.listRuns(list) : listByMetrics(context, list, order));
      // More than a page of summaries would read the store for minutes.
      const summarised = isFalse(query.return_metrics) ? [] : runs.slice(0, DEFAULT_PAGE);
      const [marks, metrics] = await Promise.all([
        marksOf(context, principal, runs),
        telemetry.metricsJson(summarised.map(originOf)),
      ]);
      const data = runs.flatMap((run, index) => [
        index === 0 ? '' : ',',
        ...simvueListItem(run, metrics[index] ?? '{}', marks),
      ]);
      return sendJson(reply, [`{"count":${count},"data":[`, ...data, ']}']);
    },
  );

  api.get(
    '/runs/:id',
    { schema: { summary: 'A run with its metrics.', params: IdParams, response: { 200: RunViewSchema } } },
    async ({ params, principal }, reply) => {
      const run = await requireRun(context, principal, params.id);
      const [metrics, newest, artifactCount, marks, arrays] = await Promise.all([
        telemetry.metricsJson([originOf(run)]),
        telemetry.events({ runId: run.id, start: 0, count: 1, descending: true }),
        catalog.artifacts.countOfRun(run.id),
        marksOf(context, principal, [run]),
        arraysOf(context, run),
      ]);
      const events = { count: newest.total, lastUnixNano: newest.events[0]?.timeUnixNano ?? null };
      return sendJson(reply, runView(run, metrics[0] as Uint8Array, arrays, events, artifactCount, marks));
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

const originOf = (run: RunRow): RunOrigin => ({ runId: run.id, originUnixNano: runOrigin(run) });

async function marksOf(context: ApiContext, principal: Principal, runs: readonly RunRow[]): Promise<RunMarks> {
  const { catalog } = context;
  const ids = runs.map(({ id }) => id);
  const [starred, alerts] = await Promise.all([
    catalog.starred(principal.username, 'run', ids),
    catalog.alerts.ofRuns(ids),
  ]);
  return { starred, alerts, alertUnit: context.alerts.unit, colours: catalog.page.colours(ids) };
}

/** Most runs have no grid: the store is not asked then. */
async function arraysOf({ catalog, telemetry }: ApiContext, { id }: RunRow): Promise<readonly ArraySummary[]> {
  return (await catalog.grids.ofRun(id)).length === 0 ? [] : telemetry.arraySummaries(id);
}
