import { SimvueError } from 'simvue-otel/errors';
import type { Principal } from '../../pipeline/principal.ts';
import type { AlertRow } from '../../store/alert-store.ts';
import { type ApiContext, type ApiServer, checkWritable, requireRun, requireWritableRun } from '../api-context.ts';
import {
  AlertChangeBody,
  AlertListQuerySchema,
  AlertListSchema,
  AlertStatusBody,
  AlertStatusParams,
  AlertStatusView,
  AlertViewSchema,
  DeduplicateQuery,
  NewAlertBody,
  RunAlertParams,
} from '../contract/alert.ts';
import { DoneView, IdView } from '../contract/answer.ts';
import { IdParams } from '../contract/query.ts';
import { isTrue } from '../query-value.ts';
import { NEWEST_FIRST, parseSorting } from '../sorting.ts';
import { alertView } from '../views.ts';

const SORT_COLUMNS = ['name', 'created'] as const;

/** `POST|GET /alerts`, `GET|PUT|DELETE /alerts/{id}`, `GET|PUT /alerts/{id}/status/{run}`, `PUT|DELETE /runs/{id}/alerts/{alert}`. */
export function registerAlertRoutes(api: ApiServer, context: ApiContext): void {
  const { alerts } = context.catalog;
  const { unit } = context.alerts;
  const listSchema = { summary: 'Alerts.', querystring: AlertListQuerySchema, response: { 200: AlertListSchema } };
  const ofRun = { params: AlertStatusParams, response: { 200: AlertStatusView } };
  const statusSchema = { summary: 'Status of an alert in a run.', ...ofRun };
  const newSchema = { body: NewAlertBody, querystring: DeduplicateQuery, response: { 200: IdView } };

  api.get('/alerts', { schema: listSchema }, async ({ query, principal }) => {
    const page = await alerts.list({
      tenant: principal.scopes.has('admin') ? undefined : principal.tenant,
      sort: parseSorting(query.sorting, SORT_COLUMNS, NEWEST_FIRST),
      start: query.start ?? 0,
      count: query.count ?? 0,
    });
    return { count: page.count, data: page.alerts.map((alert) => alertView(alert, unit)) };
  });

  api.post('/alerts', { schema: { summary: 'Makes an alert.', ...newSchema } }, async (request) => {
    const { newAlert } = await import('../alert-body.ts');
    const { username: user, tenant } = request.principal;
    const { id } = await alerts.create(newAlert(request.body), { user, tenant }, isTrue(request.query.deduplicate));
    return { id };
  });

  api.get(
    '/alerts/:id',
    { schema: { summary: 'An alert.', params: IdParams, response: { 200: AlertViewSchema } } },
    async (request) => {
      return alertView(await requireAlert(context, request.principal, request.params.id), unit);
    },
  );

  api.put(
    '/alerts/:id',
    { schema: { summary: 'Changes an alert.', params: IdParams, body: AlertChangeBody, response: { 200: IdView } } },
    async ({ params, body, principal }) => {
      const { changedAlert } = await import('../alert-body.ts');
      const alert = await requireOwnAlert(context, principal, params.id);
      await alerts.change(alert.id, changedAlert(alert, body));
      return { id: alert.id };
    },
  );

  const deletion = { params: IdParams, response: { 200: DoneView } };
  api.delete(
    '/alerts/:id',
    { schema: { summary: 'Deletes an alert.', ...deletion } },
    async ({ params, principal }) => {
      await alerts.remove((await requireOwnAlert(context, principal, params.id)).id);
      return {};
    },
  );

  const attaching = { params: RunAlertParams, response: { 200: IdView } };
  api.put(
    '/runs/:id/alerts/:alert',
    { schema: { summary: 'Attaches one more alert to a run.', ...attaching } },
    async ({ params, principal }) => {
      const run = await requireWritableRun(context, principal, params.id);
      const { id } = await requireAlert(context, principal, params.alert);
      await alerts.attachOne(run.id, id);
      return { id };
    },
  );
  api.delete(
    '/runs/:id/alerts/:alert',
    { schema: { summary: 'Takes an alert from a run.', ...attaching } },
    async ({ params, principal }) => {
      const run = await requireWritableRun(context, principal, params.id);
      const { id } = await requireAlert(context, principal, params.alert);
      await alerts.detach(run.id, id);
      return { id };
    },
  );

  api.get('/alerts/:id/status/:run', { schema: statusSchema }, async ({ params, principal }) => {
    const alert = await requireAlert(context, principal, params.id);
    const run = await requireRun(context, principal, params.run);
    return { status: await alerts.status(alert.id, run.id) };
  });

  const setSchema = { ...ofRun, summary: 'Sets the status of an alert in a run.', body: AlertStatusBody };
  api.put('/alerts/:id/status/:run', { schema: setSchema }, async ({ params, body: { status }, principal }) => {
    const alert = await requireAlert(context, principal, params.id);
    const run = await requireWritableRun(context, principal, params.run);
    await context.alerts.tell(alert, run.id, status, principal.username);
    return { id: alert.id, status };
  });
}

/** An alert of the principal's tenant. */
export async function requireAlert(
  { catalog }: Pick<ApiContext, 'catalog'>,
  principal: Principal,
  id: string,
): Promise<AlertRow> {
  const alert = await findAlert(catalog, principal, id);
  if (alert !== undefined) return alert;
  throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `alert ${JSON.stringify(id)} is not known here: check the id`);
}

/** As {@link requireAlert}; undefined = there is none. */
export async function findAlert(
  catalog: ApiContext['catalog'],
  { scopes, tenant }: Principal,
  id: string,
): Promise<AlertRow | undefined> {
  const alert = await catalog.alerts.get(id);
  return scopes.has('admin') || alert?.tenant === tenant ? alert : undefined;
}

async function requireOwnAlert(context: ApiContext, principal: Principal, id: string): Promise<AlertRow> {
  const alert = await requireAlert(context, principal, id);
  checkWritable(principal, alert, `alert ${alert.name}`);
  return alert;
}
