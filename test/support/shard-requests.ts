import {
  POINT_BYTES,
  POINT_DOUBLES,
  POINT_WORDS,
  RUN_TIME,
  STEP,
  type StagingBlock,
  TIME_HIGH,
  TIME_LOW,
  VALUE,
} from '../../collector/pipeline/staging.ts';
import { SEGMENT_WORDS } from '../../collector/pipeline/telemetry-batch.ts';
import type { RunEvents, ShardCommit, StoredSeries } from '../../collector/store/telemetry-store.ts';

export interface TestPoint {
  readonly time: bigint;
  readonly value: number;
  /** NaN = none. */
  readonly step: number;
  readonly runTime: number;
}

/** Points of one series that arrive next to each other in a request. */
export interface TestSegment {
  readonly series: number;
  readonly points: readonly TestPoint[];
}

/** A staging block with room for `capacity` points. */
export function stagingBlock(index = 0, capacity = 1 << 15): StagingBlock {
  const buffer = new SharedArrayBuffer(capacity * POINT_BYTES);
  return { index, buffer, words: new Uint32Array(buffer), doubles: new Float64Array(buffer), capacity };
}

/** Writes the segments to the start of the block and returns the commit a shard would get. */
export function stage(
  block: StagingBlock,
  sequence: number,
  segments: readonly TestSegment[],
  events: readonly RunEvents[] = [],
  logBytes = sequence * 100_000,
): ShardCommit {
  const words: number[] = [];
  let next = 0;
  for (const { series, points } of segments) {
    const isOrdered = points.every((point, i) => i === 0 || point.time > (points[i - 1] as TestPoint).time);
    words.push(series, block.index, next, points.length, isOrdered ? 1 : 0);
    for (const point of points) writePoint(block, next++, point);
  }
  if (words.length !== segments.length * SEGMENT_WORDS) throw new Error('a segment has other words now');
  return { sequence, logBytes, segments: Int32Array.from(words), events, spans: [], writers: [] };
}

export function testSeries(id: number, name = `metric ${id}`): StoredSeries {
  return { id, instance: '', definition: { name, displayName: name, attributes: [], unit: '', temporality: 'gauge' } };
}

function writePoint(block: StagingBlock, index: number, point: TestPoint): void {
  block.words[index * POINT_WORDS + TIME_LOW] = Number(point.time & 0xffff_ffffn);
  block.words[index * POINT_WORDS + TIME_HIGH] = Number(point.time >> 32n);
  block.doubles[index * POINT_DOUBLES + VALUE] = point.value;
  block.doubles[index * POINT_DOUBLES + STEP] = point.step;
  block.doubles[index * POINT_DOUBLES + RUN_TIME] = point.runTime;
}
