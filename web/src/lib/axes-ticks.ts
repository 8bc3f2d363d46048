import { type Tick, xTicks, yTicks } from './ticks.ts';
import type { XAxis } from './x-axis.ts';

/** Length of the mark of a label, CSS pixels. */
export const TICK_PIXELS = 4;
const LEAST_Y_AXIS_PIXELS = 46;
const X_LABEL_PIXELS = 56;
const Y_LABEL_PIXELS = 28;
const GAP_PIXELS = 12;
const MOST_X_LABELS = 10;

/** What the axes of a plot show. */
export interface AxesView {
  readonly axis: XAxis;
  readonly log: boolean;
  readonly logX: boolean;
  /** Ends of the axes. */
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** Places with labels on both axes. */
export interface AxesTicks {
  readonly x: readonly Tick[];
  readonly y: readonly Tick[];
}

type Measure = (label: string) => number;

/** Labels that stand clear of each other. @param measure - width of a label; all sizes in CSS pixels. */
export function ticksOf(
  view: AxesView,
  { width, height }: { width: number; height: number },
  measure: Measure,
): AxesTicks {
  const y = yTicks(view.y, view.log, Math.max(2, Math.floor(height / Y_LABEL_PIXELS)));
  for (let most = Math.min(MOST_X_LABELS, Math.floor(width / X_LABEL_PIXELS)); ; most--) {
    const x = xTicks(view.axis, view.x, view.logX, Math.max(1, most));
    const clear = clearTicks(x, view, width, measure);
    // Fewer are asked for, but on a logarithmic axis, whose labels have their places.
    if (clear.length === x.length || view.logX || most <= 1) return { x: clear, y };
  }
}

function clearTicks(
  ticks: readonly Tick[],
  { x: [low, high], logX }: AxesView,
  width: number,
  measure: Measure,
): Tick[] {
  const placeOf = (at: number) =>
    (logX ? Math.log(at / low) / Math.log(high / low) : (at - low) / (high - low)) * width;
  let end = Number.NEGATIVE_INFINITY;
  return ticks.filter(({ at, label }) => {
    const [middle, half] = [placeOf(at), measure(label) / 2];
    const isClear = middle - half >= end + GAP_PIXELS;
    if (isClear) end = middle + half;
    return isClear;
  });
}

/** Room that the labels of a y axis need, CSS pixels. */
export const yAxisWidth = ({ y }: Pick<AxesTicks, 'y'>, measure: Measure): number =>
  Math.max(LEAST_Y_AXIS_PIXELS, ...y.map(({ label }) => Math.ceil(measure(label)) + TICK_PIXELS * 2 + 2));
