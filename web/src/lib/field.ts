import type { Figure } from './figure.ts';

/** A multi-dimensional metric and its axes. */
export interface Field {
  readonly metric: string;
  /** Ticks of each axis, one to four. */
  readonly ticks: readonly (readonly number[])[];
  readonly labels: readonly string[];
}
type Cell = number | 'NaN' | 'Infinity' | '-Infinity';
/** One array of a field. */
export interface FieldValues {
  /** Nested as deep as it has axes; more than two are not drawn. */
  readonly array: readonly Cell[] | readonly (readonly Cell[])[];
  readonly step: number;
  readonly time: number;
}

const cell = (value: Cell): number | null => (typeof value === 'number' ? value : null);
const isRow = (value: Cell | readonly Cell[] | undefined): value is readonly Cell[] => Array.isArray(value);

/** Number of axes. */
export function depthOf({ array }: FieldValues): number {
  let depth = 0;
  for (let part: unknown = array; Array.isArray(part); part = part[0]) depth += 1;
  return depth;
}

/** Rows of a two-dimensional array, null where a value is not finite; undefined of a list. */
export function rowsOf({ array }: FieldValues): (number | null)[][] | undefined {
  return isRow(array[0]) ? array.map((row) => (isRow(row) ? row.map(cell) : [])) : undefined;
}

/** A list of values as a curve over the ticks of its axis. */
export function curveOf({ metric, ticks, labels }: Field, { array }: FieldValues): Figure {
  const y = array.map((value) => (isRow(value) ? null : cell(value)));
  const [axis = []] = ticks;
  const x = y.map((_, index) => axis[index] ?? index);
  return {
    ...{ title: '', xTitle: labels[0] ?? '', yTitle: '', xLog: false, yLog: false, categories: [], isTime: false },
    traces: [{ kind: 'line', name: metric, x, y }],
    heat: undefined,
    notDrawn: [],
  };
}

/** First and last tick of an axis, undefined when there is none. */
export const axisEnds = ({ ticks }: Field, axis: number): readonly [number, number] | undefined => {
  const [first, last] = [ticks[axis]?.[0], ticks[axis]?.at(-1)];
  return first === undefined || last === undefined ? undefined : [first, last];
};
