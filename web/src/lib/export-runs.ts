import type { RunListItem } from '../../../collector/api/contract/run.ts';
import { fetchMetricCells, fetchRuns } from './api.ts';
import { type MetricCells, metricsOf } from './columns.ts';
import type { RunsState } from './route.ts';
import { runsCsv } from './table-export.ts';

/** The collector reads the metrics of so many runs at once. */
const ROWS = 100;

/** Metric cells of any number of runs, with last values alone. */
async function cellsOf(runs: readonly RunListItem[], metrics: readonly string[], signal: AbortSignal) {
  let cells: MetricCells = {};
  for (let first = 0; metrics.length > 0 && first < runs.length; first += ROWS) {
    const ids = runs.slice(first, first + ROWS).map(({ id }) => id);
    cells = Object.assign(cells, await fetchMetricCells({ runs: ids, metrics, values: 0 }, signal));
  }
  return cells;
}

/** CSV of these runs with the columns of the table. */
export async function csvOf(runs: readonly RunListItem[], columns: readonly string[], signal: AbortSignal) {
  return runsCsv(runs, columns, await cellsOf(runs, metricsOf(columns), signal));
}

/**
 * CSV of the whole list in its order, with the columns of the table; a run that moves while it is read comes once.
 *
 * @param report - told how many of how many have been read.
 */
export async function exportRuns(
  state: RunsState,
  report: (read: number, count: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const all = new Map<string, RunListItem>();
  const cells: MetricCells = {};
  for (let page = 1; ; page++) {
    const { data, count } = await fetchRuns({ ...state, page, rows: ROWS }, signal);
    for (const run of data) all.set(run.id, run);
    Object.assign(cells, await cellsOf(data, metricsOf(state.columns), signal));
    report(all.size, count);
    if (page * ROWS >= count) return runsCsv([...all.values()], state.columns, cells);
  }
}
