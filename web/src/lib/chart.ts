import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import {
  formatLogTick,
  formatXTicks,
  linearRange,
  logRange,
  movedRange,
  pickDecades,
  pickLogLabels,
  SECOND_INCREMENTS,
  STEP_INCREMENTS,
  xRange,
} from './axis.ts';
import type { Drawing } from './chart-drawing.ts';
import { type ChartData, type ChartModel, toChartData, withSetEnds } from './chart-model.ts';
import { type Frame, MAX_GUTTER_LINES, paintAttempts, paintEnds, paintGaps, paintMarks } from './chart-paint.ts';
import { formatTick } from './numbers.ts';
import { followDrag } from './pan.ts';
import { token, translucent } from './tokens.ts';
import { metricOnAxis } from './x-axis.ts';

const DASHES = [[], [6, 3], [2, 3]];
const LANE_PIXELS = 14;
const GUTTER_PIXELS = 58;
const LEAST_DRAG_PIXELS = 5;
/** While a plot is moved, its new range is told when it begins, and each time that this share of its width has gone by. */
const PAN_STEP = 0.2;

/** What a chart tells its card. */
export interface ChartEvents {
  /** Position of the cursor on the x axis, here or in another card; undefined = off the plot. */
  cursor(x: number | undefined): void;
  /** @param isMoving - more ranges beside this one follow. */
  zoom(range: readonly [number, number] | undefined, isMoving?: boolean): void;
}

const frameOf = (u: uPlot): Frame => ({
  context: u.ctx,
  ...u.bbox,
  ratio: uPlot.pxRatio,
  xAt: (value) => u.valToPos(value, 'x', true),
  yAt: (value) => u.valToPos(value, 'y', true),
});

/** The only place that talks to uPlot: one chart in one element; colours are read when it draws. */
export class Chart {
  #host: HTMLElement;
  #events: ChartEvents;
  #plot: uPlot | undefined;
  #model: ChartModel | undefined;
  #data: ChartData | undefined;
  /** Range of the x axis while the plot is being moved. */
  #panned: [number, number] | undefined;
  #resize: ResizeObserver;

  constructor(host: HTMLElement, events: ChartEvents) {
    this.#host = host;
    this.#events = events;
    this.#resize = new ResizeObserver(() => this.#plot?.setSize(this.#size()));
    this.#resize.observe(host);
  }

  /** Shows a model: in place where the lines are the same, else with a new plot. @returns values that could not be drawn. */
  show(model: ChartModel): number {
    const data = toChartData(model);
    const rebuild = this.#data?.shape !== data.shape;
    this.#model = model;
    this.#data = data;
    const columns: uPlot.AlignedData = [data.x, ...data.columns.map((column) => column.values)];
    if (rebuild || !this.#plot) {
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(model, data), columns, this.#host);
      this.#plot.ctx.canvas.dataset['testid'] = 'plot-canvas';
    } else this.#plot.setData(columns);
    this.#plot.ctx.canvas.dataset['lastX'] = String(data.x.at(-1) ?? '');
    return data.hidden;
  }

  /** What is drawn, in CSS pixels; undefined before the first model. */
  drawing(): Drawing | undefined {
    const u = this.#plot;
    const [data, model] = [this.#data, this.#model];
    if (!u || !data || !model) return undefined;
    const at = (column: { readonly kind: string; readonly values: readonly (number | null | undefined)[] }) =>
      column.values.map((value, index) =>
        typeof value === 'number' ? ([u.valToPos(data.x[index] ?? 0, 'x'), u.valToPos(value, 'y')] as const) : value,
      );
    const ends = (scale: 'x' | 'y'): [number, number] => [u.scales[scale]?.min ?? 0, u.scales[scale]?.max ?? 1];
    return {
      ...{ left: u.over.offsetLeft, top: u.over.offsetTop, width: u.over.clientWidth, height: u.over.clientHeight },
      ...{ axis: model.axis, log: model.log, logX: model.logX ?? false, x: ends('x'), y: ends('y') },
      xAt: (value) => u.valToPos(value, 'x'),
      yAt: (value) => u.valToPos(value, 'y'),
      columns: data.columns.map((column) => ({ ...column, points: at(column) })),
      marks: data.marks,
      gaps: data.gaps,
      attempts: model.attempts ?? [],
    };
  }

  /** Draws again, with the colours of the theme that is now shown. */
  redraw(): void {
    this.#plot?.redraw(false, true);
  }

  destroy(): void {
    this.#resize.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #size() {
    return { width: Math.max(80, this.#host.clientWidth), height: Math.max(80, this.#host.clientHeight) };
  }

  #xRange(min: number | null, max: number | null): [number, number] {
    const range = this.#panned ?? this.#model?.range;
    if (range) return [...range];
    return xRange(min, max, this.#model?.logX ?? false);
  }

  #series(data: ChartData): { series: uPlot.Series[]; bands: uPlot.Band[] } {
    const bands: uPlot.Band[] = [];
    const series = data.columns.map(({ kind, slot, label }, index): uPlot.Series => {
      const name = `--run-${slot.colour}`;
      if (kind === 'high') {
        bands.push({ series: [index + 1, index + 2], fill: () => translucent(name, Number(token('--plot-band'))) });
      }
      if (kind === 'high' || kind === 'low') return { stroke: 'transparent', points: { show: false } };
      const stroke = kind === 'raw' ? () => translucent(name, 0.3) : () => token(name);
      const lone = (u: uPlot, line: number) => kind === 'dots' || (kind === 'line' && isSparse(u.data[line]));
      const points = { show: lone, size: 5, stroke: stroke, fill: stroke };
      const paths = kind === 'dots' ? { paths: () => null } : {};
      return { label, stroke, ...paths, width: 1.5, dash: DASHES[slot.round] ?? [], spanGaps: false, points };
    });
    return { series: [{}, ...series], bands };
  }

  #axes({ axis, log, logX }: ChartModel): uPlot.Axis[] {
    const grid = { stroke: () => token('--plot-grid'), width: 1 };
    const ticks = { stroke: () => token('--plot-axis'), width: 1, size: 4 };
    const common = { stroke: () => token('--plot-tick'), font: `11px ${token('--font-sans')}`, gap: 4 };
    const border = { show: true, stroke: () => token('--plot-axis'), width: 1 };
    const yBounds = (u: uPlot): [number, number] => [u.scales['y']?.min ?? 0.1, u.scales['y']?.max ?? 1];
    const xBounds = (u: uPlot): [number, number] => [u.scales['x']?.min ?? 0.1, u.scales['x']?.max ?? 1];
    const seconds = axis === 'time' || axis === 'timestamp';
    const onLogX = logX
      ? {
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
      ...(log ? { filter: (u: uPlot, positions: number[]) => pickLogLabels(positions, ...yBounds(u)) } : {}),
    };
    return [xAxis, yAxis];
  }

  #options(model: ChartModel, data: ChartData): uPlot.Options {
    const lane = data.marks.length > 0 ? LANE_PIXELS : 0;
    const isLine = (index: number) => ['line', 'dots'].includes(data.columns[index - 1]?.kind ?? '');
    const gutter = model.lines.length > MAX_GUTTER_LINES ? 20 : GUTTER_PIXELS;
    return {
      ...this.#size(),
      padding: [8 + lane, gutter, 0, 0],
      ...this.#series(data),
      axes: this.#axes(model),
      legend: { show: false },
      scales: {
        x: { time: false, distr: model.logX ? 3 : 1, range: (_, min, max) => this.#xRange(min, max) },
        y: {
          distr: model.log ? 3 : 1,
          range: (_, min, max) => withSetEnds((model.log ? logRange : linearRange)(min, max), model.yRange, model.log),
        },
      },
      cursor: {
        y: false,
        sync: {
          key: `x-${model.axis}${model.logX ? '-log' : ''}`,
          setSeries: false,
          filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' },
        },
        drag: { x: true, y: false, setScale: false },
        points: {
          size: 7,
          width: 2,
          stroke: (_, index) => (isLine(index) ? token('--panel') : 'transparent'),
          fill: (_, index) =>
            isLine(index) ? token(`--run-${data.columns[index - 1]?.slot.colour ?? 1}`) : 'transparent',
        },
        bind: {
          mousedown: (_u, _target, select) => (event) => {
            if (!event.shiftKey || event.button !== 0 || !this.#model?.range) return select(event);
            this.#pan(event, this.#model.range);
            return null;
          },
          dblclick: () => () => {
            this.#events.zoom(undefined);
            return null;
          },
        },
      },
      hooks: {
        drawClear: [(u) => this.#data && paintGaps(frameOf(u), this.#data.gaps, model.axis)],
        draw: [(u) => this.#paint(u)],
        setCursor: [(u) => this.#cursor(u)],
        setSelect: [(u) => this.#select(u)],
      },
    };
  }

  #paint(u: uPlot): void {
    if (!this.#data || !this.#model) return;
    u.ctx.save();
    paintAttempts(frameOf(u), this.#model.attempts ?? []);
    if (this.#data.marks.length > 0) paintMarks(frameOf(u), this.#data.marks, this.#model.axis);
    paintEnds(frameOf(u), this.#data.ends, this.#model);
    u.ctx.restore();
  }

  #cursor(u: uPlot): void {
    const { left } = u.cursor;
    const on = left !== undefined && left >= 0 && u.cursor.idx !== null && u.cursor.idx !== undefined;
    this.#events.cursor(on ? u.posToVal(left, 'x') : undefined);
  }

  /** A zoomed plot follows the mouse at once; its data comes after. */
  #pan(begin: MouseEvent, from: readonly [number, number]): void {
    let told: number | undefined;
    followDrag(begin, (pixels, isOver) => {
      const width = this.#plot?.over.clientWidth ?? 1;
      const range = movedRange(from, -pixels / width, this.#model?.logX ?? false);
      this.#panned = isOver ? undefined : range;
      if (!isOver) this.#plot?.setScale('x', { min: range[0], max: range[1] });
      if (!isOver && told !== undefined && Math.abs(pixels - told) < width * PAN_STEP) return;
      told = pixels;
      this.#events.zoom(range, !isOver);
    });
  }

  #select(u: uPlot): void {
    const { left, width } = u.select;
    if (width < LEAST_DRAG_PIXELS) return;
    const range: [number, number] = [u.posToVal(left, 'x'), u.posToVal(left + width, 'x')];
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#events.zoom(range);
  }
}

/** Whether a line has so few values that some would not show without a dot. */
function isSparse(values: ArrayLike<number | null | undefined> | undefined): boolean {
  let count = 0;
  for (let index = 0; values && index < values.length; index += 1) {
    if (values[index] !== null && values[index] !== undefined) count += 1;
    if (count > 2) return false;
  }
  return count > 0;
}
