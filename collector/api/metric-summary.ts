import { formatTimestamp } from 'simvue-otel/time';
import type { Static } from 'typebox';
import type { SeriesSummary } from '../store/telemetry-store.ts';
import type { MetricSummarySchema } from './contract/run.ts';

export type MetricSummary = Static<typeof MetricSummarySchema>;

/** Series of a run by the name that REST gives them: several instances of a metric are one. */
export function seriesByName(summaries: readonly SeriesSummary[]): ReadonlyMap<string, readonly SeriesSummary[]> {
  const groups = new Map<string, SeriesSummary[]>();
  for (const summary of summaries) {
    if (summary.count === 0) continue;
    const group = groups.get(summary.series.definition.displayName);
    if (group === undefined) groups.set(summary.series.definition.displayName, [summary]);
    else group.push(summary);
  }
  return groups;
}

/**
 * One summary a metric name, its instances merged; `average` is that of the finite values.
 *
 * @param originUnixNano - start of the run: origin of `time` where a point has no run time of its own.
 */
export function metricSummaries(
  summaries: readonly SeriesSummary[],
  originUnixNano: bigint,
): ReadonlyMap<string, MetricSummary> {
  const merged = new Map<string, MetricSummary>();
  for (const [name, group] of seriesByName(summaries)) merged.set(name, mergeSummaries(group, originUnixNano));
  return merged;
}

function mergeSummaries(group: readonly SeriesSummary[], originUnixNano: bigint): MetricSummary {
  let [count, finite, sum, min, max] = [0, 0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let newest = group[0] as SeriesSummary;
  for (const summary of group) {
    count += summary.count;
    if (summary.lastTimeUnixNano > newest.lastTimeUnixNano) newest = summary;
    if (summary.count === summary.nonFiniteCount) continue;
    finite += summary.count - summary.nonFiniteCount;
    sum += summary.sum;
    min = Math.min(min, summary.min);
    max = Math.max(max, summary.max);
  }
  const sinceOrigin = Number(newest.lastTimeUnixNano - originUnixNano) / 1e9;
  return {
    count,
    min: orNull(min),
    max: orNull(max),
    average: orNull(sum / finite),
    last: orNull(newest.last),
    step: orNull(newest.lastStep),
    time: Number.isNaN(newest.lastRunTime) ? sinceOrigin : orNull(newest.lastRunTime),
    timestamp: formatTimestamp(newest.lastTimeUnixNano),
  };
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
