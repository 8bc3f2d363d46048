import { seriesByName } from '../series-by-name.ts';
import type { MetricCell, MetricCellQuery, RunOrigin } from '../telemetry-store.ts';
import type { ChunkTable } from './chunk-table.ts';
import { mergeInstances } from './metrics-json.ts';
import { plotSeries } from './plot-series.ts';
import type { SeriesState } from './series-state.ts';

/**
 * What a table shows of some metrics of a run, in the order asked for.
 *
 * @param states - the series of these metrics.
 */
export function metricCells(
  states: readonly SeriesState[],
  table: ChunkTable,
  { runId, originUnixNano }: RunOrigin,
  { metrics, maxPoints }: MetricCellQuery,
): MetricCell[] {
  const summaries = states.map((state) => state.summary()).filter((summary) => summary !== undefined);
  const byName = seriesByName(summaries);
  const byId = new Map(states.map((state) => [state.series.id, state]));
  return metrics.flatMap((metric) => {
    const group = byName.get(metric);
    if (group === undefined) return [];
    const drawn =
      maxPoints === 0 ? [] : group.map(({ series }) => byId.get(series.id)).filter((one) => one !== undefined);
    const query = { runId, seriesIds: [], axis: 'step', originUnixNano, maxPoints } as const;
    return [
      {
        metric,
        ...mergeInstances(group, originUnixNano),
        plots: drawn.map((state) => plotSeries(state, table, query)),
      },
    ];
  });
}
