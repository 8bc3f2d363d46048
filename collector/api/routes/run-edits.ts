import type { Principal } from '../../pipeline/principal.ts';
import { randomId } from '../../pipeline/run-id.ts';
import { isTerminal } from '../../pipeline/run-lifecycle.ts';
import { type ApiContext, type ApiServer, requireRun, requireWritableRun } from '../api-context.ts';
import { DoneView, IdView, StarView } from '../contract/answer.ts';
import { ProblemSchema } from '../contract/problem.ts';
import { IdParams } from '../contract/query.ts';
import {
  AbortBody,
  AbortRequestView,
  AbortView,
  type NewRunBody,
  NewRunsBody,
  NewRunsView,
  RunChangeBody,
  RunDeletionQuery,
  StarBody,
} from '../contract/write.ts';
import { InvalidBody } from '../problem.ts';
import { parseStringList } from '../query-value.ts';
import { newRunEdit, runEdit } from '../run-body.ts';
import { findAlert } from './alerts.ts';

/** Runs that are named in one address. */
const MAX_DELETED = 1000;
const DEFAULT_ABORT_REASON = 'Aborted by a user';

/** `POST|DELETE /runs`, `PUT|DELETE /runs/{id}`, heartbeat, abort and star. */
export function registerRunEditRoutes(api: ApiServer, context: ApiContext): void {
  const { catalog, edits, limits } = context;
  const create = async (bodies: readonly NewRunBody[], principal: Principal) => {
    const { tenant, username } = principal;
    limits.checkRuns(tenant, bodies.length);
    const changes = bodies.map((body) => newRunEdit(body, principal));
    const make = () => Promise.all(changes.map((change) => edits.apply(randomId(), change, username)));
    const runs = await limits.making(tenant, bodies.length, make);
    await Promise.all(runs.map(({ id }, index) => attachAlerts(context, principal, id, bodies[index]?.alerts)));
    return runs.map(({ id, name }) => ({ id, name }));
  };

  // A batch is checked as a whole before its first run is made; its runs share one durable write.
  const making = { summary: 'Makes a run, or a batch of runs.', body: NewRunsBody, response: { 200: NewRunsView } };
  api.post('/runs', { schema: making }, async ({ body, principal }) => {
    if (Array.isArray(body)) return create(body as readonly NewRunBody[], principal);
    const [run] = await create([body as NewRunBody], principal);
    return run;
  });

  const changing = { params: IdParams, body: RunChangeBody, response: { 200: IdView } };
  api.put('/runs/:id', { schema: { summary: 'Changes a run.', ...changing } }, async ({ params, body, principal }) => {
    const { id } = await requireWritableRun(context, principal, params.id);
    const edit = runEdit(body);
    await attachAlerts(context, principal, id, body.alerts);
    await edits.apply(id, edit, principal.username);
    return { id };
  });

  const deletion = { params: IdParams, response: { 200: DoneView } };
  api.delete(
    '/runs/:id',
    { schema: { summary: 'Deletes a run with its data.', ...deletion } },
    async ({ params: { id }, principal }) => {
      // A run whose data could not be removed the first time is still deleted: asking again finishes the work.
      const run = catalog.isDeleted(id) ? { id } : await requireWritableRun(context, principal, id);
      await context.deletion.delete([run.id]);
      return {};
    },
  );

  const deletions = { querystring: RunDeletionQuery, response: { 200: DoneView, 404: ProblemSchema } };
  api.delete(
    '/runs',
    { schema: { summary: 'Deletes some runs with their data, or none of them.', ...deletions } },
    async ({ query, principal }) => {
      const ids = parseStringList('runs', query.runs, MAX_DELETED);
      const runs = ids.filter((id) => !catalog.isDeleted(id));
      const found = await Promise.all(runs.map((id) => requireWritableRun(context, principal, id)));
      await context.deletion.delete(found.map(({ id }) => id));
      return {};
    },
  );

  const beating = { params: IdParams, response: { 200: IdView } };
  api.put(
    '/runs/:id/heartbeat',
    { schema: { summary: 'A sign of life.', ...beating } },
    async ({ params, principal }) => {
      const run = await requireWritableRun(context, principal, params.id);
      await edits.heartbeat(run);
      return { id: run.id };
    },
  );

  const asking = { params: IdParams, response: { 200: AbortView } };
  api.get(
    '/runs/:id/abort',
    { schema: { summary: 'Whether the run shall stop.', ...asking } },
    async ({ params, principal }) => {
      const { id } = await requireRun(context, principal, params.id);
      const abort = await catalog.abortOf(id);
      return { status: abort !== undefined, reason: abort?.reason ?? null, user: abort?.user ?? null };
    },
  );

  const aborting = { params: IdParams, body: AbortBody, response: { 200: AbortRequestView } };
  api.put(
    '/runs/:id/abort',
    { schema: { summary: 'Asks the program of a run to stop.', ...aborting } },
    async ({ params, body, principal }) => {
      const run = await requireWritableRun(context, principal, params.id);
      // A flag on a run that has ended would stop it when it is taken up again.
      const status = !isTerminal(run.status);
      if (status) {
        await catalog.requestAbort(run.id, body.reason || DEFAULT_ABORT_REASON, principal.username);
        context.live.publish({ runId: run.id, points: 0, events: 0, state: true });
      }
      return { id: run.id, status };
    },
  );

  api.put(
    '/runs/:id/starred',
    { schema: { summary: 'Gives or takes a star.', params: IdParams, body: StarBody, response: { 200: StarView } } },
    async ({ params, body, principal }) => {
      const { id } = await requireRun(context, principal, params.id);
      await catalog.setStar(principal.username, 'run', id, body.starred);
      return { id, starred: body.starred };
    },
  );
}

/** An empty list changes nothing: Simvue's sender writes one when nothing was staged. */
async function attachAlerts(
  { catalog }: ApiContext,
  principal: Principal,
  runId: string,
  ids: readonly string[] | null = [],
): Promise<void> {
  if (ids === null || ids.length === 0) return;
  for (const id of ids) {
    if ((await findAlert(catalog, principal, id)) !== undefined) continue;
    const reason = `alert ${JSON.stringify(id)} is not known here: make it first with POST /api/alerts`;
    throw new InvalidBody(['alerts'], reason);
  }
  await catalog.alerts.attach(runId, ids);
}
