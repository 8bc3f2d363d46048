import { RUN_STATUSES } from 'simvue-otel/semconv';
import { readerOf } from '../../pipeline/visibility.ts';
import type { ApiContext, ApiServer } from '../api-context.ts';

/** Version of the Simvue server whose REST API is served; its clients refuse any other major version. */
const SIMVUE_VERSION = '1.5.0';

/** `GET /version`, `/whoami`, `/stats`: the calls by which a client finds out where it is. */
export function registerIdentityRoutes(api: ApiServer, { catalog }: ApiContext): void {
  api.get('/version', () => ({ version: SIMVUE_VERSION }));

  api.get('/whoami', ({ principal: { username, tenant } }) => ({ username, tenant }));

  api.get('/stats', async ({ principal }) => {
    const counts = RUN_STATUSES.map(async (status) => {
      const filters = [{ kind: 'status', operator: '==', status } as const];
      const { count } = await catalog.listRuns({ filters, reader: readerOf(principal), sort: [], start: 0, count: 1 });
      return [status, count] as const;
    });
    return { runs: Object.fromEntries(await Promise.all(counts)) };
  });
}
