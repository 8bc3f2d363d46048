import { formatTimestamp } from 'simvue-otel/time';
import { seriesByName } from '../series-by-name.ts';
import type { MetricSummary, RunOrigin, SeriesSummary } from '../telemetry-store.ts';
import type { SeriesState } from './series-state.ts';

/** Asks for the metrics of a run in a version other than the one that is there. */
export interface MetricsTextQuery extends RunOrigin {
  readonly version: number | undefined;
}

/** Metrics of a run as JSON in UTF-8; two texts of one run with the same version are the same. */
export interface MetricsText {
  readonly version: number;
  readonly json: Uint8Array<ArrayBuffer>;
}

interface Fragment {
  readonly originUnixNano: bigint;
  readonly bytes: Buffer;
}

/** Metrics of a run as they were printed last. */
interface Printed {
  readonly version: number;
  readonly originUnixNano: bigint;
  readonly summaries: readonly SeriesSummary[];
}

/** Version of the text of any run that has no metrics. */
const WITHOUT_METRICS = 0;
const [OPENING, CLOSING, COMMA] = Buffer.from('{},') as unknown as [number, number, number];

/** Summaries of metrics as UTF-8 of JSON; that of a series which has not changed since is not made again. */
export class MetricsJson {
  readonly #fragments = new WeakMap<SeriesSummary, Fragment>();
  readonly #printed = new WeakMap<object, Printed>();
  #versions = WITHOUT_METRICS;

  /**
   * The text of a run, or undefined when the asker has it.
   *
   * @param states - the series of the run, the same object each time.
   */
  text(states: readonly SeriesState[], { originUnixNano, version }: MetricsTextQuery): MetricsText | undefined {
    const summaries = states.map((state) => state.summary()).filter((summary) => summary !== undefined);
    const current = this.#versionOf(states, summaries, originUnixNano);
    return current === version ? undefined : { version: current, json: this.print(summaries, originUnixNano) };
  }

  /**
   * A JSON object of one summary (`count`, `min`, `max`, `average`, `last`, `step`, `time`, `timestamp`) a metric name, its instances merged;
   * extremes and `average` are those of the finite values.
   *
   * @param originUnixNano - origin of `time` where a point has no run time of its own.
   * @returns bytes of which the whole buffer is theirs: it may be handed to another thread.
   */
  print(summaries: readonly SeriesSummary[], originUnixNano: bigint): Uint8Array<ArrayBuffer> {
    const members: Buffer[] = [];
    for (const [name, group] of seriesByName(summaries)) members.push(this.#member(name, group, originUnixNano));
    return joinMembers(members);
  }

  #versionOf(states: object, summaries: readonly SeriesSummary[], originUnixNano: bigint): number {
    if (summaries.length === 0) return WITHOUT_METRICS;
    const printed = this.#printed.get(states);
    if (printed?.originUnixNano === originUnixNano && isSame(printed.summaries, summaries)) return printed.version;
    this.#printed.set(states, { version: ++this.#versions, originUnixNano, summaries });
    return this.#versions;
  }

  #member(name: string, group: readonly SeriesSummary[], originUnixNano: bigint): Buffer {
    const only = group.length === 1 ? group[0] : undefined;
    const known = only === undefined ? undefined : this.#fragments.get(only);
    if (known?.originUnixNano === originUnixNano) return known.bytes;
    const bytes = Buffer.from(`${JSON.stringify(name)}:${JSON.stringify(mergeInstances(group, originUnixNano))}`);
    if (only !== undefined) this.#fragments.set(only, { originUnixNano, bytes });
    return bytes;
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

function joinMembers(members: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const sizeBytes = members.reduce((size, member) => size + member.length + 1, 1);
  const object = new Uint8Array(Math.max(sizeBytes, 2));
  object[0] = OPENING;
  let at = 1;
  for (const member of members) {
    object.set(member, at);
    at += member.length;
    object[at++] = COMMA;
  }
  object[object.length - 1] = CLOSING;
  return object;
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
