import type { RunAlerts } from '../alert/run-alerts.ts';
import type { PointColumns } from '../store/chunk/point-columns.ts';
import type { StoredSeries } from '../store/telemetry-store.ts';
import type { BoundPart } from './shard-batches.ts';
import { POINT_DOUBLES, POINT_WORDS, type StagingArena, TIME_HIGH, TIME_LOW, VALUE } from './staging.ts';
import { SEGMENT_BLOCK, SEGMENT_COUNT, SEGMENT_FIRST, SEGMENT_SERIES, SEGMENT_WORDS } from './telemetry-batch.ts';

const WORD = 0x1_0000_0000;
/** Identities are integers that a double holds exactly. */
const TIME_BITS = 1 << 20;

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
    for (const watched of watching) {
      if (sequence <= watched.savedSequence) continue;
      const { watch, emit } = watched;
      for (let point = first; point < last; point++) {
        const at = point * POINT_WORDS;
        const value = doubles[point * POINT_DOUBLES + VALUE] as number;
        watch.addPoint?.(timeSince(start, words, at), value, identityOf(words, at, salt), emit);
      }
      alerts.touched(watched, sequence);
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
    const timeNano = timeSince(start, words, 0);
    const identity = identityOf(words, 0, salt);
    for (const { watch, emit } of watching) watch.addPoint?.(timeNano, columns.value[i] as number, identity, emit);
  }
  for (const watched of watching) alerts.touched(watched, sequence);
}

function timeSince({ low, high }: RunStart, words: Uint32Array, at: number): number {
  return ((words[at + TIME_HIGH] as number) - high) * WORD + ((words[at + TIME_LOW] as number) - low);
}

/** 32 bits of a hash over all of the point, and 20 of its time: two points of a cell are hardly ever taken for one. */
function identityOf(words: Uint32Array, at: number, salt: number): number {
  let hash = salt;
  for (let i = at; i < at + POINT_WORDS; i++) hash = Math.imul(hash ^ (words[i] as number), 0x85ebca6b) ^ (hash >>> 15);
  return (hash >>> 0) * TIME_BITS + ((words[at + TIME_LOW] as number) & (TIME_BITS - 1));
}

function saltOf(instance: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < instance.length; i++) hash = Math.imul(hash ^ instance.charCodeAt(i), 0x01000193);
  return hash;
}
