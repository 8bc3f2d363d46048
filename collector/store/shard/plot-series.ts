import { decodeChunk } from '../chunk/decode-chunk.ts';
import type { PointColumns } from '../chunk/point-columns.ts';
import type { PlotQuery, PlotSeries } from '../telemetry-store.ts';
import { type ChunkSummary, summarize } from './chunk-summary.ts';
import type { ChunkTable } from './chunk-table.ts';
import { headColumns } from './head-columns.ts';
import { type PlotAxis, plotAxis } from './plot-axis.ts';
import { BucketColumns, bucketPoints } from './plot-buckets.ts';
import type { SeriesState } from './series-state.ts';

/** Some points of a series: a chunk in the table, one that waits, or the head. */
interface Source {
  readonly summary: ChunkSummary;
  /** Points of the series before this source. */
  readonly ordinal: number;
  readonly low: number;
  readonly high: number;
  columns(): PointColumns;
}

/** Draws one series: every point, or at most `maxPoints` buckets with exact extremes. */
export function plotSeries(state: SeriesState, table: ChunkTable, query: PlotQuery): PlotSeries {
  const { id } = state.series;
  const { sources, axis } = sourcesOf(state, table, query);
  const from = query.from ?? Number.NEGATIVE_INFINITY;
  const to = query.to ?? Number.POSITIVE_INFINITY;
  const inRange = sources.filter((source) => source.high >= from && source.low <= to);
  const maxPoints = query.maxPoints ?? Number.POSITIVE_INFINITY;
  const isWhole = inRange.every((source) => source.low >= from && source.high <= to);
  const total = inRange.reduce((sum, source) => sum + source.summary.count, 0);
  if (isWhole && total > maxPoints && inRange.length >= maxPoints / 2 && isAscending(inRange)) {
    return fromSummaries(id, inRange, axis, maxPoints, total);
  }
  const { x, value } = readPoints(inRange, axis, from, to);
  if (x.length > maxPoints) return bucketPoints(id, x, value, maxPoints);
  return { seriesId: id, kind: 'points', total: x.length, x, value };
}

function sourcesOf(state: SeriesState, table: ChunkTable, query: PlotQuery): { sources: Source[]; axis: PlotAxis } {
  const { id } = state.series;
  const parts: { summary: ChunkSummary; columns: () => PointColumns }[] = [];
  for (const chunk of state.isStored ? table.summaries(id) : []) {
    parts.push({ summary: chunk.summary, columns: () => decodeChunk(table.points(id, chunk.number)) });
  }
  for (const { chunk, points } of state.pending) {
    parts.push({ summary: chunk.summary, columns: () => decodeChunk(points) });
  }
  const { head } = state;
  if (head !== undefined) {
    parts.push({
      summary: summarize(head.words, head.doubles, head.count),
      columns: () => headColumns(head),
    });
  }
  const axis = plotAxis(
    query.axis,
    query.originUnixNano,
    parts.map((part) => part.summary),
  );
  const sources: Source[] = [];
  let ordinal = 0;
  for (const part of parts) {
    const [low, high] = axis.range(part.summary, ordinal);
    sources.push({ ...part, ordinal, low, high });
    ordinal += part.summary.count;
  }
  return { sources, axis };
}

/** True when no two sources overlap on the axis, so that their summaries can stand side by side. */
function isAscending(sources: readonly Source[]): boolean {
  for (let i = 1; i < sources.length; i++) {
    if (!((sources[i] as Source).low >= (sources[i - 1] as Source).high)) return false;
  }
  return true;
}

function fromSummaries(
  seriesId: number,
  sources: readonly Source[],
  axis: PlotAxis,
  maxPoints: number,
  total: number,
): PlotSeries {
  const columns = new BucketColumns();
  const perBucket = Math.ceil(sources.length / maxPoints);
  for (const [index, { summary, low, high }] of sources.entries()) {
    if (index % perBucket === 0) columns.close();
    const middle = (low + high) / 2;
    columns.add({
      x0: low,
      x1: high,
      count: summary.count,
      finiteCount: summary.finiteCount,
      sum: summary.sum,
      min: summary.min,
      minX: orElse(axis.place(summary.minPlace), middle),
      max: summary.max,
      maxX: orElse(axis.place(summary.maxPlace), middle),
    });
  }
  return columns.finish(seriesId, total);
}

function orElse(value: number, other: number): number {
  return Number.isNaN(value) ? other : value;
}

/** Every point in the range, ascending in x; points that are not on the axis are left out. */
function readPoints(sources: readonly Source[], axis: PlotAxis, from: number, to: number) {
  let capacity = 0;
  for (const source of sources) capacity += source.summary.count;
  const x = new Float64Array(capacity);
  const value = new Float64Array(capacity);
  let count = 0;
  let isSorted = true;
  for (const source of sources) {
    const columns = source.columns();
    const column = axis.column(columns, source.ordinal);
    for (let i = 0; i < columns.count; i++) {
      const at = column[i] as number;
      if (!(at >= from && at <= to)) continue;
      if (count > 0 && at < (x[count - 1] as number)) isSorted = false;
      x[count] = at;
      value[count] = columns.value[i] as number;
      count++;
    }
  }
  const used = { x: x.subarray(0, count), value: value.subarray(0, count) };
  return isSorted ? { x: used.x.slice(), value: used.value.slice() } : sortByX(used.x, used.value);
}

function sortByX(x: Float64Array, value: Float64Array): { x: Float64Array; value: Float64Array } {
  const order = Uint32Array.from(x.keys()).sort((a, b) => (x[a] as number) - (x[b] as number) || a - b);
  return {
    x: Float64Array.from(order, (i) => x[i] as number),
    value: Float64Array.from(order, (i) => value[i] as number),
  };
}
