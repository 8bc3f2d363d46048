import { type Tick, xTicks, yTicks } from './ticks.ts';
import type { XAxis } from './x-axis.ts';

/** Length of the mark of a label, CSS pixels. */
export const TICK_PIXELS = 4;
const LEAST_Y_AXIS_PIXELS = 46;
const Y_LABEL_PIXELS = 28;
const GAP_PIXELS = 12;
const MOST_LABELS = 6;
/** Parts that an axis is divided in. */
const PARTS = 5;

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
  const yParts = Math.min(PARTS, Math.max(2, Math.floor(height / Y_LABEL_PIXELS)));
  const y = few(yParts, (parts) => yTicks(view.y, view.log, parts));
  const isClear = (ticks: readonly Tick[]) => clearTicks(ticks, view, width, measure).length === ticks.length;
  // Fewer are asked for, but on a logarithmic axis, whose labels have their places.
  const x = few(PARTS, (parts) => xTicks(view.axis, view.x, view.logX, parts), view.logX ? undefined : isClear);
  return { x: clearTicks(x, view, width, measure), y };
}

/** As many as there is room for. */
function few(
  parts: number,
  divide: (parts: number) => readonly Tick[],
  fits: (ticks: readonly Tick[]) => boolean = () => true,
): readonly Tick[] {
  const ticks = divide(parts);
  return parts <= 1 || (ticks.length <= MOST_LABELS && fits(ticks)) ? ticks : few(parts - 1, divide, fits);
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
