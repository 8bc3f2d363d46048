import { SimvueError } from 'simvue-otel/errors';
import { formatTimestamp } from 'simvue-otel/time';
import { inShape, type MetricArray } from '../../pipeline/metric-array.ts';
import { markNonFinite } from '../../pipeline/non-finite.ts';
import type { GridRow } from '../../store/grid-store.ts';
import { type ApiContext, type ApiServer, checkWritable, requireRun, requireWritableRun } from '../api-context.ts';
import { DoneView, IdView } from '../contract/answer.ts';
import {
  ArrayParams,
  ArrayQuery,
  GridViewSchema,
  NewGridBody,
  RunGridBody,
  RunGridListSchema,
  RunGridParams,
  type SpanView,
} from '../contract/grid.ts';
import { IdParams } from '../contract/query.ts';
import { InvalidQuery } from '../problem.ts';

/** `POST /grids`, `GET|DELETE /grids/{id}`, the grids of a run, and the arrays of its metrics. */
export function registerGridRoutes(api: ApiServer, context: ApiContext): void {
  const { grids } = context.catalog;

  const making = { summary: 'Makes a grid.', body: NewGridBody, response: { 200: IdView } };
  api.post('/grids', { schema: making }, async ({ body: { name, grid, labels }, principal }) => {
    return { id: await grids.create({ name, ticks: grid, labels, user: principal.username }) };
  });

  const one = { summary: 'A grid.', params: IdParams, response: { 200: GridViewSchema } };
  api.get('/grids/:id', { schema: one }, async ({ params }) => {
    const { id, name, ticks, labels, user, createdUnixNano } = await requireGrid(context, params.id);
    const grid = ticks.map((axis) => [...axis]);
    return { id, name, grid, labels: [...labels], user, created: formatTimestamp(createdUnixNano) };
  });

  const deletion = { summary: 'Deletes a grid.', params: IdParams, response: { 200: DoneView } };
  api.delete('/grids/:id', { schema: deletion }, async ({ params, principal }) => {
    const grid = await requireGrid(context, params.id);
    checkWritable(principal, grid, `grid ${grid.name}`);
    await grids.remove(grid.id);
    return {};
  });

  const listSchema = { summary: 'Grids of a run.', params: IdParams, response: { 200: RunGridListSchema } };
  api.get('/runs/:id/grids', { schema: listSchema }, async ({ params, principal }) => {
    const run = await requireRun(context, principal, params.id);
    return (await grids.ofRun(run.id)).map(({ grid: { id, name }, metric }) => ({ id, name, metric }));
  });

  const assigned = { params: RunGridParams, body: RunGridBody, response: { 200: IdView } };
  const assignSchema = { summary: 'Gives a metric of a run a grid.', ...assigned };
  api.put('/runs/:id/grids/:grid', { schema: assignSchema }, async ({ params, body, principal }) => {
    const run = await requireWritableRun(context, principal, params.id);
    const grid = await requireGrid(context, params.grid);
    await grids.assign(run.id, body.metric, grid.id);
    return { id: grid.id };
  });

  // The name of a metric may hold slashes: what is asked of it stands at the end.
  const arraySchema = { params: ArrayParams, querystring: ArrayQuery };
  api.get('/runs/:id/metrics/*', { schema: arraySchema }, async ({ params, query, principal }) => {
    const run = await requireRun(context, principal, params.id);
    const [, metric = '', what] = /^(.+)\/(values|span|steps)$/s.exec(params['*']) ?? [];
    if (what === 'span') return [await span(context, run.id, metric)];
    if (what === 'steps') return context.telemetry.arraySteps(run.id, metric);
    if (what === 'values') return values(context, run.id, metric, query.step);
    throw new SimvueError(
      'SIMVUE_ERR_NOT_FOUND',
      'ask for /api/runs/{id}/metrics/{name}/values?step=N, …/span or …/steps',
    );
  });
}

async function requireGrid({ catalog }: ApiContext, id: string): Promise<GridRow> {
  const grid = await catalog.grids.get(id);
  if (grid !== undefined) return grid;
  throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `grid ${JSON.stringify(id)} is not known here: check the id`);
}

async function values({ catalog, telemetry }: ApiContext, runId: string, metric: string, step: number | undefined) {
  if (step === undefined) throw new InvalidQuery('step', 'step is missing: an array is read by its step');
  const found = await telemetry.arrayAt(runId, metric, step);
  if (found === undefined) throw noArray(`${metric} at step ${step}`);
  const assigned = (await catalog.grids.ofRun(runId)).find((entry) => entry.metric === metric);
  return {
    array: nested(found),
    step: found.step,
    time: found.runTimeSeconds,
    timestamp: formatTimestamp(found.timeUnixNano),
    grid: assigned?.grid.id ?? null,
  };
}

async function span({ telemetry }: ApiContext, runId: string, metric: string): Promise<SpanView> {
  const summary = (await telemetry.arraySummaries(runId)).find((one) => one.metric === metric);
  if (summary === undefined) throw noArray(metric);
  return {
    min_step: summary.minStep,
    max_step: summary.maxStep,
    min_time: summary.minRunTimeSeconds,
    max_time: summary.maxRunTimeSeconds,
    min_timestamp: formatTimestamp(summary.firstTimeUnixNano),
    max_timestamp: formatTimestamp(summary.lastTimeUnixNano),
  };
}

function noArray(what: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_NOT_FOUND', `the run has no array of metric ${what}`);
}

/** As it was sent; what is not finite is marked, to be printed as the asker can read it. */
function nested({ shape, values: flat }: MetricArray): unknown[] {
  const cells = Array.from(flat, (value) => (Number.isFinite(value) ? value : markNonFinite(value)));
  return inShape(shape, cells);
}
