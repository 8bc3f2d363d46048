import { type PointColumns, unixSeconds } from '../chunk/point-columns.ts';
import type { Axis } from '../telemetry-store.ts';
import type { ChunkSummary, PointPlace } from './chunk-summary.ts';

/** How points of a series lie on an axis of a plot. */
export interface PlotAxis {
  /** Least and greatest x of the points of a chunk; `ordinal` = number of points before it. */
  range(summary: ChunkSummary, ordinal: number): readonly [low: number, high: number];
  /** x of an extreme; NaN when only the points themselves tell. */
  place(place: PointPlace): number;
  /** x of each point; NaN = not on this axis. */
  column(columns: PointColumns, ordinal: number): Float64Array;
}

/**
 * The axis for the points of one series.
 *
 * @param summaries - all chunks of the series: a series without any step is drawn by ordinal on the step axis.
 */
export function plotAxis(axis: Axis, originUnixNano: bigint, summaries: readonly ChunkSummary[]): PlotAxis {
  if (axis === 'timestamp') return timeAxis(0n);
  if (axis === 'step') {
    return summaries.some((summary) => !Number.isNaN(summary.stepLow)) ? STEP_AXIS : ORDINAL_AXIS;
  }
  const hasRunTime = summaries.some((summary) => !Number.isNaN(summary.runTimeLow));
  return hasRunTime ? runTimeAxis(originUnixNano) : timeAxis(originUnixNano);
}

/** Seconds between two times in nanoseconds. */
function secondsBetween(from: bigint, to: bigint): number {
  return Number(to - from) / 1e9;
}

function timeAxis(origin: bigint): PlotAxis {
  return {
    range: (summary) => [
      secondsBetween(origin, summary.firstTimeUnixNano),
      secondsBetween(origin, summary.lastTimeUnixNano),
    ],
    place: (place) => secondsBetween(origin, place.timeUnixNano),
    column: (columns) => timesOf(columns, origin),
  };
}

/** Run times as the user gave them; points without one lie at their time since the start. */
function runTimeAxis(origin: bigint): PlotAxis {
  return {
    range: (summary) => {
      const low = secondsBetween(origin, summary.firstTimeUnixNano);
      const high = secondsBetween(origin, summary.lastTimeUnixNano);
      if (Number.isNaN(summary.runTimeLow)) return [low, high];
      return [summary.runTimeLow, summary.runTimeHigh];
    },
    place: (place) => (Number.isNaN(place.runTime) ? secondsBetween(origin, place.timeUnixNano) : place.runTime),
    column: (columns) => {
      const x = timesOf(columns, origin);
      for (let i = 0; i < columns.count; i++) {
        const runTime = columns.runTime?.[i] ?? Number.NaN;
        if (!Number.isNaN(runTime)) x[i] = runTime;
      }
      return x;
    },
  };
}

const STEP_AXIS: PlotAxis = {
  range: (summary) => [summary.stepLow, summary.stepHigh],
  place: (place) => place.step,
  column: (columns) => columns.step ?? new Float64Array(columns.count).fill(Number.NaN),
};

const ORDINAL_AXIS: PlotAxis = {
  range: (summary, ordinal) => [ordinal, ordinal + summary.count - 1],
  place: () => Number.NaN,
  column: (columns, ordinal) => Float64Array.from({ length: columns.count }, (_, i) => ordinal + i),
};

function timesOf(columns: PointColumns, origin: bigint): Float64Array {
  const x = new Float64Array(columns.count);
  const { timeLow, timeHigh } = columns;
  if (origin === 0n) {
    for (let i = 0; i < columns.count; i++) x[i] = unixSeconds(timeLow[i] as number, timeHigh[i] as number);
    return x;
  }
  // Differences of words, so that no precision goes to the 1.8e18 ns since the epoch.
  const originLow = Number(origin & 0xffff_ffffn);
  const originHigh = Number(origin >> 32n);
  for (let i = 0; i < columns.count; i++) {
    const high = ((timeHigh[i] as number) - originHigh) * 0x1_0000_0000;
    x[i] = (high + ((timeLow[i] as number) - originLow)) / 1e9;
  }
  return x;
}
