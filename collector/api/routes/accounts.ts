import { SimvueError } from 'simvue-otel/errors';
import { formatTimestamp } from 'simvue-otel/time';
import { DEFAULT_TENANT } from '../../pipeline/principal.ts';
import { randomId } from '../../pipeline/run-id.ts';
import type { AccountRow, AccountStore, TenantRow } from '../../store/account-store.ts';
import type { UsageStore } from '../../store/usage-store.ts';
import type { ApiContext, ApiServer } from '../api-context.ts';
import {
  NewTenantBody,
  NewUserBody,
  type TenantChangeBody as TenantChange,
  TenantChangeBody,
  TenantListSchema,
  TenantViewSchema,
  UserChangeBody,
  type UserFields,
  UserListSchema,
  UserViewSchema,
} from '../contract/account.ts';
import { ConflictView, DoneView, IdView } from '../contract/answer.ts';
import { ProblemSchema } from '../contract/problem.ts';
import { DEFAULT_PAGE, IdParams, MAX_PAGE, PageQuerySchema } from '../contract/query.ts';
import { InvalidBody } from '../problem.ts';

/** `/tenants` and `/users`: for admins only. */
export function registerAccountRoutes(api: ApiServer, { catalog: { accounts, usage }, edits }: ApiContext): void {
  registerTenants(api, accounts, usage, () => edits.stamp().timeUnixNano);
  registerUsers(api, accounts, () => edits.stamp().timeUnixNano);
}

function registerTenants(
  api: ApiServer,
  accounts: AccountStore,
  usage: Pick<UsageStore, 'runs'>,
  now: () => bigint,
): void {
  const one = { summary: 'A tenant.', params: IdParams, response: { 200: TenantViewSchema } };
  const made = { 200: IdView, 409: ConflictView };
  const changed = { 200: IdView, 409: ProblemSchema };

  api.get(
    '/tenants',
    { schema: { summary: 'Tenants.', querystring: PageQuerySchema, response: { 200: TenantListSchema } } },
    ({ query }) => {
      const { count, data } = accounts.tenants(query.start ?? 0, Math.min(query.count ?? DEFAULT_PAGE, MAX_PAGE));
      return { count, data: data.map(tenantView) };
    },
  );

  api.post(
    '/tenants',
    { schema: { summary: 'Makes a tenant.', body: NewTenantBody, response: made } },
    async ({ body }, reply) => {
      const known = accounts.tenant(body.name);
      if (known !== undefined)
        return reply.code(409).send({ id: known.id, detail: `tenant ${body.name} already exists` });
      const empty = { isEnabled: true, maxRequestRate: 0, maxRuns: 0, maxDataVolume: 0 };
      const tenant = { id: randomId(), name: body.name, ...empty, createdUnixNano: now() };
      accounts.putTenant(changedTenant(tenant, body));
      return { id: tenant.id };
    },
  );

  api.get('/tenants/:id', { schema: one }, ({ params }) =>
    tenantView(found('tenant', params.id, accounts.tenant(params.id))),
  );

  api.put(
    '/tenants/:id',
    { schema: { summary: 'Changes a tenant.', params: IdParams, body: TenantChangeBody, response: changed } },
    ({ params, body }) => {
      const tenant = found('tenant', params.id, accounts.tenant(params.id));
      if (body.name !== undefined && body.name !== tenant.name) {
        checkFree('tenant', body.name, accounts.tenant(body.name));
        if (usage.runs(tenant.name) > 0 || accounts.hasUsers(tenant.name)) {
          throw conflict(`tenant ${tenant.name} has users or runs, which know it by its name: make a new tenant`);
        }
      }
      accounts.putTenant(changedTenant(tenant, body));
      return { id: tenant.id };
    },
  );

  api.delete(
    '/tenants/:id',
    { schema: { summary: 'Deletes a tenant.', params: IdParams, response: { 200: DoneView } } },
    ({ params }) => {
      accounts.removeTenant(found('tenant', params.id, accounts.tenant(params.id)).id);
      return {};
    },
  );
}

function registerUsers(api: ApiServer, accounts: AccountStore, now: () => bigint): void {
  const one = { summary: 'A user.', params: IdParams, response: { 200: UserViewSchema } };
  const made = { 200: IdView, 409: ConflictView };
  const changed = { 200: IdView, 409: ProblemSchema };

  api.get(
    '/users',
    { schema: { summary: 'Users.', querystring: PageQuerySchema, response: { 200: UserListSchema } } },
    ({ query }) => {
      const { count, data } = accounts.users(query.start ?? 0, Math.min(query.count ?? DEFAULT_PAGE, MAX_PAGE));
      return { count, data: data.map(userView) };
    },
  );

  api.post(
    '/users',
    { schema: { summary: 'Makes a user.', body: NewUserBody, response: made } },
    async ({ body }, reply) => {
      const { user, tenant, offline: _offline, ...beside } = body;
      const fields = { ...beside, ...user };
      if (fields.username === undefined) throw new InvalidBody(['user', 'username'], 'username is missing');
      const known = accounts.user(fields.username);
      if (known?.isDeleted === false)
        return reply.code(409).send({ id: known.id, detail: `user ${fields.username} already exists` });
      const empty = { fullname: '', email: '', isManager: false, isAdmin: false, isReadonly: false };
      const row = { ...empty, isEnabled: true, isDeleted: false, tenant: tenantName(accounts, tenant) };
      // A deleted user is kept for what is theirs: a new one of that name takes the place.
      const { id, createdUnixNano } = known ?? { id: randomId(), createdUnixNano: now() };
      accounts.putUser(changedUser({ ...row, id, username: fields.username, createdUnixNano }, fields));
      return { id };
    },
  );

  api.get('/users/:id', { schema: one }, ({ params }) => userView(found('user', params.id, accounts.user(params.id))));

  api.put(
    '/users/:id',
    { schema: { summary: 'Changes a user.', params: IdParams, body: UserChangeBody, response: changed } },
    ({ params, body: { tenant, ...fields } }) => {
      const user = found('user', params.id, accounts.user(params.id));
      const { username = user.username } = fields;
      if (username !== user.username) {
        checkFree('user', username, accounts.user(username));
        if (accounts.isOwner(user.username)) {
          throw conflict(`user ${user.username} has tokens or runs, which know it by its name: make a new user`);
        }
      }
      const moved = tenant === undefined ? user : { ...user, tenant: tenantName(accounts, tenant) };
      accounts.putUser(changedUser(moved, fields));
      return { id: user.id };
    },
  );

  // Runs name their owner: a user is marked, not removed.
  api.delete(
    '/users/:id',
    { schema: { summary: 'Disables a user for good.', params: IdParams, response: { 200: DoneView } } },
    ({ params }) => {
      const user = found('user', params.id, accounts.user(params.id));
      accounts.putUser({ ...user, isDeleted: true, isEnabled: false });
      return {};
    },
  );
}

/** @throws SimvueError `SIMVUE_ERR_CONFLICT` when there is one of that name: it must not be replaced. */
function checkFree(kind: string, name: string, there: object | undefined): void {
  if (there !== undefined) throw conflict(`${kind} ${name} already exists: choose another name`);
}

function conflict(detail: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_CONFLICT', detail);
}

function found<T>(kind: string, id: string, row: T | undefined): T {
  if (row !== undefined) return row;
  throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `${kind} ${JSON.stringify(id)} is not known here: check the id`);
}

/** Name of the tenant with this id or name. */
function tenantName(accounts: AccountStore, idOrName: string | undefined): string {
  if (idOrName === undefined || idOrName === DEFAULT_TENANT) return DEFAULT_TENANT;
  const tenant = accounts.tenant(idOrName);
  if (tenant !== undefined) return tenant.name;
  throw new InvalidBody(
    ['tenant'],
    `tenant ${JSON.stringify(idOrName)} is not known here: make it first with POST /api/tenants`,
  );
}

function changedTenant(row: TenantRow, body: TenantChange): TenantRow {
  return {
    ...row,
    name: body.name ?? row.name,
    isEnabled: body.is_enabled ?? row.isEnabled,
    maxRequestRate: body.max_request_rate ?? row.maxRequestRate,
    maxRuns: body.max_runs ?? row.maxRuns,
    maxDataVolume: body.max_data_volume ?? row.maxDataVolume,
  };
}

function changedUser(row: AccountRow, fields: UserFields): AccountRow {
  return {
    ...row,
    username: fields.username ?? row.username,
    fullname: fields.fullname ?? row.fullname,
    email: fields.email ?? row.email,
    isManager: fields.is_manager ?? row.isManager,
    isAdmin: fields.is_admin ?? row.isAdmin,
    isReadonly: fields.is_readonly ?? row.isReadonly,
    isEnabled: fields.is_enabled ?? row.isEnabled,
    isDeleted: fields.is_deleted ?? row.isDeleted,
  };
}

function tenantView({ id, name, isEnabled, maxRequestRate, maxRuns, maxDataVolume, createdUnixNano }: TenantRow) {
  const limits = { max_request_rate: maxRequestRate, max_runs: maxRuns, max_data_volume: maxDataVolume };
  return { id, name, is_enabled: isEnabled, ...limits, created: formatTimestamp(createdUnixNano) };
}

function userView(row: AccountRow) {
  const { id, username, fullname, email, tenant } = row;
  return {
    id,
    username,
    fullname,
    email,
    tenant,
    is_manager: row.isManager,
    is_admin: row.isAdmin,
    is_readonly: row.isReadonly,
    is_enabled: row.isEnabled,
    is_deleted: row.isDeleted,
    created: formatTimestamp(row.createdUnixNano),
  };
}
