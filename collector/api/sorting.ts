import type { ArtifactListQuery, ArtifactSortColumn } from '../store/artifact-store.ts';
import type { MetricColumn, RunListQuery, RunSortColumn } from '../store/catalog-store.ts';
import type { FolderListQuery } from '../store/folder-store.ts';
import type { RunNumber } from '../store/last-value-store.ts';
import { InvalidQuery } from './problem.ts';
import { parseJson } from './query-value.ts';

interface Term<C extends string> {
  readonly column: C;
  readonly descending: boolean;
}
type Sort<C extends string> = readonly Term<C>[];
type FolderColumn = FolderListQuery['sort'][number]['column'];

const RUN_COLUMNS: Readonly<Record<string, RunSortColumn>> = {
  created: 'created',
  started: 'started',
  endtime: 'ended',
  ended: 'ended',
  modified: 'modified',
  name: 'name',
};
const FOLDER_COLUMNS: Readonly<Record<string, FolderColumn>> = {
  path: 'path',
  name: 'name',
  created: 'created',
  modified: 'modified',
};
const ARTIFACT_COLUMNS: Readonly<Record<string, ArtifactSortColumn>> = { name: 'name', created: 'created' };
/** Whoever asks for a page without an order looks for what was just made. */
export const NEWEST_FIRST: Sort<'created'> = [{ column: 'created', descending: true }];
const MAX_COLUMNS = 8;
const METADATA = 'metadata.';
const METRICS = 'metrics.';

/**
 * Parses `sorting` of `GET /api/runs`: a JSON list of `{"id": column, "desc": boolean}`, applied in order; the newest first where nothing else decides.
 *
 * @throws InvalidQuery that names the column and what is supported.
 */
export function parseRunSorting(text: string | undefined): RunListQuery['sort'] {
  const terms = parse<RunSortColumn>(text, RUN_COLUMNS, NEWEST_FIRST, [METADATA, METRICS]);
  return terms.every(({ column }) => column.startsWith(METRICS)) ? [...terms, ...NEWEST_FIRST] : terms;
}

/** The numbers of runs that decide a list. */
export function numbersOf({ sort, filters }: Pick<RunListQuery, 'sort' | 'filters'>): RunNumber[] {
  const metrics = sort
    .map(({ column }) => column)
    .filter((column): column is MetricColumn => column.startsWith(METRICS));
  const asked = filters.filter((filter) => filter.kind === 'number').map(({ number }) => number);
  return [...new Set([...metrics, ...asked])];
}

/** Parses `sorting` of `GET /api/folders`; none = newest first. @throws InvalidQuery */
export function parseFolderSorting(text: string | undefined): FolderListQuery['sort'] {
  return parse<FolderColumn>(text, FOLDER_COLUMNS, NEWEST_FIRST, [METADATA]);
}

/** Parses `sorting` of `GET /api/artifacts`; none = newest first. @throws InvalidQuery */
export function parseArtifactSorting(text: string | undefined): ArtifactListQuery['sort'] {
  return parse<ArtifactSortColumn>(text, ARTIFACT_COLUMNS, NEWEST_FIRST, [METADATA]);
}

/** Parses `sorting` of a list with fixed columns. @throws InvalidQuery */
export function parseSorting<C extends string>(
  text: string | undefined,
  columns: readonly C[],
  otherwise: Sort<C>,
): Sort<C> {
  return parse<C>(text, Object.fromEntries(columns.map((column) => [column, column])), otherwise, []);
}

function parse<C extends string>(
  text: string | undefined,
  columns: Readonly<Record<string, C>>,
  otherwise: Sort<C>,
  prefixes: readonly string[],
): Sort<C> {
  if (text === undefined || text.trim() === '') return otherwise;
  const list = parseJson('sorting', text);
  if (!Array.isArray(list) || list.length > MAX_COLUMNS) {
    throw new InvalidQuery('sorting', `sorting must be a JSON list of at most ${MAX_COLUMNS} {"id": …, "desc": …}`);
  }
  if (list.length === 0) return otherwise;
  return list.map((entry: unknown, index) => {
    const { id, desc } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
    const column = columnOf(id, columns, prefixes);
    if (column !== undefined) return { column, descending: desc === true };
    const supported = [...Object.keys(columns), ...prefixes.map((prefix) => `${prefix}X`)].join(', ');
    throw new InvalidQuery(
      'sorting',
      `cannot sort by ${JSON.stringify(id) ?? 'nothing'}; supported: ${supported}`,
      index,
    );
  });
}

function columnOf<C extends string>(
  id: unknown,
  columns: Readonly<Record<string, C>>,
  prefixes: readonly string[],
): C | undefined {
  if (typeof id !== 'string') return undefined;
  if (prefixes.some((prefix) => id.startsWith(prefix) && id.length > prefix.length)) return id as C;
  return Object.hasOwn(columns, id) ? columns[id] : undefined;
}
