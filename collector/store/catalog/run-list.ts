import type { MetricColumn, RunListQuery, RunRow } from '../catalog-store.ts';
import type { ListReader } from './list-reader.ts';
import { metricOf, metricOrderQueries, runListQueries } from './run-query.ts';
import { readRunRow } from './run-rows.ts';

/** Of more matches the values are not looked up one by one: the page is read along the values. */
const MAX_LOOKED_UP = 2_000;

/** A page of runs, and the number of all that match. */
export function readRunList(lists: ListReader, query: RunListQuery, nowUnixNano: bigint, maxLookedUp = MAX_LOOKED_UP) {
  const { page, total } = runListQueries(query, nowUnixNano);
  const count = lists.count(total);
  if (count <= query.start) return { count, runs: [] };
  const metric = metricOf(query.sort[0]?.column);
  const isAlong = metric !== undefined && query.count > 0 && count > maxLookedUp;
  const runs = isAlong ? readAlong(lists, query, metric, count, nowUnixNano) : lists.arrays(page).map(readRunRow);
  return { count, runs };
}

function readAlong(
  lists: ListReader,
  query: RunListQuery,
  metric: MetricColumn,
  count: number,
  nowUnixNano: bigint,
): RunRow[] {
  const { having, countHaving, lacking } = metricOrderQueries(query, metric, nowUnixNano);
  const runs = lists.arrays(having);
  const missing = Math.min(query.count, count - query.start) - runs.length;
  if (missing > 0) {
    const start = Math.max(0, query.start - lists.count(countHaving));
    runs.push(...lists.arrays(lacking(start, missing)));
  }
  return runs.map(readRunRow);
}
