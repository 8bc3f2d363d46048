/** Path of a sparkline in a box of `width` by `height` pixels and its last point; null values break it. */
export function sparkPath(
  values: readonly (number | null)[],
  { width, height, log }: { width: number; height: number; log: boolean },
): { path: string; end: readonly [number, number] | undefined } {
  const scaled = values.map((value) => {
    if (value === null) return null;
    if (!log) return value;
    return value > 0 ? Math.log10(value) : null;
  });
  const shown = scaled.filter((value) => value !== null);
  if (shown.length === 0) return { path: '', end: undefined };
  let low = Math.min(...shown);
  let high = Math.max(...shown);
  if (low === high) {
    low -= 1;
    high += 1;
  }
  let path = '';
  let pen = false;
  let end: readonly [number, number] | undefined;
  scaled.forEach((value, index) => {
    if (value === null) {
      pen = false;
      return;
    }
    const x = 1 + (index * (width - 5)) / Math.max(1, values.length - 1);
    const y = height - 2.5 - ((value - low) / (high - low)) * (height - 5);
    path += `${pen ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = true;
    end = [x, y];
  });
  return { path, end };
}

/** The area between such a path and the floor of its box; a break in the line is one in the area. */
export const areaBelow = (path: string, height: number): string =>
  path.replace(/M([\d.]+)[^M]+/g, (stretch, x) => `${stretch}V${height}H${x}Z`);
