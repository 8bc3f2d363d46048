import type uPlot from 'uplot';
import type { AxesTicks } from './axes-ticks.ts';
import type { Drawing } from './chart-drawing.ts';
import type { ChartData, ChartModel } from './chart-model.ts';

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
  return {
    ...{ left: u.over.offsetLeft, top: u.over.offsetTop, width: u.over.clientWidth, height: u.over.clientHeight },
    ...{ axis: model.axis, ticks },
    xAt: (value) => u.valToPos(value, 'x'),
    yAt: (value) => u.valToPos(value, 'y'),
    columns: data.columns.map((column) => ({ ...column, points: at(column) })),
    marks: data.marks,
    gaps: data.gaps,
    attempts: model.attempts ?? [],
  };
}
