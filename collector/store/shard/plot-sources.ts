import type { PointColumns } from '../chunk/point-columns.ts';
import type { PlotQuery } from '../telemetry-store.ts';
import type { ChunkSummary } from './chunk-summary.ts';
import type { ChunkTable } from './chunk-table.ts';
import { type PlotAxis, plotAxis } from './plot-axis.ts';
import type { SeriesState } from './series-state.ts';
import { storedParts } from './stored-points.ts';

/** Some points of a series on an axis: a chunk in the table, one that waits, or the head. */
export interface PlotSource {
  readonly summary: ChunkSummary;
  /** Least and greatest x. */
  readonly low: number;
  readonly high: number;
  /** x of an extreme. */
  place(extreme: 'minPlace' | 'maxPlace'): number;
  /** The points, in time order; x is NaN for a point that is not on the axis. */
  read(): { readonly x: Float64Array; readonly value: Float64Array };
}

/** Everything a shard has of a series, in the order in which it was sealed. */
export function plotSources(state: SeriesState, table: ChunkTable, query: PlotQuery): PlotSource[] {
  const parts = storedParts(state, table);
  const summaries = parts.map((part) => part.summary);
  const axis = plotAxis(query.axis, query.originUnixNano, summaries);
  let ordinal = 0;
  return parts.map(({ summary, columns }) => {
    const source = sourceOn(axis, summary, columns, ordinal);
    ordinal += summary.count;
    return source;
  });
}

function sourceOn(axis: PlotAxis, summary: ChunkSummary, columns: () => PointColumns, ordinal: number): PlotSource {
  const [low, high] = axis.range(summary, ordinal);
  return {
    summary,
    low,
    high,
    place: (extreme) => {
      const x = axis.place(summary[extreme]);
      return Number.isNaN(x) ? (low + high) / 2 : x;
    },
    read: () => {
      const points = columns();
      return { x: axis.column(points, ordinal), value: points.value };
    },
  };
}
