import { POINT_DOUBLES, POINT_WORDS, RUN_TIME, STEP, TIME_HIGH, TIME_LOW, VALUE } from '../../pipeline/staging.ts';
import type { PointColumns } from '../chunk/point-columns.ts';
import type { Head } from './head.ts';

/** Points of a head, a column each; all columns are there. */
export function headColumns(head: Head): PointColumns {
  const { first, count, words, doubles } = head;
  const timeLow = new Uint32Array(count);
  const timeHigh = new Uint32Array(count);
  const value = new Float64Array(count);
  const step = new Float64Array(count);
  const runTime = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const word = (first + i) * POINT_WORDS;
    const double = (first + i) * POINT_DOUBLES;
    timeLow[i] = words[word + TIME_LOW] as number;
    timeHigh[i] = words[word + TIME_HIGH] as number;
    value[i] = doubles[double + VALUE] as number;
    step[i] = doubles[double + STEP] as number;
    runTime[i] = doubles[double + RUN_TIME] as number;
  }
  return { count, timeLow, timeHigh, value, step, runTime };
}
