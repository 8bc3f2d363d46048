import type { RunAlerts } from '../alert/run-alerts.ts';
import type { PointColumns } from '../store/chunk/point-columns.ts';
import type { StoredSeries } from '../store/telemetry-store.ts';
import type { BoundPart } from './shard-batches.ts';
import { POINT_DOUBLES, POINT_WORDS, type StagingArena, TIME_HIGH, TIME_LOW, VALUE } from './staging.ts';
import { SEGMENT_BLOCK, SEGMENT_COUNT, SEGMENT_FIRST, SEGMENT_SERIES, SEGMENT_WORDS } from './telemetry-batch.ts';

const WORD = 0x1_0000_0000;
/** Identities are integers that a double holds exactly. */
const HIGH_BITS = 1 << 20;

/** Start of a run in two words: times are taken relative to it, exact to the nanosecond for 104 days. */
export interface RunStart {
  readonly low: number;
  readonly high: number;
}

export function runStart(startUnixNano: bigint): RunStart {
  return { low: Number(BigInt.asUintN(32, startUnixNano)), high: Number(startUnixNano >> 32n) };
}

/** Gives the points of a part to the alerts that watch their series. */
export function addPoints(
  alerts: RunAlerts,
  start: RunStart,
  { part }: BoundPart,
  segments: Int32Array,
  arena: Pick<StagingArena, 'block'>,
  sequence: number,
): void {
  const { resource } = part;
  const salt = saltOf(resource.instance);
  const end = (part.segmentStart + part.segmentCount) * SEGMENT_WORDS;
  for (let i = part.segmentStart * SEGMENT_WORDS; i < end; i += SEGMENT_WORDS) {
    const series = resource.series[segments[i + SEGMENT_SERIES] as number];
    if (series === undefined) continue;
    const watching = alerts.ofSeries(series.name, series.displayName);
    if (watching.length === 0) continue;
    const { words, doubles } = arena.block(segments[i + SEGMENT_BLOCK] as number);
    const first = segments[i + SEGMENT_FIRST] as number;
    const last = first + (segments[i + SEGMENT_COUNT] as number);
    for (let point = first; point < last; point++) {
      const at = point * POINT_WORDS;
      const timeNano =
        ((words[at + TIME_HIGH] as number) - start.high) * WORD + ((words[at + TIME_LOW] as number) - start.low);
      const value = doubles[point * POINT_DOUBLES + VALUE] as number;
      const identity = hashWords(words, at, at + POINT_WORDS, salt);
      for (const watched of watching) alerts.addPoint(watched, timeNano, value, identity, sequence);
    }
  }
}

/** Gives stored points of a series to the alerts that are being filled. */
export function addStoredPoints(
  alerts: RunAlerts,
  start: RunStart,
  { definition, instance }: StoredSeries,
  columns: PointColumns,
  sequence: number,
): void {
  const watching = alerts.ofSeries(definition.name, definition.displayName).filter(({ isFilling }) => isFilling);
  const words = new Uint32Array(POINT_WORDS);
  const doubles = new Float64Array(words.buffer);
  const salt = saltOf(instance);
  for (let i = 0; i < columns.count; i++) {
    words[TIME_LOW] = columns.timeLow[i] as number;
    words[TIME_HIGH] = columns.timeHigh[i] as number;
    doubles[VALUE] = columns.value[i] as number;
    doubles[VALUE + 1] = columns.step?.[i] ?? Number.NaN;
    doubles[VALUE + 2] = columns.runTime?.[i] ?? Number.NaN;
    const timeNano = ((words[TIME_HIGH] as number) - start.high) * WORD + ((words[TIME_LOW] as number) - start.low);
    const identity = hashWords(words, 0, POINT_WORDS, salt);
    for (const watched of watching) alerts.addPoint(watched, timeNano, columns.value[i] as number, identity, sequence);
  }
}

/** 52 bits: two points of a cell are taken for one with a probability of 1 to 4.5e15. */
function hashWords(words: Uint32Array, from: number, to: number, salt: number): number {
  let a = salt;
  let b = ~salt;
  for (let i = from; i < to; i++) {
    const word = words[i] as number;
    a = Math.imul(a ^ word, 0x85ebca6b);
    a ^= a >>> 15;
    b = Math.imul(b ^ word, 0xc2b2ae35);
    b ^= b >>> 13;
  }
  return ((a >>> 0) % HIGH_BITS) * WORD + (b >>> 0);
}

function saltOf(instance: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < instance.length; i++) hash = Math.imul(hash ^ instance.charCodeAt(i), 0x01000193);
  return hash;
}
