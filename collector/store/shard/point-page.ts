import type { PointColumns } from '../chunk/point-columns.ts';
import type { PointPage, PointPageQuery, SeriesPage } from '../telemetry-store.ts';
import type { ChunkTable } from './chunk-table.ts';
import type { SeriesState } from './series-state.ts';
import { pointsBetween, type StoredPart, storedParts } from './stored-points.ts';

/** The next points of some series, each in the order of time; whole chunks, so that there may be some more than asked for. */
export function pointPage(states: readonly SeriesState[], table: ChunkTable, query: PointPageQuery): PointPage {
  const { seriesIds, start, maxPoints } = query;
  const known = new Map(states.map((state) => [state.series.id, state]));
  const parts: SeriesPage[] = [];
  let left = maxPoints;
  let fromUnixNano = start?.fromUnixNano ?? 0n;
  for (const seriesId of seriesIds.slice(start === undefined ? 0 : seriesIds.indexOf(start.seriesId))) {
    if (left <= 0) return { parts, next: { seriesId, fromUnixNano: 0n } };
    const state = known.get(seriesId);
    if (state === undefined) continue;
    const { columns, toUnixNano } = firstPoints(storedParts(state, table), fromUnixNano, left);
    parts.push({ seriesId, columns });
    if (toUnixNano !== undefined) return { parts, next: { seriesId, fromUnixNano: toUnixNano + 1n } };
    left -= columns.count;
    fromUnixNano = 0n;
  }
  return { parts, next: undefined };
}

/** @returns the points from a time on to `toUnixNano`, which is undefined when none come after. */
function firstPoints(parts: readonly StoredPart[], fromUnixNano: bigint, maxPoints: number) {
  const ahead = parts
    .filter(({ summary }) => summary.lastTimeUnixNano >= fromUnixNano)
    .sort((a, b) => compare(a.summary.lastTimeUnixNano, b.summary.lastTimeUnixNano));
  let count = 0;
  const full = ahead.find(({ summary }) => {
    count += summary.count;
    return count >= maxPoints;
  });
  const end = ahead.at(-1)?.summary.lastTimeUnixNano ?? fromUnixNano;
  const toUnixNano = full?.summary.lastTimeUnixNano ?? end;
  const read = ahead
    .filter(({ summary }) => summary.firstTimeUnixNano <= toUnixNano)
    .map((part) => pointsBetween(part, { fromUnixNano, toUnixNano }));
  return { columns: inOrder(join(read)), toUnixNano: toUnixNano < end ? toUnixNano : undefined };
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));

function join(parts: readonly PointColumns[]): PointColumns {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const joined = {
    count,
    timeLow: new Uint32Array(count),
    timeHigh: new Uint32Array(count),
    value: new Float64Array(count),
    step: parts.some(({ step }) => step) ? new Float64Array(count).fill(Number.NaN) : undefined,
    runTime: parts.some(({ runTime }) => runTime) ? new Float64Array(count).fill(Number.NaN) : undefined,
  };
  let at = 0;
  for (const part of parts) {
    joined.timeLow.set(part.timeLow, at);
    joined.timeHigh.set(part.timeHigh, at);
    joined.value.set(part.value, at);
    if (part.step !== undefined) joined.step?.set(part.step, at);
    if (part.runTime !== undefined) joined.runTime?.set(part.runTime, at);
    at += part.count;
  }
  return joined;
}

/** Late points lie in parts of their own: they are sorted in; equal times keep their order. */
function inOrder(columns: PointColumns): PointColumns {
  const { count, timeLow, timeHigh, value, step, runTime } = columns;
  const after = (a: number, b: number): number =>
    (timeHigh[a] as number) - (timeHigh[b] as number) || (timeLow[a] as number) - (timeLow[b] as number);
  let sorted = 1;
  while (sorted < count && after(sorted, sorted - 1) >= 0) sorted++;
  if (sorted >= count) return columns;
  const order = Uint32Array.from({ length: count }, (_, index) => index).sort((a, b) => after(a, b) || a - b);
  const doubles = (column: Float64Array): Float64Array => Float64Array.from(order, (index) => column[index] as number);
  return {
    count,
    timeLow: Uint32Array.from(order, (index) => timeLow[index] as number),
    timeHigh: Uint32Array.from(order, (index) => timeHigh[index] as number),
    value: doubles(value),
    step: step && doubles(step),
    runTime: runTime && doubles(runTime),
  };
}
