import type { PlotQuery, PlotSeries } from '../telemetry-store.ts';
import type { ChunkTable } from './chunk-table.ts';
import { bucketPoints } from './plot-buckets.ts';
import { readPoints } from './plot-points.ts';
import { plotSources } from './plot-sources.ts';
import { bucketSummaries } from './plot-summaries.ts';
import { plotTotals } from './plot-totals.ts';
import type { SeriesState } from './series-state.ts';

/** Draws one series: every point, or at most `maxPoints` buckets with exact extremes. */
export function plotSeries(state: SeriesState, table: ChunkTable, query: PlotQuery): PlotSeries {
  const { id } = state.series;
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query;
  const maxPoints = query.maxPoints ?? Number.POSITIVE_INFINITY;
  const all = plotSources(state, table, query);
  if (query.totals && state.series.definition.temporality === 'delta') return plotTotals(id, all, from, to, maxPoints);
  const sources = all.filter((source) => source.high >= from && source.low <= to);
  const total = sources.reduce((sum, source) => sum + source.summary.count, 0);
  const buckets = total > maxPoints ? bucketSummaries(sources, from, to, maxPoints) : undefined;
  if (buckets !== undefined) return buckets.finish(id);
  const { x, value } = readPoints(sources, from, to);
  if (x.length > maxPoints) return bucketPoints(id, x, value, maxPoints);
  return { seriesId: id, kind: 'points', total: x.length, x, value };
}
