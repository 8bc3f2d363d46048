import { RUN_STATUSES } from 'simvue-otel/semconv';
import { readerOf } from '../../pipeline/visibility.ts';
import type { ApiContext, ApiServer } from '../api-context.ts';
import { SIMVUE_VERSION, StatsView, VersionView, WhoAmIView } from '../contract/identity.ts';

/** `GET /version`, `/whoami`, `/stats`: the calls by which a client finds out where it is. */
export function registerIdentityRoutes(api: ApiServer, { catalog }: ApiContext): void {
  api.get(
    '/version',
    { schema: { summary: 'Version of the Simvue API that is served.', response: { 200: VersionView } } },
    () => ({ version: SIMVUE_VERSION }),
  );

  api.get(
    '/whoami',
    { schema: { summary: 'Who asks.', response: { 200: WhoAmIView } } },
    ({ principal: { username, tenant } }) => ({ username, tenant }),
  );

  api.get(
    '/stats',
    { schema: { summary: 'Numbers of runs by status.', response: { 200: StatsView } } },
    async ({ principal }) => {
      const counts = RUN_STATUSES.map(async (status) => {
        const filters = [{ kind: 'status', operator: '==', status } as const];
        const { count } = await catalog.listRuns({
          filters,
          reader: readerOf(principal),
          sort: [],
          start: 0,
          count: 1,
        });
        return [status, count] as const;
      });
      return { runs: Object.fromEntries(await Promise.all(counts)) };
    },
  );
}
