import { formatTimestamp } from 'simvue-otel/time';
import type { ApiContext, ApiServer } from '../api-context.ts';
import { StalledQuerySchema, StalledSchema } from '../contract/stalled.ts';
import { sendJson } from '../python-json.ts';
import { marksOf } from '../run-json.ts';
import { stalledRuns } from '../stalled-runs.ts';
import { simvueListItem } from '../views.ts';

const DEFAULT_COUNT = 20;

/** `GET /stalled-runs`: what runs, and does not come further. */
export function registerStalledRoute(api: ApiServer, context: ApiContext): void {
  const asking = { querystring: StalledQuerySchema, response: { 200: StalledSchema } };
  api.get(
    '/stalled-runs',
    { schema: { summary: 'Running runs whose metrics stand still.', ...asking } },
    async ({ query, principal }, reply) => {
      const stalled = await stalledRuns(context, principal, { count: query.count ?? DEFAULT_COUNT, nowMs: Date.now() });
      const marks = await marksOf(
        context,
        principal,
        stalled.map(({ run }) => run),
      );
      const data = stalled.flatMap(({ run, progress, pauseSeconds }, index) => {
        const { metric, points, lastTimeUnixNano } = progress;
        const facts = { metric, points, pause_seconds: pauseSeconds, last: formatTimestamp(lastTimeUnixNano) };
        const item = simvueListItem(run, '{}', marks);
        return [index === 0 ? '' : ',', '{"run":', ...item, `,${JSON.stringify(facts).slice(1)}`];
      });
      return sendJson(reply, ['{"data":[', ...data, ']}']);
    },
  );
}
