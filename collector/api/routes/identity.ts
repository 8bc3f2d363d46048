import { RUN_STATUSES } from 'simvue-otel/semconv';
import type { ApiContext, ApiServer } from '../api-context.ts';

/** Version of the Simvue server whose REST API is served; its clients refuse any other major version. */
const SIMVUE_VERSION = '1.5.0';

/** `GET /version`, `/whoami`, `/stats`: the calls by which a client finds out where it is. */
export function registerIdentityRoutes(api: ApiServer, { catalog }: ApiContext): void {
  api.get('/version', () => ({ version: SIMVUE_VERSION }));

  api.get('/whoami', ({ principal: { username, tenant } }) => ({ username, tenant }));

  api.get('/stats', async () => {
    const counts = RUN_STATUSES.map(async (status) => {
      const { count } = await catalog.listRuns({ filters: [{ kind: 'status', status }], sort: [], start: 0, count: 0 });
      return [status, count] as const;
    });
    return { runs: Object.fromEntries(await Promise.all(counts)) };
  });
}
