import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type AxesTicks, type AxesView, ticksOf, yAxisWidth } from './axes-ticks.ts';
import { linearRange, logRange, movedRange, xRange } from './axis.ts';
import { labelWidth, paintAxes, X_AXIS_PIXELS } from './chart-axes.ts';
import type { Drawing } from './chart-drawing.ts';
import { type ChartData, type ChartModel, endsOf, toChartData, withSetEnds } from './chart-model.ts';
import { type Frame, MAX_GUTTER_LINES, paintAttempts, paintEnds, paintGaps, paintMarks } from './chart-paint.ts';
import { colouredLines } from './coloured-lines.ts';
import { drawingOf, endsOfScale } from './drawn.ts';
import { paintLines } from './line-painter.ts';
import { followDrag } from './pan.ts';
import { PlotCursor, pointAt } from './plot-cursor.ts';
import { followFingers, type Gestured, plotKey } from './plot-gestures.ts';
import { RangeMove } from './range-move.ts';
import { paintThresholds, THRESHOLD_ROW } from './threshold-paint.ts';
import { placeThresholds } from './thresholds.ts';
import { token } from './tokens.ts';

const LANE_PIXELS = 14;
const GUTTER_PIXELS = 58;
const LEAST_DRAG_PIXELS = 5;

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
  readonly #cursor = new PlotCursor();
  #move: RangeMove | undefined;
  /** Ends of the x axis when all was shown. */
  #whole: readonly [number, number] | undefined;
  #gone = new AbortController();
  #resize: ResizeObserver;

  constructor(host: HTMLElement, events: ChartEvents) {
    this.#host = host;
    this.#events = events;
    this.#resize = new ResizeObserver(() => this.#plot?.setSize(this.#size()));
    this.#resize.observe(host);
    // Not on the plot: it may be built anew under the fingers.
    followFingers(
      host,
      () => this.#plot && { over: this.#plot.over, plot: this.#gestured(this.#plot) },
      this.#gone.signal,
    );
  }

  /** Shows a model: in place where the lines are the same, else with a new plot. @returns values that could not be drawn. */
  show(model: ChartModel): number {
    const data = toChartData(model);
    const rebuild = this.#data?.shape !== data.shape;
    this.#model = model;
    this.#data = data;
    this.#cursor.forgetPlaces();
    const columns: uPlot.AlignedData = [data.x, ...data.columns.map((column) => column.values)];
    if (rebuild || !this.#plot) {
      const cursor = this.#plot ? this.#cursor.at(this.#plot) : model.at;
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(model, data), columns, this.#host);
      if (cursor !== undefined) this.#cursor.place(this.#plot, cursor);
      this.#plot.ctx.canvas.dataset['testid'] = 'plot-canvas';
    } else this.#plot.setData(columns);
    if (!model.range && !this.#move) this.#whole = endsOfScale(this.#plot, 'x');
    this.#plot.ctx.canvas.dataset['lastX'] = String(data.x.at(-1) ?? '');
    return data.hidden;
  }

  /** @returns whether it was a key of a plot. */
  key(event: KeyboardEvent): boolean {
    return this.#plot !== undefined && plotKey(event, this.#gestured(this.#plot));
  }

  /** What is drawn; undefined before the first model. */
  drawing(): Drawing | undefined {
    return (
      this.#plot && this.#data && this.#model && drawingOf(this.#plot, this.#data, this.#model, this.#ticks(this.#plot))
    );
  }

  /** Draws again, with the colours of the theme that is now shown. */
  redraw(): void {
    this.#plot?.redraw(false, true);
  }

  destroy(): void {
    this.#gone.abort();
    this.#resize.disconnect();
    this.#move?.cancel();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #size() {
    return { width: Math.max(80, this.#host.clientWidth), height: Math.max(80, this.#host.clientHeight) };
  }

  #xRange(min: number | null, max: number | null): [number, number] {
    const range = this.#move?.range ?? this.#model?.range;
    if (range) return [...range];
    const log = this.#model?.logX ?? false;
    return withSetEnds(xRange(min, max, log), this.#model?.xRange, log);
  }

  #options(model: ChartModel, data: ChartData): uPlot.Options {
    const lane = data.marks.length > 0 ? LANE_PIXELS : 0;
    const isLine = (index: number) => ['line', 'dots'].includes(data.columns[index - 1]?.kind ?? '');
    const gutter = model.lines.length > MAX_GUTTER_LINES ? 20 : GUTTER_PIXELS;
    return {
      ...this.#size(),
      padding: [
        8 + lane,
        gutter,
        X_AXIS_PIXELS,
        (u, _side, _axes, turn) => (turn === 0 ? 0 : yAxisWidth(this.#ticks(u), (label) => labelWidth(u.ctx, label))),
      ],
      // Lines are painted by us: uPlot knows them for the cursor and the ends of the axes.
      series: [{}, ...data.columns.map(({ label }) => ({ label, paths: () => null, points: { show: false } }))],
      // Its own axes end at 1e17, and their labels at four digits.
      axes: [{ show: false }, { show: false }],
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
            this.#drag(event);
            return null;
          },
          dblclick: () => () => {
            this.#events.zoom(undefined);
            return null;
          },
        },
      },
      hooks: {
        drawClear: [(u) => this.#paintBelow(u)],
        drawAxes: [(u) => this.#paintLines(u)],
        draw: [(u) => this.#paint(u)],
        setCursor: [(u) => this.#events.cursor(this.#cursor.at(u))],
        setSelect: [(u) => this.#select(u)],
      },
    };
  }

  #view(u: uPlot): AxesView {
    const { axis = 'step', log = false, logX = false } = this.#model ?? {};
    return { axis, log, logX, x: endsOfScale(u, 'x'), y: endsOfScale(u, 'y') };
  }

  #ticks(u: uPlot): AxesTicks {
    const size = { width: u.bbox.width / uPlot.pxRatio, height: u.bbox.height / uPlot.pxRatio };
    return ticksOf(this.#view(u), size, (label) => labelWidth(u.ctx, label));
  }

  #paintBelow(u: uPlot): void {
    if (!this.#data || !this.#model) return;
    const frame = frameOf(u);
    paintGaps(frame, this.#data.gaps, this.#model.axis);
    paintAxes(frame, this.#ticks(u));
    const box = { top: frame.top, bottom: frame.top + frame.height, row: THRESHOLD_ROW * frame.ratio };
    const placed = placeThresholds(this.#model.thresholds ?? [], endsOfScale(u, 'y'), box, frame.yAt);
    paintThresholds(frame, placed, this.#data.lines);
  }

  #paint(u: uPlot): void {
    if (!this.#data || !this.#model) return;
    u.ctx.save();
    paintAttempts(frameOf(u), this.#model.attempts ?? []);
    if (this.#data.marks.length > 0) paintMarks(frameOf(u), this.#data.marks, this.#model.axis);
    const ends = this.#move ? endsOf({ ...this.#model, range: this.#move.range }) : this.#data.ends;
    paintEnds(frameOf(u), ends, this.#model);
    u.ctx.restore();
  }

  /** A zoomed plot follows the mouse. */
  #drag(begin: MouseEvent): void {
    const [u, log] = [this.#plot, this.#model?.logX ?? false];
    if (!u) return;
    const from = endsOfScale(u, 'x');
    followDrag(begin, (pixels, isOver) => {
      if (isOver) this.#move?.rest();
      else this.#moveTo(movedRange(from, -pixels / u.over.clientWidth, log));
    });
  }

  /** Shows another range at once; its data comes after. */
  #moveTo(range: readonly [number, number]): void {
    const [u, whole] = [this.#plot, this.#whole];
    if (!u) return;
    if (whole && range[0] <= whole[0] && range[1] >= whole[1]) {
      this.#endMove();
      this.#events.zoom(undefined);
      return;
    }
    this.#move ??= new RangeMove(this.#model?.logX ?? false, (moved, isMoving) => {
      if (!isMoving) {
        this.#move = undefined;
        this.#plot?.redraw(false, false);
      }
      this.#events.zoom(moved, isMoving);
    });
    this.#move.to(range);
    u.setScale('x', { min: range[0], max: range[1] });
  }

  #endMove(): void {
    this.#move?.cancel();
    this.#move = undefined;
  }

  #gestured(u: uPlot): Gestured {
    return {
      range: () => endsOfScale(u, 'x'),
      isZoomed: () => (this.#move ?? this.#model)?.range !== undefined,
      logX: this.#model?.logX ?? false,
      cursorAt: () => this.#cursor.at(u),
      setCursor: (share) => pointAt(u, share * u.over.clientWidth),
      step: (by) => this.#data !== undefined && this.#cursor.step(u, this.#data, by),
      valueAt: (share) => u.posToVal(share * u.over.clientWidth, 'x'),
      moveTo: (range) => this.#moveTo(range),
      rest: () => this.#move?.rest(),
      showAll: () => {
        this.#endMove();
        this.#events.zoom(undefined);
      },
    };
  }

  #paintLines(u: uPlot): void {
    const view = { ...u.bbox, ...this.#view(u), ratio: uPlot.pxRatio, isMoving: this.#move !== undefined };
    paintLines(u.ctx, colouredLines(this.#data), view);
  }

  #select(u: uPlot): void {
    const { left, width } = u.select;
    if (width < LEAST_DRAG_PIXELS) return;
    const range: [number, number] = [u.posToVal(left, 'x'), u.posToVal(left + width, 'x')];
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#events.zoom(range);
  }
}
