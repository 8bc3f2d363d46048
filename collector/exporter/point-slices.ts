import { simvueName } from 'simvue-otel/exporter';
import {
  POINT_DOUBLES,
  POINT_WORDS,
  RUN_TIME,
  STEP,
  type StagingArena,
  TIME_HIGH,
  TIME_LOW,
  VALUE,
} from '../pipeline/staging.ts';
import type { SeriesDefinition } from '../pipeline/telemetry.ts';
import {
  type DecodedRequest,
  type ResourcePart,
  SEGMENT_BLOCK,
  SEGMENT_COUNT,
  SEGMENT_FIRST,
  SEGMENT_SERIES,
  SEGMENT_WORDS,
} from '../pipeline/telemetry-batch.ts';

/** Takes the points of a slice. */
export interface PointList {
  add(
    name: string,
    value: number,
    timeUnixNano: bigint,
    step: number | undefined,
    runTimeSeconds: number | undefined,
  ): void;
}

const names = new WeakMap<SeriesDefinition, string>();

/** Gives the points of a part to lists, a few thousand to each, so that no turn of the event loop is long. */
export function* pointSlices<List extends PointList>(
  { segments }: DecodedRequest,
  { resource, segmentStart, segmentCount }: ResourcePart,
  arena: Pick<StagingArena, 'block'>,
  maxPoints: number,
  makeList: () => List,
): Generator<List> {
  let list = makeList();
  let points = 0;
  const end = (segmentStart + segmentCount) * SEGMENT_WORDS;
  for (let i = segmentStart * SEGMENT_WORDS; i < end; i += SEGMENT_WORDS) {
    const series = resource.series[segments[i + SEGMENT_SERIES] as number];
    if (series === undefined) continue;
    const name = nameOf(series);
    const { words, doubles } = arena.block(segments[i + SEGMENT_BLOCK] as number);
    const first = segments[i + SEGMENT_FIRST] as number;
    const last = first + (segments[i + SEGMENT_COUNT] as number);
    for (let point = first; point < last; point++) {
      const [word, double] = [point * POINT_WORDS, point * POINT_DOUBLES];
      const time = (BigInt(words[word + TIME_HIGH] as number) << 32n) | BigInt(words[word + TIME_LOW] as number);
      const value = doubles[double + VALUE] as number;
      list.add(name, value, time, given(doubles[double + STEP]), given(doubles[double + RUN_TIME]));
      if (++points < maxPoints) continue;
      yield list;
      list = makeList();
      points = 0;
    }
  }
  if (points > 0) yield list;
}

function nameOf(series: SeriesDefinition): string {
  let name = names.get(series);
  if (name === undefined) {
    name = simvueName(series.name, Object.fromEntries(series.attributes));
    names.set(series, name);
  }
  return name;
}

/** NaN = none. */
function given(value: number | undefined): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
