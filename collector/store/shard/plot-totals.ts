import type { PlotSeries } from '../telemetry-store.ts';
import { bucketPoints } from './plot-buckets.ts';
import { readPoints } from './plot-points.ts';
import type { PlotSource } from './plot-sources.ts';
import { bucketSummaries } from './plot-summaries.ts';

/**
 * Running totals of a delta series: what lies before `from` counts, what is not finite does not.
 *
 * Totals that never fall are points, each exact, at the most `maxPoints`: one at the end of each bucket, from the sums of the chunks. Where a
 * delta is negative every point is read, and buckets have the exact extremes of the totals.
 */
export function plotTotals(
  seriesId: number,
  sources: readonly PlotSource[],
  from: number,
  to: number,
  maxPoints: number,
): PlotSeries {
  const before = sources.filter(({ high }) => high < from);
  const within = sources.filter(({ low, high }) => high >= from && low <= to);
  const base = before.reduce((sum, { summary }) => sum + summary.sum, 0);
  const total = within.reduce((sum, { summary }) => sum + summary.count, 0);
  if (total > maxPoints && within.every(({ summary }) => summary.finiteCount === 0 || summary.min >= 0)) {
    const cut = within.filter(({ low }) => low < from);
    const buckets = bucketSummaries(within, from, to, maxPoints);
    if (buckets !== undefined) return buckets.totals(seriesId, base + sumBefore(cut, from));
  }
  const points = runningTotals(readPoints(within, Number.NEGATIVE_INFINITY, to), base);
  const first = points.x.findIndex((x) => x >= from);
  const x = points.x.subarray(first < 0 ? points.x.length : first);
  const value = points.value.subarray(points.x.length - x.length);
  if (x.length > maxPoints) return bucketPoints(seriesId, x, value, maxPoints);
  return { seriesId, kind: 'points', total: x.length, x, value };
}

function runningTotals({ x, value }: { x: Float64Array; value: Float64Array }, base: number) {
  let total = base;
  for (let i = 0; i < value.length; i++) {
    const delta = value[i] as number;
    if (Number.isFinite(delta)) total += delta;
    value[i] = total;
  }
  return { x, value };
}

function sumBefore(sources: readonly PlotSource[], from: number): number {
  const { x, value } = readPoints(sources, Number.NEGATIVE_INFINITY, from);
  return value.reduce((sum, delta, i) => ((x[i] as number) < from && Number.isFinite(delta) ? sum + delta : sum), 0);
}
