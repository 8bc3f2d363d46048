import type uPlot from 'uplot';
import type { AxesTicks } from './axes-ticks.ts';
import type { Drawing } from './chart-drawing.ts';
import type { ChartData, ChartModel } from './chart-model.ts';
import { THRESHOLD_ROW } from './threshold-paint.ts';
import { placeThresholds } from './thresholds.ts';

/** Ends of an axis as it is shown. */
export const endsOfScale = (u: uPlot, scale: 'x' | 'y'): [number, number] => [
  u.scales[scale]?.min ?? 0,
  u.scales[scale]?.max ?? 1,
];

/** What a chart shows, in CSS pixels. */
export function drawingOf(u: uPlot, data: ChartData, model: ChartModel, ticks: AxesTicks): Drawing {
  const at = (column: { readonly kind: string; readonly values: readonly (number | null | undefined)[] }) =>
    column.values.map((value, index) =>
      typeof value === 'number' ? ([u.valToPos(data.x[index] ?? 0, 'x'), u.valToPos(value, 'y')] as const) : value,
    );
  const { offsetLeft: left, offsetTop: top, clientWidth: width, clientHeight: height } = u.over;
  const yAt = (value: number) => u.valToPos(value, 'y');
  const box = { top: 0, bottom: height, row: THRESHOLD_ROW };
  return {
    ...{ left, top, width, height },
    ...{ axis: model.axis, ticks },
    xAt: (value) => u.valToPos(value, 'x'),
    yAt,
    columns: data.columns.map((column) => ({ ...column, points: at(column) })),
    marks: data.marks,
    gaps: data.gaps,
    attempts: model.attempts ?? [],
    thresholds: placeThresholds(model.thresholds ?? [], endsOfScale(u, 'y'), box, yAt),
  };
}
