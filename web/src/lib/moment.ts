import type { PlotBuckets, PlotPoints } from '../../../collector/api/contract/telemetry.ts';

type Answer = PlotPoints | PlotBuckets;

/** Positions of some points of a series on an axis, each with how many points lie before it. */
interface Ranks {
  readonly x: readonly number[];
  readonly rank: readonly number[];
}

function ranksOf(answer: Answer): Ranks {
  if (answer.kind === 'points') return { x: answer.x, rank: answer.x.map((_, index) => index) };
  let before = 0;
  const x: number[] = [];
  const rank: number[] = [];
  answer.count.forEach((count, index) => {
    x.push(answer.x0[index] ?? 0, answer.x1[index] ?? 0);
    rank.push(before, before + count - 1);
    before += count;
  });
  return { x, rank };
}

/** Straight between the neighbours of `at` in an ascending list; the ends beyond it; undefined of an empty list. */
function interpolate(from: readonly number[], to: readonly number[], at: number): number | undefined {
  let low = 0;
  let high = from.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((from[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const [after, before] = [from[low], from[low - 1]];
  if (after === undefined || before === undefined || after === before) return to[after === undefined ? low - 1 : low];
  const [start = 0, end = 0] = [to[low - 1], to[low]];
  return start + ((end - start) * (at - before)) / (after - before);
}

/** {@link timeAt} of the parts of a line, the oldest first: what a later attempt wrote anew counts. */
export function timeIn(placed: readonly Answer[], timed: readonly Answer[], x: number): number | undefined {
  const begun = placed.findLastIndex((part) => (ranksOf(part).x[0] ?? Number.POSITIVE_INFINITY) <= x);
  const [places, times] = [placed[Math.max(0, begun)], timed[Math.max(0, begun)]];
  return places && times && timeAt(places, times, x);
}

/**
 * Wall time at a place on another axis: of the point of a series that stands there, seconds since the epoch.
 *
 * @param placed - the series over that axis; @param timed - the same series over wall time; both whole.
 */
export function timeAt(placed: Answer, timed: Answer, x: number): number | undefined {
  const places = ranksOf(placed);
  const times = ranksOf(timed);
  const rank = interpolate(places.x, places.rank, x);
  return rank === undefined ? undefined : interpolate(times.rank, times.x, rank);
}
