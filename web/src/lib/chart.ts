import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import {
  formatLogTick,
  formatXTicks,
  linearRange,
  logRange,
  pickDecades,
  pickLogLabels,
  SECOND_INCREMENTS,
  STEP_INCREMENTS,
} from './axis.ts';
import { type ChartData, type ChartModel, toChartData, withSetEnds } from './chart-model.ts';
import { type Frame, MAX_GUTTER_LINES, paintEnds, paintGaps, paintMarks } from './chart-paint.ts';
import { formatTick } from './numbers.ts';
import { token, translucent } from './tokens.ts';

const DASHES = [[], [6, 3], [2, 3]];
const LANE_PIXELS = 14;
const GUTTER_PIXELS = 58;
const LEAST_DRAG_PIXELS = 5;

/** What a chart tells its card. */
export interface ChartEvents {
  /** Position of the cursor on the x axis, here or in another card; undefined = off the plot. */
  cursor(x: number | undefined): void;
  zoom(range: readonly [number, number] | undefined): void;
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
    if (this.#model?.range) return [...this.#model.range];
    if (min === null || max === null) return [0, 1];
    return min === max ? [min - 0.5, max + 0.5] : [min, max];
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
      const lone = (u: uPlot, line: number) => kind === 'line' && isSparse(u.data[line]);
      const points = { show: lone, size: 5, stroke: stroke, fill: stroke };
      return { label, stroke, width: 1.5, dash: DASHES[slot.round] ?? [], spanGaps: false, points };
    });
    return { series: [{}, ...series], bands };
  }

  #axes({ axis, log }: ChartModel): uPlot.Axis[] {
    const grid = { stroke: () => token('--plot-grid'), width: 1 };
    const ticks = { stroke: () => token('--plot-axis'), width: 1, size: 4 };
    const common = { stroke: () => token('--plot-tick'), font: `11px ${token('--font-sans')}`, gap: 4 };
    const border = { show: true, stroke: () => token('--plot-axis'), width: 1 };
    const yBounds = (u: uPlot): [number, number] => [u.scales['y']?.min ?? 0.1, u.scales['y']?.max ?? 1];
    const xAxis: uPlot.Axis = {
      ...common,
      grid,
      ticks,
      border,
      size: 24,
      space: axis === 'step' ? 56 : 68,
      incrs: axis === 'step' ? STEP_INCREMENTS : SECOND_INCREMENTS,
      values: (_, positions) => formatXTicks(axis, positions),
    };
    const yAxis: uPlot.Axis = {
      ...common,
      border,
      size: 46,
      space: 28,
      grid: log ? { ...grid, filter: (_, positions) => pickDecades(positions) } : grid,
      ticks: log ? { ...ticks, filter: (_, positions) => pickDecades(positions) } : ticks,
      values: log
        ? (u, positions) => positions.map((value) => (value === null ? '' : formatLogTick(value, ...yBounds(u))))
        : (_, positions) => positions.map(formatTick),
      ...(log ? { filter: (u: uPlot, positions: number[]) => pickLogLabels(positions, ...yBounds(u)) } : {}),
    };
    return [xAxis, yAxis];
  }

  #options(model: ChartModel, data: ChartData): uPlot.Options {
    const lane = data.marks.length > 0 ? LANE_PIXELS : 0;
    const isLine = (index: number) => data.columns[index - 1]?.kind === 'line';
    const gutter = model.lines.length > MAX_GUTTER_LINES ? 20 : GUTTER_PIXELS;
    return {
      ...this.#size(),
      padding: [8 + lane, gutter, 0, 0],
      ...this.#series(data),
      axes: this.#axes(model),
      legend: { show: false },
      scales: {
        x: { time: false, range: (_, min, max) => this.#xRange(min, max) },
        y: {
          distr: model.log ? 3 : 1,
          range: (_, min, max) => withSetEnds((model.log ? logRange : linearRange)(min, max), model.yRange, model.log),
        },
      },
      cursor: {
        y: false,
        sync: {
          key: `x-${model.axis}`,
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
    if (this.#data.marks.length > 0) paintMarks(frameOf(u), this.#data.marks, this.#model.axis);
    paintEnds(frameOf(u), this.#data.ends, this.#model);
    u.ctx.restore();
  }

  #cursor(u: uPlot): void {
    const { left } = u.cursor;
    const on = left !== undefined && left >= 0 && u.cursor.idx !== null && u.cursor.idx !== undefined;
    this.#events.cursor(on ? u.posToVal(left, 'x') : undefined);
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
