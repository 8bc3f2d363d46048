/**
 * Moves labels apart that would overlap, each as near to its own place as the others and the edges allow.
 * @param places - wanted centres, in any order; @returns the centres in the same order.
 */
export function spreadLabels(places: readonly number[], height: number, top: number, bottom: number): number[] {
  const order = places.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place || a.index - b.index);
  const centres: number[] = [];
  for (const { place } of order) {
    const above = centres.at(-1);
    centres.push(Math.max(place, above === undefined ? top : above + height));
  }
  let limit = bottom;
  for (let index = centres.length - 1; index >= 0; index -= 1) {
    centres[index] = Math.min(centres[index] ?? limit, limit);
    limit = (centres[index] ?? limit) - height;
  }
  const result = new Array<number>(places.length).fill(0);
  order.forEach(({ index }, position) => {
    result[index] = centres[position] ?? 0;
  });
  return result;
}
