import type { PlotSeries } from '../store/telemetry-store.ts';
import type { PlotBuckets, PlotPoints } from './contract/telemetry.ts';

type PlotValue = PlotPoints['y'][number];

/** A series of a plot as the page reads it; values that JSON does not have become their names, or null in buckets. */
export function plotView(series: PlotSeries): PlotPoints | PlotBuckets {
  const { seriesId, total } = series;
  if (series.kind === 'points') {
    return { series: seriesId, kind: 'points', total, x: [...series.x], y: Array.from(series.value, plotValue) };
  }
  return {
    series: seriesId,
    kind: 'buckets',
    total,
    x0: [...series.x0],
    x1: [...series.x1],
    count: [...series.count],
    mean: nulled(series.mean),
    min: nulled(series.min),
    max: nulled(series.max),
    min_x: nulled(series.minX),
    max_x: nulled(series.maxX),
    non_finite: [...series.nonFinite],
  };
}

function plotValue(value: number): PlotValue {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

const nulled = (values: Float64Array): (number | null)[] =>
  Array.from(values, (value) => (Number.isFinite(value) ? value : null));
