import { RUN_STATUSES } from 'simvue-otel/semconv';
import { type Static, Type } from 'typebox';
import { DEFAULT_TENANT, type Principal } from '../../pipeline/principal.ts';
import { readerOf } from '../../pipeline/visibility.ts';
import type { UserUsage } from '../../store/usage-store.ts';
import type { ApiContext, ApiServer } from '../api-context.ts';
import { SIMVUE_VERSION, StatsQuery, StatsView, UsageView, VersionView, WhoAmIView } from '../contract/identity.ts';
import { isFalse } from '../query-value.ts';

const NOTHING = { runs: 0, alerts: 0, tags: 0, artifacts: 0, content: 0, points: 0, events: 0 };

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
      return { username, user: username, tenant, is_admin: isAdmin, is_manager: isManager, scopes: [...scopes] };
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
      const own = catalog.usage.ofUser(principal.username);
      return { runs: { ...Object.fromEntries(await Promise.all(counts)), data: own?.content ?? 0 } };
    },
  );
}

function usage(
  { catalog: { accounts, usage: kept } }: ApiContext,
  { username, scopes }: Principal,
  tenant: string | undefined,
): Static<typeof UsageView> {
  const name = tenant === undefined ? undefined : (accounts.tenant(tenant)?.name ?? tenant);
  const isShown = (user: UserUsage): boolean =>
    name === undefined || (accounts.user(user.username)?.tenant ?? DEFAULT_TENANT) === name;
  const own = kept.ofUser(username) ?? { username, ...NOTHING };
  const shown = scopes.has('admin') ? [own, ...kept.ofUsers()] : [own];
  return Object.fromEntries(
    shown
      .filter(isShown)
      .map(({ username, artifacts, content, points, ...counts }) => [
        username,
        { ...counts, files: artifacts, volume: content, metrics: points },
      ]),
  );
}
