import type { PlotBuckets, PlotPoints } from '../../../collector/api/contract/telemetry.ts';
import { findGaps, type Interval, openIndexes } from './gaps.ts';
import { formatNumber } from './numbers.ts';

export type MarkKind = 'NaN' | '+Inf' | '−Inf' | 'not finite';

/** A value that cannot stand on the axis; drawn in the lane above the plot. */
export interface Mark {
  readonly x: number;
  readonly kind: MarkKind;
  readonly count: number;
}

/** One series as it is drawn: `y` is null where the line breaks; `low` and `high` only when a bucket stands for several points. */
export interface PlotLine {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
  /** True = the positions are no sequence: dots, not a line. */
  readonly dots?: boolean;
  readonly marks: readonly Mark[];
  readonly gaps: readonly Interval[];
  /** Points in the range, drawn or not. */
  readonly total: number;
  /** Points that one drawn position stands for, rounded. */
  readonly perPosition: number;
}

const KIND: Record<string, MarkKind> = { NaN: 'NaN', Infinity: '+Inf', '-Infinity': '−Inf' };

function fromPoints({ x, y, total }: PlotPoints): PlotLine {
  const marks: Mark[] = [];
  const values = y.map((value, index) => {
    if (typeof value === 'number') return value;
    marks.push({ x: x[index] ?? 0, kind: KIND[value] ?? 'not finite', count: 1 });
    return null;
  });
  const gaps = findGaps(x, x);
  return { ...breakAt(gaps, { x, y: values }), marks, gaps, total, perPosition: 1 };
}

/** Usual distance of the points inside each bucket; 0 where it holds one. */
const spacings = ({ x0, x1, count }: PlotBuckets): number[] =>
  x0.map((start, index) => {
    const points = count[index] ?? 1;
    return points > 1 ? ((x1[index] ?? start) - start) / (points - 1) : 0;
  });

/** Extremes of a bucket that lie nearer to its begin, and nearer to its end. */
function extremesOf(buckets: PlotBuckets, index: number): readonly (readonly number[])[] {
  const middle = ((buckets.x0[index] ?? 0) + (buckets.x1[index] ?? 0)) / 2;
  const extremes = (
    [
      [buckets.min, buckets.min_x],
      [buckets.max, buckets.max_x],
    ] as const
  ).flatMap(([values, places]) => {
    const [value, place] = [values[index] ?? null, places[index] ?? null];
    return value === null || place === null ? [] : [{ value, isFirst: place < middle }];
  });
  return [true, false].map((side) => extremes.filter(({ isFirst }) => isFirst === side).map(({ value }) => value));
}

/** Splits a bucket with a gap inside (its points stand far wider than elsewhere) into its two ends, so that the gap shows. */
function splitAtGaps(buckets: PlotBuckets): PlotBuckets {
  const inner = spacings(buckets);
  const wide = openIndexes(
    buckets.x0.map((start, index) => (buckets.x1[index] ?? start) - start),
    inner,
  );
  if (wide.size === 0) return buckets;
  const twice = <T>(column: readonly T[], second: (value: T, index: number) => T = (value) => value): T[] =>
    column.flatMap((value, index) => (wide.has(index) ? [value, second(value, index)] : [value]));
  // Its mean is of both sides: of one side the extremes that lie there are known.
  const sides = (column: PlotBuckets['mean'], of: (values: readonly number[]) => number): PlotBuckets['mean'] =>
    column.flatMap((value, index) => {
      if (!wide.has(index)) return [value];
      return extremesOf(buckets, index).map((values) => (values.length > 0 ? of(values) : null));
    });
  return {
    ...buckets,
    x0: twice(buckets.x0, (start, index) => buckets.x1[index] ?? start),
    x1: buckets.x1.flatMap((end, index) => (wide.has(index) ? [buckets.x0[index] ?? end, end] : [end])),
    count: twice(buckets.count, () => 1),
    mean: sides(buckets.mean, (values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    min: sides(buckets.min, (values) => Math.min(...values)),
    max: sides(buckets.max, (values) => Math.max(...values)),
    non_finite: twice(buckets.non_finite, () => 0),
  };
}

function fromBuckets(sent: PlotBuckets): PlotLine {
  const buckets = splitAtGaps(sent);
  const { x0, x1, mean, min, max, non_finite, total } = buckets;
  const inner = spacings(buckets);
  const gaps = findGaps(x0, x1, inner);
  const x = x0.map((start, index) => (start + (x1[index] ?? start)) / 2);
  const marks = x.flatMap((middle, index): Mark[] => {
    const refused = non_finite[index] ?? 0;
    return refused > 0 ? [{ x: middle, kind: 'not finite', count: refused }] : [];
  });
  const columns = breakAt(gaps, { x, y: mean, low: min, high: max });
  return { ...columns, marks, gaps, total, perPosition: Math.max(1, Math.round(total / Math.max(1, x.length))) };
}

interface Columns {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

/** Puts a position without a value into each gap, so that no line is drawn across it. */
function breakAt(gaps: readonly Interval[], columns: Columns): Columns {
  if (gaps.length === 0) return columns;
  const afterIndex = new Map<number, number>();
  let gap = 0;
  columns.x.forEach((x, index) => {
    const interval = gaps[gap];
    if (interval && (columns.x[index + 1] ?? 0) >= interval[1] && x <= interval[0]) {
      afterIndex.set(index, (interval[0] + interval[1]) / 2);
      gap += 1;
    }
  });
  const withBreaks = <T>(column: readonly T[], atBreak: (x: number) => T): T[] =>
    column.flatMap((value, index) => {
      const x = afterIndex.get(index);
      return x === undefined ? [value] : [value, atBreak(x)];
    });
  const broken = (column: readonly (number | null)[]) => withBreaks(column, () => null);
  return {
    x: withBreaks(columns.x, (x) => x),
    y: broken(columns.y),
    ...(columns.low && columns.high ? { low: broken(columns.low), high: broken(columns.high) } : {}),
  };
}

/** What the server sent for one series, ready to be drawn. */
export const toPlotLine = (sent: PlotPoints | PlotBuckets): PlotLine =>
  sent.kind === 'points' ? fromPoints(sent) : fromBuckets(sent);

/** A line without what a logarithmic x axis does not have, and how many values that leaves out. */
export function onPositiveX(line: PlotLine): { line: PlotLine; dropped: number } {
  // Positions ascend, so what is dropped is the beginning.
  const found = line.x.findIndex((x) => x > 0);
  const first = found < 0 ? line.x.length : found;
  if (first === 0) return { line, dropped: 0 };
  const marks = line.marks.filter(({ x }) => x > 0);
  const gaps = line.gaps.filter(([from]) => from > 0);
  const bands = line.low && line.high ? { low: line.low.slice(first), high: line.high.slice(first) } : {};
  const dropped = line.y.slice(0, first).filter((value) => value !== null).length;
  return { line: { ...line, x: line.x.slice(first), y: line.y.slice(first), ...bands, marks, gaps }, dropped };
}

/** Value of a line nearest to `x`; null where the line is broken or farther off its ends than a tenth of its length. */
export function valueNear({ x: positions, y }: PlotLine, x: number): number | null {
  const first = positions[0];
  const last = positions.at(-1);
  if (first === undefined || last === undefined) return null;
  const reach = (last - first) / 10;
  if (x < first - reach || x > last + reach) return null;
  let low = 0;
  let high = positions.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  const before = Math.max(0, low - 1);
  const nearest = Math.abs((positions[before] ?? 0) - x) < Math.abs((positions[low] ?? 0) - x) ? before : low;
  return y[nearest] ?? null;
}

/** The same in words; of a value that is not finite its kind. */
export function textNear(line: PlotLine, x: number, onLogAxis: boolean): string {
  const value = valueNear(line, x);
  const mark = value === null ? line.marks.find((one) => one.x === x) : undefined;
  return mark ? mark.kind : formatNumber(value, onLogAxis);
}
