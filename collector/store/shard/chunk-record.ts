import type { ChunkSummary, PointPlace } from './chunk-summary.ts';

/** A chunk as it lies in the table, without its points. */
export interface StoredChunk {
  readonly number: number;
  readonly summary: ChunkSummary;
  /** Newest request with a point in the chunk, and how many of its points of this series were read by then (replay key). */
  readonly sequence: number;
  readonly sequencePoints: number;
}

const HAS_STEPS = 1;
const HAS_RUN_TIMES = 2;
const BASE_BYTES = 89;
/** Of the extremes and the last point, the least and the greatest. */
const PLACES_BYTES = 5 * 8;

/** A chunk without its points as bytes of known length, so that those of a series can be read as one value. */
export function encodeRecord({ number, summary, sequence, sequencePoints }: StoredChunk): Buffer {
  const { minPlace, maxPlace } = summary;
  const flags =
    (Number.isNaN(summary.stepLow) ? 0 : HAS_STEPS) | (Number.isNaN(summary.runTimeLow) ? 0 : HAS_RUN_TIMES);
  const bytes = Buffer.alloc(sizeOf(flags));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint8(0, flags);
  for (const [index, value] of [number, summary.count, summary.finiteCount, sequencePoints].entries())
    view.setUint32(1 + 4 * index, value, true);
  view.setFloat64(17, sequence, true);
  const times = [summary.firstTimeUnixNano, summary.lastTimeUnixNano, minPlace.timeUnixNano, maxPlace.timeUnixNano];
  for (const [index, time] of times.entries()) view.setBigInt64(25 + 8 * index, time, true);
  const { min, max, sum, last, lastStep, lastRunTime, stepLow, stepHigh, runTimeLow, runTimeHigh } = summary;
  const doubles = [min, max, sum, last];
  if (flags & HAS_STEPS) doubles.push(minPlace.step, maxPlace.step, lastStep, stepLow, stepHigh);
  if (flags & HAS_RUN_TIMES) doubles.push(minPlace.runTime, maxPlace.runTime, lastRunTime, runTimeLow, runTimeHigh);
  for (const [index, value] of doubles.entries()) view.setFloat64(57 + 8 * index, value, true);
  return bytes;
}

/** Chunks of which the records follow each other. */
export function decodeRecords(bytes: Uint8Array): StoredChunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: StoredChunk[] = [];
  for (let at = 0; at < bytes.length; at += sizeOf(view.getUint8(at))) chunks.push(decodeRecord(view, at));
  return chunks;
}

function sizeOf(flags: number): number {
  return BASE_BYTES + (flags & HAS_STEPS ? PLACES_BYTES : 0) + (flags & HAS_RUN_TIMES ? PLACES_BYTES : 0);
}

function decodeRecord(view: DataView, at: number): StoredChunk {
  const flags = view.getUint8(at);
  const steps = flags & HAS_STEPS ? at + BASE_BYTES : undefined;
  const runTimes = flags & HAS_RUN_TIMES ? at + BASE_BYTES + (flags & HAS_STEPS ? PLACES_BYTES : 0) : undefined;
  const place = (index: number): PointPlace => ({
    timeUnixNano: view.getBigInt64(at + 41 + 8 * index, true),
    step: doubleAt(view, steps, index),
    runTime: doubleAt(view, runTimes, index),
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
      lastStep: doubleAt(view, steps, 2),
      lastRunTime: doubleAt(view, runTimes, 2),
      stepLow: doubleAt(view, steps, 3),
      stepHigh: doubleAt(view, steps, 4),
      runTimeLow: doubleAt(view, runTimes, 3),
      runTimeHigh: doubleAt(view, runTimes, 4),
    },
    sequence: view.getFloat64(at + 17, true),
    sequencePoints: view.getUint32(at + 13, true),
  };
}

function doubleAt(view: DataView, from: number | undefined, index: number): number {
  return from === undefined ? Number.NaN : view.getFloat64(from + 8 * index, true);
}
