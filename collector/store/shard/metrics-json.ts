import { formatTimestamp } from 'simvue-otel/time';
import { seriesByName } from '../series-by-name.ts';
import type { MetricSummary, SeriesSummary } from '../telemetry-store.ts';

interface Fragment {
  readonly originUnixNano: bigint;
  readonly text: string;
}

/** Summaries of metrics as text; that of a series which has not changed since is not made again. */
export class MetricsJson {
  readonly #fragments = new WeakMap<SeriesSummary, Fragment>();

  /**
   * A JSON object of one summary (`count`, `min`, `max`, `average`, `last`, `step`, `time`, `timestamp`) a metric name, its instances merged;
   * extremes and `average` are those of the finite values.
   *
   * @param originUnixNano - origin of `time` where a point has no run time of its own.
   */
  print(summaries: readonly SeriesSummary[], originUnixNano: bigint): string {
    const members: string[] = [];
    for (const [name, group] of seriesByName(summaries)) members.push(this.#member(name, group, originUnixNano));
    return `{${members.join(',')}}`;
  }

  #member(name: string, group: readonly SeriesSummary[], originUnixNano: bigint): string {
    const only = group.length === 1 ? group[0] : undefined;
    const known = only === undefined ? undefined : this.#fragments.get(only);
    if (known?.originUnixNano === originUnixNano) return known.text;
    const text = `${JSON.stringify(name)}:${JSON.stringify(mergeInstances(group, originUnixNano))}`;
    if (only !== undefined) this.#fragments.set(only, { originUnixNano, text });
    return text;
  }
}

/** One summary of all instances of a metric. JSON has no other number: what is not finite is printed as null. */
export function mergeInstances(group: readonly SeriesSummary[], originUnixNano: bigint): MetricSummary {
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
    min,
    max,
    average: sum / finite,
    last: newest.last,
    step: newest.lastStep,
    time: Number.isNaN(newest.lastRunTime) ? sinceOrigin : newest.lastRunTime,
    timestamp: formatTimestamp(newest.lastTimeUnixNano),
  };
}
