import { formatTimestamp } from 'simvue-otel/time';
import { type ApiContext, type ApiServer, requireRun } from '../api-context.ts';
import { type ActivityList, ActivityListSchema, ActivityQuerySchema } from '../contract/activity.ts';
import { DEFAULT_PAGE, IdParams } from '../contract/query.ts';

/** `GET /runs/{id}/activity`: what of a run became different, when, and through whom. */
export function registerActivityRoutes(api: ApiServer, context: ApiContext): void {
  const schema = { params: IdParams, querystring: ActivityQuerySchema, response: { 200: ActivityListSchema } };
  api.get(
    '/runs/:id/activity',
    { schema: { summary: 'Changes of a run; the newest comes first.', ...schema } },
    async ({ params, query, principal }): Promise<ActivityList> => {
      const run = await requireRun(context, principal, params.id);
      const { start = 0, count = DEFAULT_PAGE, field } = query;
      const page = await context.catalog.activity.ofRun(run.id, { field, start, count });
      const data = page.rows.map(({ timeUnixNano, number: _, ...row }) => ({
        timestamp: formatTimestamp(timeUnixNano),
        ...row,
      }));
      return { count: page.count, forgotten: page.forgotten, data };
    },
  );
}
