import type uPlot from 'uplot';
import type { ChartData } from './chart-model.ts';
import { endsOfScale } from './drawn.ts';
import { placeBeside, placesOf } from './plot-points.ts';

/** Puts the cursor of a plot on a place as the mouse does it: the cursors of the other cards come along. */
export function pointAt(u: uPlot, pixels: number): void {
  const { left, top } = u.over.getBoundingClientRect();
  u.over.dispatchEvent(new MouseEvent('mousemove', { clientX: left + pixels, clientY: top + 1 }));
}

/** Where the cursor of a plot is: under the mouse, or on the point that keys have put it on. */
export class PlotCursor {
  /** Places of points, once a key has asked for them. */
  #places: readonly number[] | undefined;
  #point: number | undefined;

  /** The plot has other data. */
  forgetPlaces(): void {
    this.#places = undefined;
  }

  /** Undefined = off the plot. */
  at(u: uPlot): number | undefined {
    const { left, idx } = u.cursor;
    if (left === undefined || left < 0 || idx === null || idx === undefined) return undefined;
    // A mouse is on whole pixels, a point is not.
    const isOn = this.#point !== undefined && Math.abs(u.valToPos(this.#point, 'x') - left) <= 1;
    return isOn ? this.#point : u.posToVal(left, 'x');
  }

  /** Puts the cursor on a place, or on the end that is next to it. */
  place(u: uPlot, at: number): void {
    // A new plot has its size and its axes after this turn.
    queueMicrotask(() => {
      this.#point = at;
      pointAt(u, Math.min(u.over.clientWidth, Math.max(0, u.valToPos(at, 'x'))));
    });
  }

  /** Goes `by` points on, or to the first or last one in view (infinite). @returns false = there is none. */
  step(u: uPlot, data: ChartData, by: number): boolean {
    this.#places ??= placesOf(data);
    const move = Number.isFinite(by) ? { at: this.at(u), by } : { at: undefined, by: -Math.sign(by) };
    const pixelOf = (place: number) => u.valToPos(place, 'x');
    const point = placeBeside(this.#places, { ...move, range: endsOfScale(u, 'x') }, pixelOf);
    if (point === undefined) return false;
    this.#point = point;
    pointAt(u, pixelOf(point));
    return true;
  }
}
