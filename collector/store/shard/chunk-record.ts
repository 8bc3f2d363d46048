import type { ChunkSummary, PointPlace } from './chunk-summary.ts';

/** A chunk as it lies in the table, without its points. */
export interface StoredChunk {
  readonly number: number;
  readonly summary: ChunkSummary;
  /** Newest request with a point in the chunk, and how many of its points of this series were read by then (replay key). */
  readonly sequence: number;
  readonly sequencePoints: number;
}

const BASE_BYTES = 89;
/** On an axis: of the extremes and the last point, the least and the greatest. */
const AXIS_NUMBERS = 5;
/** How the numbers of an axis are written, in words of four bytes each: not at all, as counts (most steps are), as doubles. */
type AxisWords = 0 | 1 | 2;

/** A chunk without its points as bytes that know their length, so that those of a series can be read as one value. */
export function encodeRecord({ number, summary, sequence, sequencePoints }: StoredChunk): Buffer {
  const { minPlace, maxPlace, lastStep, stepLow, stepHigh, lastRunTime, runTimeLow, runTimeHigh } = summary;
  const steps = [minPlace.step, maxPlace.step, lastStep, stepLow, stepHigh];
  const runTimes = [minPlace.runTime, maxPlace.runTime, lastRunTime, runTimeLow, runTimeHigh];
  const [stepWords, runTimeWords] = [axisWords(steps), axisWords(runTimes)];
  const bytes = Buffer.alloc(BASE_BYTES + axisBytes(stepWords) + axisBytes(runTimeWords));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint8(0, stepWords | (runTimeWords << 4));
  for (const [index, value] of [number, summary.count, summary.finiteCount, sequencePoints].entries())
    view.setUint32(1 + 4 * index, value, true);
  view.setFloat64(17, sequence, true);
  const times = [summary.firstTimeUnixNano, summary.lastTimeUnixNano, minPlace.timeUnixNano, maxPlace.timeUnixNano];
  for (const [index, time] of times.entries()) view.setBigInt64(25 + 8 * index, time, true);
  for (const [index, value] of [summary.min, summary.max, summary.sum, summary.last].entries())
    view.setFloat64(57 + 8 * index, value, true);
  for (const [index, step] of steps.entries()) writeNumber(view, BASE_BYTES, stepWords, index, step);
  const runTimesAt = BASE_BYTES + axisBytes(stepWords);
  for (const [index, runTime] of runTimes.entries()) writeNumber(view, runTimesAt, runTimeWords, index, runTime);
  return bytes;
}

/** Chunks of which the records follow each other. */
export function decodeRecords(bytes: Uint8Array): StoredChunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: StoredChunk[] = [];
  let at = 0;
  while (at < bytes.length) {
    const words = view.getUint8(at);
    const [stepWords, runTimeWords] = [(words & 15) as AxisWords, (words >> 4) as AxisWords];
    chunks.push(decodeRecord(view, at, stepWords, runTimeWords));
    at += BASE_BYTES + axisBytes(stepWords) + axisBytes(runTimeWords);
  }
  return chunks;
}

function decodeRecord(view: DataView, at: number, stepWords: AxisWords, runTimeWords: AxisWords): StoredChunk {
  const stepsAt = at + BASE_BYTES;
  const runTimesAt = stepsAt + axisBytes(stepWords);
  const place = (index: number): PointPlace => ({
    timeUnixNano: view.getBigInt64(at + 41 + 8 * index, true),
    step: readNumber(view, stepsAt, stepWords, index),
    runTime: readNumber(view, runTimesAt, runTimeWords, index),
  });
  return {
    number: view.getUint32(at + 1, true),
    summary: {
      count: view.getUint32(at + 5, true),
      firstTimeUnixNano: view.getBigInt64(at + 25, true),
      lastTimeUnixNano: view.getBigInt64(at + 33, true),
      finiteCount: view.getUint32(at + 9, true),
      min: view.getFloat64(at + 57, true),
      max: view.getFloat64(at + 65, true),
      sum: view.getFloat64(at + 73, true),
      minPlace: place(0),
      maxPlace: place(1),
      last: view.getFloat64(at + 81, true),
      lastStep: readNumber(view, stepsAt, stepWords, 2),
      lastRunTime: readNumber(view, runTimesAt, runTimeWords, 2),
      stepLow: readNumber(view, stepsAt, stepWords, 3),
      stepHigh: readNumber(view, stepsAt, stepWords, 4),
      runTimeLow: readNumber(view, runTimesAt, runTimeWords, 3),
      runTimeHigh: readNumber(view, runTimesAt, runTimeWords, 4),
    },
    sequence: view.getFloat64(at + 17, true),
    sequencePoints: view.getUint32(at + 13, true),
  };
}

function axisBytes(words: AxisWords): number {
  return 4 * words * AXIS_NUMBERS;
}

function axisWords(numbers: readonly number[]): AxisWords {
  if (numbers.every(Number.isNaN)) return 0;
  return numbers.every((one) => Object.is(one >>> 0, one)) ? 1 : 2;
}

function writeNumber(view: DataView, from: number, words: AxisWords, index: number, value: number): void {
  if (words === 1) view.setUint32(from + 4 * index, value, true);
  else if (words === 2) view.setFloat64(from + 8 * index, value, true);
}

function readNumber(view: DataView, from: number, words: AxisWords, index: number): number {
  if (words === 0) return Number.NaN;
  return words === 1 ? view.getUint32(from + 4 * index, true) : view.getFloat64(from + 8 * index, true);
}
