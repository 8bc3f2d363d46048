import { SimvueError } from 'simvue-otel/errors';
import { formatTimestamp } from 'simvue-otel/time';
import { type ApiContext, type ApiServer, requireFolder, requireWritableRun } from '../api-context.ts';
import { DoneView, IdView } from '../contract/answer.ts';
import {
  ColourBody,
  ColourView,
  DashboardListSchema,
  DashboardParams,
  NewDashboardBody,
  NewViewBody,
  ViewListSchema,
} from '../contract/page.ts';
import { IdParams } from '../contract/query.ts';
import { checkCards } from '../dashboard-body.ts';
import { checkDescribable } from './folder-edits.ts';

const MAX_VIEWS = 200;
const MAX_DASHBOARDS = 100;

/** `PUT /runs/{id}/colour`, `GET|POST|DELETE /views`, `GET|POST|DELETE /folders/{id}/dashboards`. */
export function registerPageSettingRoutes(api: ApiServer, context: ApiContext): void {
  const { page } = context.catalog;

  const colouring = { params: IdParams, body: ColourBody, response: { 200: ColourView } };
  api.put(
    '/runs/:id/colour',
    { schema: { summary: 'Chooses the colour of a run.', ...colouring } },
    async ({ params, body: { colour }, principal }) => {
      const { id } = await requireWritableRun(context, principal, params.id);
      await page.setColour(id, colour ?? undefined);
      return { id, colour: page.colours([id]).get(id) ?? 0 };
    },
  );

  const views = { summary: 'Named lists of runs of who asks.', response: { 200: ViewListSchema } };
  api.get('/views', { schema: views }, async ({ principal }) => ({
    data: page
      .views(principal.username)
      .map(({ id, name, query, createdUnixNano }) => ({ id, name, query, created: formatTimestamp(createdUnixNano) })),
  }));
  const keeping = { summary: 'Keeps a list of runs under a name.', body: NewViewBody, response: { 200: IdView } };
  api.post('/views', { schema: keeping }, async ({ body, principal: { username } }) => {
    checkRoom(page.views(username), body.name, MAX_VIEWS);
    return { id: await page.saveView(username, body) };
  });
  const forgetting = { summary: 'Forgets a named list.', params: IdParams, response: { 200: DoneView } };
  api.delete('/views/:id', { schema: forgetting }, async ({ params, principal }) => {
    if (await page.removeView(principal.username, params.id)) return {};
    throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `view ${JSON.stringify(params.id)} is not known here: check the id`);
  });

  const dashboards = { summary: 'Dashboards of a folder.', params: IdParams, response: { 200: DashboardListSchema } };
  api.get('/folders/:id/dashboards', { schema: dashboards }, async ({ params, principal }) => {
    const folder = await requireFolder(context, principal, params.id);
    return {
      data: page.dashboards(folder.id).map(({ cards, modifiedUnixNano, ...rest }) => ({
        ...rest,
        cards: cards.map((card) => ({ ...card, metrics: [...card.metrics] })),
        modified: formatTimestamp(modifiedUnixNano),
      })),
    };
  });
  const saving = { params: IdParams, body: NewDashboardBody, response: { 200: IdView } };
  api.post(
    '/folders/:id/dashboards',
    { schema: { summary: 'Keeps a dashboard of a folder.', ...saving } },
    async ({ params, body, principal }) => {
      checkCards(body.cards);
      const folder = await requireFolder(context, principal, params.id);
      checkDescribable(principal, folder);
      checkRoom(page.dashboards(folder.id), body.name, MAX_DASHBOARDS);
      return { id: await page.saveDashboard(folder.id, { ...body, user: principal.username }) };
    },
  );
  const removing = { params: DashboardParams, response: { 200: DoneView } };
  api.delete(
    '/folders/:id/dashboards/:dashboard',
    { schema: { summary: 'Deletes a dashboard.', ...removing } },
    async ({ params: { id, dashboard }, principal }) => {
      const folder = await requireFolder(context, principal, id);
      checkDescribable(principal, folder);
      if (await page.removeDashboard(folder.id, dashboard)) return {};
      throw new SimvueError(
        'SIMVUE_ERR_NOT_FOUND',
        `dashboard ${JSON.stringify(dashboard)} is not known here: check the id`,
      );
    },
  );
}

/** @throws SimvueError `SIMVUE_ERR_CONFLICT` when there are so many that another name does not fit. */
function checkRoom(there: readonly { readonly name: string }[], name: string, most: number): void {
  if (there.length < most || there.some((one) => one.name === name)) return;
  throw new SimvueError('SIMVUE_ERR_CONFLICT', `there are ${most} already: delete one first`);
}
