import type { ChartData } from './chart-model.ts';

/** Places where a line has a value, or a mark for one that is not finite; ascending. */
export function placesOf({ x, columns, marks }: Pick<ChartData, 'x' | 'columns' | 'marks'>): number[] {
  const drawn = columns.filter(({ kind }) => kind === 'line' || kind === 'dots');
  const places = x.filter((_, index) => drawn.some(({ values }) => typeof values[index] === 'number'));
  return [...new Set([...places, ...marks.map((mark) => mark.x)])].sort((a, b) => a - b);
}

/**
 * The place `by` places on from one; undefined = there is none in the range.
 * @param at - undefined = from before the first, or from behind the last; @param pixel - how far a place on the axis is to the right, in pixels: places closer than one are one.
 */
export function placeBeside(
  places: readonly number[],
  {
    at,
    by,
    range: [low, high],
  }: { readonly at: number | undefined; readonly by: number; readonly range: readonly [number, number] },
  pixel: (place: number) => number,
): number | undefined {
  const inRange = places.filter((place) => place >= low && place <= high);
  const ordered = by > 0 ? inRange : inRange.reverse();
  let from = at === undefined ? Number.NEGATIVE_INFINITY : Math.sign(by) * pixel(at);
  let found: number | undefined;
  let left = Math.abs(by);
  for (const place of ordered) {
    const there = Math.sign(by) * pixel(place);
    if (there < from + 1 || left === 0) continue;
    [found, from] = [place, there];
    left -= 1;
  }
  return found;
}
