import { type AxesTicks, TICK_PIXELS } from './axes-ticks.ts';
import type { Frame } from './chart-paint.ts';
import { token } from './tokens.ts';

/** Room below a plot for the labels of its x axis, CSS pixels. */
export const X_AXIS_PIXELS = 24;

const fontOf = (ratio: number) => `${11 * ratio}px ${token('--font-sans')}`;

/** Width of a label on a canvas, in CSS pixels. */
export function labelWidth(context: CanvasRenderingContext2D, label: string): number {
  context.font = fontOf(1);
  return context.measureText(label).width;
}

/** Draws the grid, the two axes and their labels; to be drawn under the lines. */
export function paintAxes({ context: c, left, top, width, height, ratio, xAt, yAt }: Frame, { x, y }: AxesTicks): void {
  const [right, bottom] = [left + width, top + height];
  // A line of one pixel lies on the middle of a pixel.
  const sharp = (at: number) => Math.round(at) + (ratio % 2 === 0 ? 0 : 0.5);
  const strokes = (colour: string, lines: readonly (readonly [number, number, number, number])[]) => {
    c.strokeStyle = token(colour);
    c.lineWidth = ratio;
    c.beginPath();
    for (const [x0, y0, x1, y1] of lines) {
      c.moveTo(x0, y0);
      c.lineTo(x1, y1);
    }
    c.stroke();
  };
  c.save();
  const across = x.map(({ at, label }) => ({ place: sharp(xAt(at)), label }));
  const up = y.map(({ at, label }) => ({ place: sharp(yAt(at)), label }));
  strokes('--plot-grid', [
    ...across.map(({ place }) => [place, top, place, bottom] as const),
    ...up.map(({ place }) => [left, place, right, place] as const),
  ]);
  const [axisX, axisY, size] = [sharp(left), sharp(bottom), TICK_PIXELS * ratio];
  strokes('--plot-axis', [
    [axisX, top, axisX, bottom],
    [left, axisY, right, axisY],
    ...across.map(({ place }) => [place, axisY, place, axisY + size] as const),
    ...up.map(({ place }) => [axisX - size, place, axisX, place] as const),
  ]);
  c.font = fontOf(ratio);
  c.fillStyle = token('--plot-tick');
  c.textAlign = 'center';
  c.textBaseline = 'top';
  for (const { place, label } of across) c.fillText(label, place, bottom + 2 * size);
  c.textAlign = 'right';
  c.textBaseline = 'middle';
  for (const { place, label } of up) c.fillText(label, left - 2 * size, place);
  c.restore();
}
