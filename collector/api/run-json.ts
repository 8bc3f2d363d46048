import type { Principal } from '../pipeline/principal.ts';
import type { ArraySummary } from '../store/array-store.ts';
import type { RunRow } from '../store/catalog-store.ts';
import type { RunOrigin } from '../store/telemetry-store.ts';
import type { ApiContext } from './api-context.ts';
import type { Json } from './python-json.ts';
import { progressOf } from './run-progress.ts';
import { type RunMarks, runOrigin, runView } from './views.ts';

/** Where the time of a run begins. */
export const originOf = (run: RunRow): RunOrigin => ({ runId: run.id, originUnixNano: runOrigin(run) });

/** The view of one run with its metrics, as pieces of JSON. */
export async function runJson(context: ApiContext, principal: Principal, run: RunRow): Promise<Json[]> {
  const { catalog, telemetry } = context;
  const [metrics, newest, artifactCount, marks, arrays, progress] = await Promise.all([
    telemetry.metricsJson([originOf(run)]),
    telemetry.events({ runId: run.id, start: 0, count: 1, descending: true }),
    catalog.artifacts.countOfRun(run.id),
    marksOf(context, principal, [run]),
    arraysOf(context, run),
    progressOf(context, [run]),
  ]);
  const events = { count: newest.total, lastUnixNano: newest.events[0]?.timeUnixNano ?? null };
  return runView(run, metrics[0] as Uint8Array, arrays, events, artifactCount, { ...marks, progress });
}

/** What runs are marked with for a reader: stars, alerts, colours. */
export async function marksOf(context: ApiContext, principal: Principal, runs: readonly RunRow[]): Promise<RunMarks> {
  const { catalog } = context;
  const ids = runs.map(({ id }) => id);
  const [starred, alerts] = await Promise.all([
    catalog.starred(principal.username, 'run', ids),
    catalog.alerts.ofRuns(ids),
  ]);
  return { starred, alerts, alertUnit: context.alerts.unit, colours: catalog.page.colours(ids) };
}

/** Most runs have no grid: the store is not asked then. */
async function arraysOf({ catalog, telemetry }: ApiContext, { id }: RunRow): Promise<readonly ArraySummary[]> {
  return (await catalog.grids.ofRun(id)).length === 0 ? [] : telemetry.arraySummaries(id);
}
