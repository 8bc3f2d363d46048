import { RUN_STATUSES } from 'simvue-otel/semconv';
import { type Static, Type } from 'typebox';
import { DEFAULT_TENANT, type Principal } from '../../pipeline/principal.ts';
import { readerOf } from '../../pipeline/visibility.ts';
import type { Usage } from '../../store/account-store.ts';
import type { ApiContext, ApiServer } from '../api-context.ts';
import { SIMVUE_VERSION, StatsQuery, StatsView, UsageView, VersionView, WhoAmIView } from '../contract/identity.ts';
import { isFalse } from '../query-value.ts';

/** `GET /version`, `/whoami`, `/stats`: the calls by which a client finds out where it is. */
export function registerIdentityRoutes(api: ApiServer, context: ApiContext): void {
  const { catalog } = context;
  const version = { version: SIMVUE_VERSION };
  const served = { summary: 'Version of the Simvue API that is served.', response: { 200: VersionView } };
  api.get('/version', { schema: served }, () => version);

  // Without it Simvue's sender writes "None" into its directory, and its client refuses to go on there.
  const store = { summary: 'Version of the store behind the Simvue API.', response: { 200: VersionView } };
  api.get('/nosim/version', { schema: store }, () => version);

  api.get(
    '/whoami',
    { schema: { summary: 'Who asks.', response: { 200: WhoAmIView } } },
    ({ principal: { username, tenant, scopes } }) => {
      const isAdmin = scopes.has('admin');
      const isManager = isAdmin || catalog.accounts.user(username)?.isManager === true;
      return { username, user: username, tenant, is_admin: isAdmin, is_manager: isManager };
    },
  );

  api.get(
    '/stats',
    {
      schema: {
        summary: 'Numbers of runs by status, or of what users have.',
        querystring: StatsQuery,
        response: { 200: Type.Union([StatsView, UsageView]) },
      },
    },
    async ({ principal, query }) => {
      if (isFalse(query.single)) return usage(context, principal, query.tenant);
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
      const own = catalog.accounts.usage().find(({ username }) => username === principal.username);
      return { runs: { ...Object.fromEntries(await Promise.all(counts)), data: own?.artifactBytes ?? 0 } };
    },
  );
}

async function usage(
  { catalog: { accounts }, telemetry }: ApiContext,
  principal: Principal,
  tenant: string | undefined,
): Promise<Static<typeof UsageView>> {
  const name = tenant === undefined ? undefined : (accounts.tenant(tenant)?.name ?? tenant);
  const isShown = ({ username }: Usage): boolean =>
    (username === principal.username || principal.scopes.has('admin')) &&
    (name === undefined || (accounts.user(username)?.tenant ?? DEFAULT_TENANT) === name);
  const shards = await telemetry.statistics();
  const events = shards.reduce((sum, shard) => sum + shard.events, 0);
  const metrics = shards.reduce((sum, shard) => sum + shard.points, 0);
  const nothing = { username: principal.username, runs: 0, alerts: 0, tags: 0, artifacts: 0, artifactBytes: 0 };
  const shown = [nothing, ...accounts.usage()].filter(isShown);
  return Object.fromEntries(
    shown.map(({ username, runs, alerts, tags, artifacts, artifactBytes }) => [
      username,
      { runs, alerts, tags, files: artifacts, volume: artifactBytes, events, metrics },
    ]),
  );
}
