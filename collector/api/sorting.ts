import type { RunListQuery, RunSortColumn } from '../store/catalog-store.ts';
import { parseListSorting } from './list-sorting.ts';

const COLUMNS = new Map<string, Exclude<RunSortColumn, `metadata.${string}`>>([
  ['created', 'created'],
  ['started', 'started'],
  ['endtime', 'ended'],
  ['ended', 'ended'],
  ['modified', 'modified'],
  ['name', 'name'],
]);

/** Parses `sorting` of `GET /api/runs`. @throws InvalidQuery that names the column and what is supported. */
export function parseRunSorting(text: string | undefined): RunListQuery['sort'] {
  return parseListSorting(text, COLUMNS);
}
