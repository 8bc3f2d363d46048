import type { ActivityList } from '../../../collector/api/contract/activity.ts';
import type { ArtifactView, Lineage, Namesakes } from '../../../collector/api/contract/artifact.ts';
import type { InstanceList, RunView } from '../../../collector/api/contract/run.ts';
import type { RunLinks } from '../../../collector/api/contract/run-links.ts';
import type { SpanList } from '../../../collector/api/contract/span.ts';
import type { Field, FieldValues } from './field.ts';
import { request } from './request.ts';

const get = <T>(path: string, query: URLSearchParams, signal: AbortSignal): Promise<T> =>
  request(path, { query, signal });
const run = (id: string, rest: string) => `/api/runs/${encodeURIComponent(id)}${rest}`;

/** The writers of a run. */
export const fetchInstances = (id: string): Promise<InstanceList> => request(run(id, '/instances'));

/** Other places that show a run. */
export const fetchRunLinks = (id: string): Promise<RunLinks> => request(run(id, '/links'));

/** What became different of a run, the newest first. @param field - empty = everything. */
export function fetchActivity(
  id: string,
  { field, count }: { field: string; count: number },
  signal: AbortSignal,
): Promise<ActivityList> {
  const query = new URLSearchParams({ count: String(Math.min(1000, count)), ...(field ? { field } : {}) });
  return get(run(id, '/activity'), query, signal);
}

const SPANS_A_PAGE = 1000;

/** The first spans of a run, and how many there are. */
export async function fetchSpans(id: string, most: number, signal: AbortSignal): Promise<SpanList> {
  const pages = await Promise.all(
    Array.from({ length: Math.ceil(most / SPANS_A_PAGE) }, (_, index) => {
      const query = new URLSearchParams({ start: String(index * SPANS_A_PAGE), count: String(SPANS_A_PAGE) });
      return get<SpanList>(run(id, '/spans'), query, signal);
    }),
  );
  return { count: pages[0]?.count ?? 0, data: pages.flatMap((page) => page.data) };
}

/** Axes of an array. */
export type Grid = Omit<Field, 'metric'>;

/**
 * Axes of the multi-dimensional metrics of a run, by metric.
 *
 * @param grids - those that are known by their id; what is asked is added.
 */
export async function fetchFields(id: string, grids: Map<string, Grid>, signal: AbortSignal): Promise<Field[]> {
  const assigned = await get<{ id: string; metric: string }[]>(run(id, '/grids'), new URLSearchParams(), signal);
  const unknown = new Set(assigned.map((one) => one.id).filter((one) => !grids.has(one)));
  await Promise.all([...unknown].map(async (one) => grids.set(one, await fetchGrid(one, signal))));
  return assigned.flatMap(({ id: one, metric }) => {
    const grid = grids.get(one);
    return grid ? [{ metric, ...grid }] : [];
  });
}

async function fetchGrid(id: string, signal: AbortSignal): Promise<Grid> {
  const path = `/api/grids/${encodeURIComponent(id)}`;
  const { grid: ticks, labels } = await get<Pick<Field, 'labels'> & { grid: Field['ticks'] }>(
    path,
    new URLSearchParams(),
    signal,
  );
  return { ticks, labels };
}

const field = (id: string, metric: string, what: string) => run(id, `/metrics/${encodeURIComponent(metric)}/${what}`);

/** Steps at which a multi-dimensional metric has an array. */
export const fetchFieldSteps = (id: string, metric: string, signal: AbortSignal): Promise<number[]> =>
  get(field(id, metric, 'steps'), new URLSearchParams(), signal);

/** The array of a step. */
export const fetchFieldAt = (id: string, metric: string, step: number, signal: AbortSignal): Promise<FieldValues> =>
  get(field(id, metric, 'values'), new URLSearchParams({ step: String(step) }), signal);

/** Runs that made or used the content of an artifact. */
export const fetchLineage = (artifact: string): Promise<Lineage> =>
  request(`/api/artifacts/${encodeURIComponent(artifact)}/lineage`);

/** Other runs with an artifact of the same name. @param search - what the name or the folder of a run contains. */
export const fetchNamesakes = (id: string, artifact: string, search: string, signal: AbortSignal): Promise<Namesakes> =>
  get(
    run(id, `/artifacts/${encodeURIComponent(artifact)}/namesakes`),
    new URLSearchParams(search ? { search } : {}),
    signal,
  );

/** A run and what it has under the name of an artifact: the newest that arrived; undefined when it has nothing. */
export async function fetchCounterpart(
  id: string,
  { name, category }: Pick<ArtifactView, 'name' | 'category'>,
  signal: AbortSignal,
): Promise<{ readonly run: RunView; readonly artifact: ArtifactView | undefined }> {
  const query = new URLSearchParams({ name, ...(category ? { category } : {}) });
  const [view, named] = await Promise.all([
    get<RunView>(run(id, ''), new URLSearchParams(), signal),
    get<ArtifactView[]>(run(id, '/artifacts'), query, signal),
  ]);
  return { run: view, artifact: named.findLast(({ uploaded }) => uploaded) ?? named.at(-1) };
}
