import { POINT_DOUBLES, POINT_WORDS, RUN_TIME, STEP, TIME_HIGH, TIME_LOW, VALUE } from '../../pipeline/staging.ts';
import { unixNano } from '../chunk/point-columns.ts';

/** Place of a value on every axis; NaN where the point has no step or run time. */
export interface PointPlace {
  readonly timeUnixNano: bigint;
  readonly step: number;
  readonly runTime: number;
}

/** What is known of some points of a series without reading them. */
export interface ChunkSummary {
  readonly count: number;
  readonly firstTimeUnixNano: bigint;
  readonly lastTimeUnixNano: bigint;
  readonly finiteCount: number;
  /** Of the finite values; NaN when there is none. */
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly minPlace: PointPlace;
  readonly maxPlace: PointPlace;
  /** Value of the last point in time, its step and run time. */
  readonly last: number;
  readonly lastStep: number;
  readonly lastRunTime: number;
  /** Least and greatest step and run time; NaN when no point has one. */
  readonly stepLow: number;
  readonly stepHigh: number;
  readonly runTimeLow: number;
  readonly runTimeHigh: number;
}

/** Summary of `count` points in staging layout, sorted by time. @param first - index of the first point. */
export function summarize(words: Uint32Array, doubles: Float64Array, first: number, count: number): ChunkSummary {
  let finiteCount = 0;
  let min = Number.NaN;
  let max = Number.NaN;
  let sum = 0;
  let minIndex = first;
  let maxIndex = first;
  const step = new Range();
  const runTime = new Range();
  for (let i = first, at = first * POINT_DOUBLES; i < first + count; i++, at += POINT_DOUBLES) {
    const value = doubles[at + VALUE] as number;
    if (Number.isFinite(value)) {
      finiteCount++;
      sum += value;
      if (!(value >= min)) {
        min = value;
        minIndex = i;
      }
      if (!(value <= max)) {
        max = value;
        maxIndex = i;
      }
    }
    step.add(doubles[at + STEP] as number);
    runTime.add(doubles[at + RUN_TIME] as number);
  }
  const lastIndex = first + count - 1;
  const last = lastIndex * POINT_DOUBLES;
  return {
    count,
    firstTimeUnixNano: timeAt(words, first),
    lastTimeUnixNano: timeAt(words, lastIndex),
    finiteCount,
    min,
    max,
    sum,
    minPlace: placeAt(words, doubles, minIndex),
    maxPlace: placeAt(words, doubles, maxIndex),
    last: doubles[last + VALUE] as number,
    lastStep: doubles[last + STEP] as number,
    lastRunTime: doubles[last + RUN_TIME] as number,
    stepLow: step.low,
    stepHigh: step.high,
    runTimeLow: runTime.low,
    runTimeHigh: runTime.high,
  };
}

class Range {
  low = Number.NaN;
  high = Number.NaN;

  add(value: number): void {
    if (Number.isNaN(value)) return;
    if (!(value >= this.low)) this.low = value;
    if (!(value <= this.high)) this.high = value;
  }
}

function timeAt(words: Uint32Array, index: number): bigint {
  const at = index * POINT_WORDS;
  return unixNano(words[at + TIME_LOW] as number, words[at + TIME_HIGH] as number);
}

function placeAt(words: Uint32Array, doubles: Float64Array, index: number): PointPlace {
  const at = index * POINT_DOUBLES;
  return {
    timeUnixNano: timeAt(words, index),
    step: doubles[at + STEP] as number,
    runTime: doubles[at + RUN_TIME] as number,
  };
}
