import { decodeChunk } from '../chunk/decode-chunk.ts';
import { type PointColumns, unixNano } from '../chunk/point-columns.ts';
import type { PointQuery, SeriesPoints } from '../telemetry-store.ts';
import { type ChunkSummary, summarize } from './chunk-summary.ts';
import type { ChunkTable } from './chunk-table.ts';
import { headColumns } from './head-columns.ts';
import type { SeriesState } from './series-state.ts';

/** Some points of a series: a chunk in the table, one that waits, or the head. */
export interface StoredPart {
  readonly summary: ChunkSummary;
  columns(): PointColumns;
}

/** Everything a shard has of a series, in the order in which it was sealed. */
export function storedParts(state: SeriesState, table: ChunkTable): StoredPart[] {
  const { id } = state.series;
  const parts: StoredPart[] = [];
  for (const { number, summary } of state.isStored ? table.ofSeries(id) : []) {
    parts.push({ summary, columns: () => decodeChunk(table.points(id, number)) });
  }
  for (const { chunk, points } of state.pending) {
    parts.push({ summary: chunk.summary, columns: () => decodeChunk(points) });
  }
  const { head } = state;
  if (head !== undefined) {
    parts.push({
      summary: summarize(head.words, head.doubles, head.first, head.count),
      columns: () => headColumns(head),
    });
  }
  return parts;
}

/** The points of a series within a range of time, as they were sent. */
export function storedPoints(state: SeriesState, table: ChunkTable, query: PointQuery): SeriesPoints {
  const columns: PointColumns[] = [];
  for (const part of storedParts(state, table)) {
    const { firstTimeUnixNano, lastTimeUnixNano } = part.summary;
    if (lastTimeUnixNano < query.fromUnixNano || firstTimeUnixNano > query.toUnixNano) continue;
    columns.push(pointsBetween(part, query));
  }
  return { series: state.series, columns };
}

/** Points of a part in a range of time, both ends inclusive. */
export function pointsBetween(
  { summary, columns: read }: StoredPart,
  { fromUnixNano, toUnixNano }: { readonly fromUnixNano: bigint; readonly toUnixNano: bigint },
): PointColumns {
  const columns = read();
  if (summary.firstTimeUnixNano >= fromUnixNano && summary.lastTimeUnixNano <= toUnixNano) return columns;
  const { timeLow, timeHigh } = columns;
  const isWanted = (_: unknown, i: number): boolean => {
    const time = unixNano(timeLow[i] as number, timeHigh[i] as number);
    return time >= fromUnixNano && time <= toUnixNano;
  };
  const value = columns.value.filter(isWanted);
  return {
    count: value.length,
    timeLow: timeLow.filter(isWanted),
    timeHigh: timeHigh.filter(isWanted),
    value,
    step: columns.step?.filter(isWanted),
    runTime: columns.runTime?.filter(isWanted),
  };
}
