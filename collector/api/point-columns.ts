import type { PlotSeries } from '../store/telemetry-store.ts';

/** Columns of equal length, ascending in the first one, which is x. */
export type Columns = readonly Float64Array[];

/** Columns of points: x and value. */
export const POINT_WIDTH = 2;
/** Columns of cells: x, sum and number of the finite values, least and greatest of them (NaN = none). */
export const CELL_WIDTH = 5;

const rowCount = (columns: Columns): number => (columns[0] as Float64Array).length;
const finiteOrNaN = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);
const emptyColumns = (width: number): Columns => Array.from({ length: width }, () => new Float64Array(0));
const cutColumns = (columns: Columns, rows: number): Columns => columns.map((column) => column.slice(0, rows));

/** Points of a series: exact ones as they are; of a bucket its real extremes, each at its own x, in the order of x. */
export function toPoints(series: PlotSeries): Columns {
  if (series.kind === 'points') return [series.x, series.value];
  const points = [new Float64Array(series.x0.length * 2), new Float64Array(series.x0.length * 2)] as const;
  const [x, value] = points;
  let rows = 0;
  const put = (pointX: number, pointValue: number): void => {
    x[rows] = pointX;
    value[rows++] = pointValue;
  };
  for (let bucket = 0; bucket < series.x0.length; bucket++) {
    const minX = series.minX[bucket] as number;
    const maxX = series.maxX[bucket] as number;
    const min = series.min[bucket] as number;
    const max = series.max[bucket] as number;
    if (!Number.isFinite(min)) put(series.x0[bucket] as number, Number.NaN);
    else if (minX === maxX && min === max) put(minX, min);
    else if (minX <= maxX) {
      put(minX, min);
      put(maxX, max);
    } else {
      put(maxX, max);
      put(minX, min);
    }
  }
  return cutColumns(points, rows);
}

/** Cells of a series: one a point or one a bucket, at the bucket's first x. */
export function toCells(series: PlotSeries): Columns {
  if (series.kind === 'buckets') {
    const finite = series.count.map((count, bucket) => count - (series.nonFinite[bucket] as number));
    const sum = finite.map((count, bucket) => (count === 0 ? 0 : count * (series.mean[bucket] as number)));
    return [series.x0, sum, finite, series.min.map(finiteOrNaN), series.max.map(finiteOrNaN)];
  }
  const finite = series.value.map((value) => (Number.isFinite(value) ? 1 : 0));
  const sum = series.value.map((value) => (Number.isFinite(value) ? value : 0));
  const extreme = series.value.map(finiteOrNaN);
  return [series.x, sum, finite, extreme, extreme];
}

/** Merges several sets of columns in the order of x; equal x keep the order of the sets. */
export function mergeColumns(sets: readonly Columns[], width: number): Columns {
  if (sets.length <= 1) return sets[0] ?? emptyColumns(width);
  const half = sets.length >> 1;
  return mergeTwo(mergeColumns(sets.slice(0, half), width), mergeColumns(sets.slice(half), width));
}

function mergeTwo(left: Columns, right: Columns): Columns {
  const leftX = left[0] as Float64Array;
  const rightX = right[0] as Float64Array;
  const merged = left.map(() => new Float64Array(leftX.length + rightX.length));
  let [l, r] = [0, 0];
  for (let row = 0; row < leftX.length + rightX.length; row++) {
    const takeLeft = r === rightX.length || (l < leftX.length && (leftX[l] as number) <= (rightX[r] as number));
    const source = takeLeft ? left : right;
    const from = takeLeft ? l++ : r++;
    for (let column = 0; column < merged.length; column++) {
      (merged[column] as Float64Array)[row] = (source[column] as Float64Array)[from] as number;
    }
  }
  return merged;
}

/**
 * Reduces points to `maxRows` at the most: of each run of neighbours the real least and greatest value stay, in the order of x.
 *
 * One row alone is the last point.
 */
export function thinPoints(points: Columns, maxRows: number): Columns {
  const rows = rowCount(points);
  if (rows <= maxRows) return points;
  if (maxRows < 2) return points.map((column) => column.slice(-1));
  const value = points[1] as Float64Array;
  const groupRows = Math.ceil(rows / (maxRows >> 1));
  const kept: number[] = [];
  for (let start = 0; start < rows; start += groupRows) {
    let [least, greatest] = [start, start];
    for (let row = start; row < Math.min(start + groupRows, rows); row++) {
      // A comparison with NaN is false: negated, it moves off a NaN at once.
      if (!((value[row] as number) >= (value[least] as number)) && !Number.isNaN(value[row])) least = row;
      if (!((value[row] as number) <= (value[greatest] as number)) && !Number.isNaN(value[row])) greatest = row;
    }
    kept.push(Math.min(least, greatest));
    if (least !== greatest) kept.push(Math.max(least, greatest));
  }
  return points.map((column) => Float64Array.from(kept, (row) => column[row] as number));
}

/** Joins cells of equal x, then neighbours until `maxRows` are left; a joined cell stands at its first x. */
export function joinCells(cells: Columns, maxRows: number | undefined): Columns {
  const joined = joinNeighbours(cells, (first, x) => first === x);
  const rows = rowCount(joined);
  if (maxRows === undefined || rows <= maxRows) return joined;
  const groupRows = Math.ceil(rows / maxRows);
  let taken = 0;
  return joinNeighbours(joined, () => ++taken % groupRows !== 0);
}

/** @param same - called for each row but the first: true = the row joins the cell that began at `first`. */
function joinNeighbours(cells: Columns, same: (first: number, x: number) => boolean): Columns {
  const [x, sum, count, min, max] = cells.map((column) => column.slice()) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let last = -1;
  for (let row = 0; row < x.length; row++) {
    if (last < 0 || !same(x[last] as number, x[row] as number)) {
      last++;
      for (const column of [x, sum, count, min, max]) column[last] = column[row] as number;
      continue;
    }
    sum[last] = (sum[last] as number) + (sum[row] as number);
    count[last] = (count[last] as number) + (count[row] as number);
    min[last] = least(min[last] as number, min[row] as number);
    max[last] = -least(-(max[last] as number), -(max[row] as number));
  }
  return cutColumns([x, sum, count, min, max], last + 1);
}

/** The lesser of two numbers; NaN stands for none. */
function least(a: number, b: number): number {
  return a <= b || Number.isNaN(b) ? a : b;
}
