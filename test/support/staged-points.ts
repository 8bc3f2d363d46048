import {
  DEFAULT_STAGING_LIMITS,
  POINT_DOUBLES,
  POINT_WORDS,
  RUN_TIME,
  STEP,
  StagingArena,
  type StagingLimits,
  TIME_HIGH,
  TIME_LOW,
  VALUE,
} from '../../collector/pipeline/staging.ts';
import type { EventRecord } from '../../collector/pipeline/telemetry.ts';
import {
  type DecodedRequest,
  SEGMENT_BLOCK,
  SEGMENT_COUNT,
  SEGMENT_FIRST,
  SEGMENT_ORDERED,
  SEGMENT_SERIES,
  SEGMENT_WORDS,
} from '../../collector/pipeline/telemetry-batch.ts';

/** A staged point as a value that tests can compare; NaN = none. */
export interface PlainPoint {
  readonly series: string;
  readonly unit: string;
  readonly temporality: string;
  readonly time: bigint;
  readonly value: number;
  readonly step: number;
  readonly runTime: number;
}

export interface PlainPart {
  readonly resource: Record<string, unknown>;
  readonly instance: string;
  readonly points: PlainPoint[];
  readonly events: readonly EventRecord[];
}

/** Reads a decoded request back through its segments and checks what the segments claim. */
export function readBack(decoded: DecodedRequest, arena: StagingArena): PlainPart[] {
  const parts = decoded.parts.map((part) => {
    const points: PlainPoint[] = [];
    for (let segment = part.segmentStart; segment < part.segmentStart + part.segmentCount; segment++) {
      const [series, block, first, count, ordered] = [
        SEGMENT_SERIES,
        SEGMENT_BLOCK,
        SEGMENT_FIRST,
        SEGMENT_COUNT,
        SEGMENT_ORDERED,
      ].map((word) => decoded.segments[segment * SEGMENT_WORDS + word] as number) as [
        number,
        number,
        number,
        number,
        number,
      ];
      if (!decoded.blocks.includes(block)) throw new Error(`block ${block} is not held`);
      const { words, doubles, capacity } = arena.block(block);
      if (first + count > capacity) throw new Error('a segment leaves its block');
      const definition = part.resource.series[series];
      if (definition === undefined) throw new Error(`series ${series} is not defined`);
      const read = Array.from({ length: count }, (_, i): PlainPoint => {
        const word = (first + i) * POINT_WORDS;
        const double = (first + i) * POINT_DOUBLES;
        return {
          series: definition.displayName,
          unit: definition.unit,
          temporality: definition.temporality,
          time: (BigInt(words[word + TIME_HIGH] as number) << 32n) | BigInt(words[word + TIME_LOW] as number),
          value: doubles[double + VALUE] as number,
          step: doubles[double + STEP] as number,
          runTime: doubles[double + RUN_TIME] as number,
        };
      });
      const rises = read.every((point, i) => i === 0 || point.time > (read[i - 1] as PlainPoint).time);
      if (rises !== (ordered === 1)) throw new Error(`segment ${segment} is wrongly marked ordered=${ordered}`);
      points.push(...read);
    }
    const times = [...points.map((point) => point.time), ...part.events.map((event) => event.timeUnixNano)].sort(
      compare,
    );
    if (part.points !== points.length) throw new Error('wrong number of points');
    if (part.firstTimeUnixNano !== times[0] || part.lastTimeUnixNano !== times.at(-1))
      throw new Error('wrong time range');
    const { attributes, instance } = part.resource;
    return { resource: { ...attributes }, instance, points, events: part.events };
  });
  if (decoded.points !== parts.reduce((sum, part) => sum + part.points.length, 0)) throw new Error('wrong total');
  return parts;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** An arena that counts the references to its blocks: 0 when nothing leaks. */
export class CountingArena extends StagingArena {
  references = 0;

  constructor(limits: StagingLimits = DEFAULT_STAGING_LIMITS) {
    super(() => {}, limits);
  }

  override retain(index: number): void {
    this.references++;
    super.retain(index);
  }

  override release(index: number): void {
    this.references--;
    super.release(index);
  }
}
