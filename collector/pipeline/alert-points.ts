import { PointBatch } from '../alert/point-batch.ts';
import type { RunAlerts, WatchedSeries } from '../alert/run-alerts.ts';
import type { PointColumns } from '../store/chunk/point-columns.ts';
import type { StoredSeries } from '../store/telemetry-store.ts';
import type { ResourceEntry } from './resource-entry.ts';
import { nanoSince } from './run-start.ts';
import type { BoundPart } from './shard-batches.ts';
import {
  POINT_DOUBLES,
  POINT_WORDS,
  RUN_TIME,
  STEP,
  type StagingArena,
  TIME_HIGH,
  TIME_LOW,
  VALUE,
} from './staging.ts';
import { SEGMENT_BLOCK, SEGMENT_COUNT, SEGMENT_FIRST, SEGMENT_SERIES, SEGMENT_WORDS } from './telemetry-batch.ts';
import type { WatchedRun } from './watched-run.ts';

/** Points given to a watch at once. */
const BATCH_POINTS = 1_024;
/** Used again for each segment. */
const batch = new PointBatch(BATCH_POINTS);

/** Gives the points of a part to the alerts that watch their series. */
export function addPoints(
  { alerts, start }: WatchedRun,
  { part }: BoundPart,
  segments: Int32Array,
  arena: Pick<StagingArena, 'block'>,
  sequence: number,
): void {
  const { resource } = part;
  const salt = saltOf(resource.instance);
  const known = alerts.ofWriter(resource);
  const end = (part.segmentStart + part.segmentCount) * SEGMENT_WORDS;
  for (let i = part.segmentStart * SEGMENT_WORDS; i < end; i += SEGMENT_WORDS) {
    const index = segments[i + SEGMENT_SERIES] as number;
    const watching = known[index] ?? look(alerts, known, index, resource);
    if (watching.length === 0) continue;
    const { words, doubles } = arena.block(segments[i + SEGMENT_BLOCK] as number);
    const first = segments[i + SEGMENT_FIRST] as number;
    const last = first + (segments[i + SEGMENT_COUNT] as number);
    for (let point = first; point < last; point++) {
      const at = point * POINT_WORDS;
      const value = doubles[point * POINT_DOUBLES + VALUE] as number;
      batch.add(
        nanoSince(start, words[at + TIME_LOW] as number, words[at + TIME_HIGH] as number),
        value,
        identityOf(words, at, salt),
      );
      if (batch.isFull) flush(alerts, watching, sequence);
    }
    flush(alerts, watching, sequence);
  }
}

/** Notes what watches a series of a writer. */
function look(
  alerts: RunAlerts,
  known: (readonly WatchedSeries[] | undefined)[],
  index: number,
  { series }: ResourceEntry,
): readonly WatchedSeries[] {
  const one = series[index];
  const watching = one === undefined ? [] : alerts.ofSeries(one.name, one.displayName);
  known[index] = watching;
  return watching;
}

/** Gives stored points of a series to the alerts that are being filled. */
export function addStoredPoints(
  { alerts, start }: WatchedRun,
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
    doubles[STEP] = columns.step?.[i] ?? Number.NaN;
    doubles[RUN_TIME] = columns.runTime?.[i] ?? Number.NaN;
    batch.add(
      nanoSince(start, words[TIME_LOW] as number, words[TIME_HIGH] as number),
      columns.value[i] as number,
      identityOf(words, 0, salt),
    );
    if (batch.isFull) flush(alerts, watching, sequence);
  }
  flush(alerts, watching, sequence);
}

/** Gives the batch to those that have not seen this record of the log, and empties it. */
function flush(alerts: RunAlerts, watching: readonly WatchedSeries[], sequence: number): void {
  if (batch.count > 0) {
    for (const watched of watching) {
      if (sequence <= watched.savedSequence) continue;
      watched.watch.addPoints?.(batch, watched.emit);
      alerts.touched(watched, sequence);
    }
  }
  batch.count = 0;
}

/** A hash over all of the point, its words mixed side by side: a chain would wait for each. */
function identityOf(words: Uint32Array, at: number, salt: number): number {
  return (
    salt ^
    mix(words[at] as number, 0x85ebca6b) ^
    mix(words[at + 1] as number, 0xc2b2ae35) ^
    mix(words[at + 2] as number, 0x27d4eb2f) ^
    mix(words[at + 3] as number, 0x165667b1) ^
    mix(words[at + 4] as number, 0x9e3779b1) ^
    mix(words[at + 5] as number, 0xcc9e2d51) ^
    mix(words[at + 6] as number, 0x1b873593) ^
    mix(words[at + 7] as number, 0xe6546b65)
  );
}

function mix(word: number, factor: number): number {
  return Math.imul(word ^ (word >>> 16), factor);
}

function saltOf(instance: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < instance.length; i++) hash = Math.imul(hash ^ instance.charCodeAt(i), 0x01000193);
  return hash;
}
