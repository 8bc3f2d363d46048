import type { RunListQuery, RunSortColumn } from '../store/catalog-store.ts';
import { InvalidQuery } from './problem.ts';
import { parseJson } from './query-value.ts';

const COLUMNS = new Map<string, RunSortColumn>([
  ['created', 'created'],
  ['started', 'started'],
  ['endtime', 'ended'],
  ['ended', 'ended'],
  ['modified', 'modified'],
  ['name', 'name'],
]);
const NEWEST_FIRST: RunListQuery['sort'] = [{ column: 'created', descending: true }];
const MAX_COLUMNS = 8;

/**
 * Parses `sorting` of `GET /api/runs`: a JSON list of `{"id": column, "desc": boolean}`, applied in order; none = newest first.
 *
 * @throws InvalidQuery that names the column and what is supported.
 */
export function parseRunSorting(text: string | undefined): RunListQuery['sort'] {
  if (text === undefined || text.trim() === '') return NEWEST_FIRST;
  const list = parseJson('sorting', text);
  if (!Array.isArray(list) || list.length > MAX_COLUMNS) throw notSorting();
  return list.length === 0 ? NEWEST_FIRST : list.map(parseColumn);
}

/**
 * Parses `sorting` of a list with fixed columns; none = `otherwise`.
 *
 * @throws InvalidQuery that names the column and what is supported.
 */
export function parseSorting<C extends string>(
  text: string | undefined,
  columns: readonly C[],
  otherwise: readonly { readonly column: C; readonly descending: boolean }[],
): readonly { readonly column: C; readonly descending: boolean }[] {
  if (text === undefined || text.trim() === '') return otherwise;
  const list = parseJson('sorting', text);
  if (!Array.isArray(list) || list.length > MAX_COLUMNS) throw notSorting();
  return list.map((entry, index) => {
    const { id, desc } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
    const column = columns.find((known) => known === id);
    if (column !== undefined) return { column, descending: desc === true };
    const supported = columns.join(', ');
    throw new InvalidQuery(
      'sorting',
      `cannot sort by ${JSON.stringify(id) ?? 'nothing'}; supported: ${supported}`,
      index,
    );
  });
}

function notSorting(): InvalidQuery {
  return new InvalidQuery('sorting', `sorting must be a JSON list of at most ${MAX_COLUMNS} {"id": …, "desc": …}`);
}

function parseColumn(entry: unknown, index: number): RunListQuery['sort'][number] {
  const { id, desc } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
  const column = typeof id === 'string' ? sortColumn(id) : undefined;
  if (column === undefined) {
    const supported = 'created, started, endtime, modified, name, metadata.X';
    throw new InvalidQuery(
      'sorting',
      `cannot sort by ${JSON.stringify(id) ?? 'nothing'}; supported: ${supported}`,
      index,
    );
  }
  return { column, descending: desc === true };
}

function sortColumn(id: string): RunSortColumn | undefined {
  return id.startsWith('metadata.') && id.length > 9 ? `metadata.${id.slice(9)}` : COLUMNS.get(id);
}
