import { type PointColumns, runTimes, secondsSince } from '../chunk/point-columns.ts';
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
    column: (columns) => secondsSince(columns, origin),
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
    column: (columns) => runTimes(columns, origin),
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
