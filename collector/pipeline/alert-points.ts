import type { PointBatch } from '../alert/point-batch.ts';
import type { RunAlerts, WatchedSeries } from '../alert/run-alerts.ts';
import type { PointColumns } from '../store/chunk/point-columns.ts';
import type { StoredSeries } from '../store/telemetry-store.ts';
import type { ResourceEntry } from './resource-entry.ts';
import type { BoundPart } from './shard-batches.ts';
import { StagedPoints } from './staged-points.ts';
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
import {
  SEGMENT_BLOCK,
  SEGMENT_COUNT,
  SEGMENT_FIRST,
  SEGMENT_ORDERED,
  SEGMENT_SERIES,
  SEGMENT_WORDS,
} from './telemetry-batch.ts';
import type { WatchedRun } from './watched-run.ts';

/** Gives the points of a part to the alerts that watch their series. */
export function addPoints(
  { alerts, start }: WatchedRun,
  { part }: BoundPart,
  segments: Int32Array,
  arena: Pick<StagingArena, 'block'>,
  sequence: number,
): void {
  const { resource } = part;
  const points = new StagedPoints(start, resource.instance);
  const known = alerts.ofWriter(resource);
  const end = (part.segmentStart + part.segmentCount) * SEGMENT_WORDS;
  for (let i = part.segmentStart * SEGMENT_WORDS; i < end; i += SEGMENT_WORDS) {
    const index = segments[i + SEGMENT_SERIES] as number;
    const watching = known[index] ?? look(alerts, known, index, resource);
    if (watching.length === 0) continue;
    points.show(
      arena.block(segments[i + SEGMENT_BLOCK] as number),
      segments[i + SEGMENT_FIRST] as number,
      segments[i + SEGMENT_COUNT] as number,
      segments[i + SEGMENT_ORDERED] === 1,
    );
    give(alerts, watching, points, sequence);
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
  const { count } = columns;
  const words = new Uint32Array(count * POINT_WORDS);
  const doubles = new Float64Array(words.buffer);
  for (let i = 0; i < count; i++) {
    words[i * POINT_WORDS + TIME_LOW] = columns.timeLow[i] as number;
    words[i * POINT_WORDS + TIME_HIGH] = columns.timeHigh[i] as number;
    doubles[i * POINT_DOUBLES + VALUE] = columns.value[i] as number;
    doubles[i * POINT_DOUBLES + STEP] = columns.step?.[i] ?? Number.NaN;
    doubles[i * POINT_DOUBLES + RUN_TIME] = columns.runTime?.[i] ?? Number.NaN;
  }
  const points = new StagedPoints(start, instance);
  points.show({ words, doubles }, 0, count, false);
  give(alerts, watching, points, sequence);
}

/** Gives points to those that have not seen this record of the log. */
function give(alerts: RunAlerts, watching: readonly WatchedSeries[], points: PointBatch, sequence: number): void {
  for (const watched of watching) {
    if (sequence <= watched.savedSequence) continue;
    watched.watch.addPoints?.(points, watched.emit);
    alerts.touched(watched, sequence);
  }
}
