export type Interval = readonly [number, number];

const MIN_POINTS = 8;
const GAP_FACTOR = 5;
/** Steps are whole, and programs rest for less than this many seconds without a reason: collections of garbage, other processes. */
const LEAST_GAP = 0.1;

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/**
 * Where nothing came for longer than five times the usual interval and a tenth of a second.
 * @param starts - first x of each point or bucket, ascending; @param ends - last x of each; @param inner - usual interval inside each bucket.
 */
export function findGaps(
  starts: readonly number[],
  ends: readonly number[],
  inner: readonly number[] = [],
): Interval[] {
  if (starts.length < MIN_POINTS) return [];
  const between: number[] = [];
  for (let index = 1; index < starts.length; index += 1) between.push((starts[index] ?? 0) - (ends[index - 1] ?? 0));
  const usual = median([...between, ...inner].filter((interval) => interval > 0));
  const gaps: Interval[] = [];
  between.forEach((interval, index) => {
    if (usual > 0 && interval > Math.max(LEAST_GAP, GAP_FACTOR * usual))
      gaps.push([ends[index] ?? 0, starts[index + 1] ?? 0]);
  });
  return gaps;
}

/**
 * Which buckets have a gap inside: their points stand farther apart than five times the usual interval.
 * @param lengths - of the buckets; @param intervals - usual distance of the points inside each.
 */
export function openIndexes(lengths: readonly number[], intervals: readonly number[]): Set<number> {
  const known = intervals.filter((interval) => interval > 0);
  const usual = known.length < MIN_POINTS ? Number.POSITIVE_INFINITY : median(known);
  return new Set(
    intervals.flatMap((interval, index) =>
      interval > GAP_FACTOR * usual && (lengths[index] ?? 0) > LEAST_GAP ? [index] : [],
    ),
  );
}

/** The parts of the axis where every line has a gap: only there may the plot be hatched. */
export function commonGaps(lines: readonly (readonly Interval[])[]): Interval[] {
  const [first, ...others] = lines;
  return others.reduce<Interval[]>(
    (common, gaps) =>
      common.flatMap(([from, to]) =>
        gaps.map(([a, b]): Interval => [Math.max(from, a), Math.min(to, b)]).filter(([a, b]) => b > a),
      ),
    [...(first ?? [])],
  );
}
