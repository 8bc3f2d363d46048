import type { PlotSource } from './plot-sources.ts';

/** Every point in the range, ascending in x; points that are not on the axis are left out. */
export function readPoints(sources: readonly PlotSource[], from: number, to: number) {
  let capacity = 0;
  for (const source of sources) capacity += source.summary.count;
  const x = new Float64Array(capacity);
  const value = new Float64Array(capacity);
  let count = 0;
  let isSorted = true;
  for (const source of sources) {
    const points = source.read();
    for (let i = 0; i < points.x.length; i++) {
      const at = points.x[i] as number;
      if (!(at >= from && at <= to)) continue;
      if (count > 0 && at < (x[count - 1] as number)) isSorted = false;
      x[count] = at;
      value[count] = points.value[i] as number;
      count++;
    }
  }
  const used = { x: x.subarray(0, count), value: value.subarray(0, count) };
  return isSorted ? { x: used.x.slice(), value: used.value.slice() } : sortByX(used.x, used.value);
}

function sortByX(x: Float64Array, value: Float64Array): { x: Float64Array; value: Float64Array } {
  const order = Uint32Array.from(x.keys()).sort((a, b) => (x[a] as number) - (x[b] as number) || a - b);
  return {
    x: Float64Array.from(order, (i) => x[i] as number),
    value: Float64Array.from(order, (i) => value[i] as number),
  };
}
