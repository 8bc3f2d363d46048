import type uPlot from 'uplot';
import {
  formatLogTick,
  formatXTicks,
  logPositions,
  pickDecades,
  pickLogLabels,
  SECOND_INCREMENTS,
  STEP_INCREMENTS,
} from './axis.ts';
import type { ChartModel } from './chart-model.ts';
import { formatTick } from './numbers.ts';
import { token } from './tokens.ts';
import { metricOnAxis } from './x-axis.ts';

/** Axes of a chart: what their labels say, and where their lines are. */
export function axesOf({ axis, log, logX }: ChartModel): uPlot.Axis[] {
  const grid = { stroke: () => token('--plot-grid'), width: 1 };
  const ticks = { stroke: () => token('--plot-axis'), width: 1, size: 4 };
  const common = { stroke: () => token('--plot-tick'), font: `11px ${token('--font-sans')}`, gap: 4 };
  const border = { show: true, stroke: () => token('--plot-axis'), width: 1 };
  const yBounds = (u: uPlot): [number, number] => [u.scales['y']?.min ?? 0.1, u.scales['y']?.max ?? 1];
  const xBounds = (u: uPlot): [number, number] => [u.scales['x']?.min ?? 0.1, u.scales['x']?.max ?? 1];
  const seconds = axis === 'time' || axis === 'timestamp';
  // Those of uPlot never end when the axis does not begin at a decade.
  const splits = (_: uPlot, _axis: number, min: number, max: number) => logPositions(min, max);
  const onLogX = logX
    ? {
        splits,
        filter: (u: uPlot, positions: number[]) => pickLogLabels(positions, ...xBounds(u)),
        values: (u: uPlot, positions: (number | null)[]) =>
          positions.map((value) => (value === null ? '' : formatLogTick(value, ...xBounds(u)))),
      }
    : { values: (_: uPlot, positions: number[]) => formatXTicks(axis, positions) };
  const increments = axis === 'step' ? STEP_INCREMENTS : SECOND_INCREMENTS;
  const decades = { filter: (_: uPlot, positions: number[]) => pickDecades(positions) };
  const xAxis: uPlot.Axis = {
    ...common,
    ...onLogX,
    grid: logX ? { ...grid, ...decades } : grid,
    ticks: logX ? { ...ticks, ...decades } : ticks,
    border,
    size: 24,
    space: seconds ? 68 : 56,
    ...(logX || metricOnAxis(axis) !== undefined ? {} : { incrs: increments }),
  };
  const yAxis: uPlot.Axis = {
    ...common,
    border,
    size: 46,
    space: 28,
    grid: log ? { ...grid, ...decades } : grid,
    ticks: log ? { ...ticks, ...decades } : ticks,
    values: log
      ? (u, positions) => positions.map((value) => (value === null ? '' : formatLogTick(value, ...yBounds(u))))
      : (_, positions) => positions.map(formatTick),
    ...(log ? { splits, filter: (u: uPlot, positions: number[]) => pickLogLabels(positions, ...yBounds(u)) } : {}),
  };
  return [xAxis, yAxis];
}
