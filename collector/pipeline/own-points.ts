import type { ResourceEntry } from './resource-entry.ts';
import { type ResourcePart, SEGMENT_SERIES, SEGMENT_WORDS } from './telemetry-batch.ts';

const RESOURCES_PREFIX = 'resources/';

/** Whether a program logged it, and not the sampling of its processes and its machine. */
export const isOwnMetric = (displayName: string): boolean => !displayName.startsWith(RESOURCES_PREFIX);

/** Whether a part of a request has a point that its program logged: the look ends at the first one. */
export function hasOwnPoints(
  {
    resource,
    segmentStart,
    segmentCount,
  }: Pick<ResourcePart, 'segmentStart' | 'segmentCount'> & {
    readonly resource: Pick<ResourceEntry, 'series'>;
  },
  segments: Int32Array,
): boolean {
  const end = (segmentStart + segmentCount) * SEGMENT_WORDS;
  for (let i = segmentStart * SEGMENT_WORDS; i < end; i += SEGMENT_WORDS) {
    const definition = resource.series[segments[i + SEGMENT_SERIES] as number];
    if (definition !== undefined && isOwnMetric(definition.displayName)) return true;
  }
  return false;
}
