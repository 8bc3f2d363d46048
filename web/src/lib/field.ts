import { endsOf, type Figure } from './figure.ts';
import { csvCell } from './table-export.ts';

/** A multi-dimensional metric and its axes. */
export interface Field {
  readonly metric: string;
  /** Ticks of each axis, one to four. */
  readonly ticks: readonly (readonly number[])[];
  readonly labels: readonly string[];
}
type Cell = number | 'NaN' | 'Infinity' | '-Infinity';
/** Nested as deep as it has axes; the innermost lists run along the first axis. */
type Cells = readonly (Cell | Cells)[];
/** One array of a field. */
export interface FieldValues {
  readonly array: Cells;
  readonly step: number;
  readonly time: number;
}

const cell = (value: Cell): number | null => (typeof value === 'number' ? value : null);
const isList = (value: Cell | Cells | undefined): value is Cells => Array.isArray(value);
const cells = (list: Cells): (number | null)[] => list.map((value) => (isList(value) ? null : cell(value)));

/** Lengths of the axes, the first axis first. */
export function lengthsOf({ array }: Pick<FieldValues, 'array'>): number[] {
  const lengths: number[] = [];
  for (let part: Cell | Cells | undefined = array; isList(part); part = part[0]) lengths.unshift(part.length);
  return lengths;
}

/** The part of an array that has the first two axes, at a place of each further one; absent = the beginning, beyond the end = the end. */
export function sliceOf(values: Pick<FieldValues, 'array'>, places: readonly number[]): Pick<FieldValues, 'array'> {
  let { array } = values;
  for (let axis = lengthsOf(values).length - 1; axis > 1; axis -= 1) {
    const part = array[Math.min(array.length - 1, places[axis - 2] ?? 0)];
    if (isList(part)) array = part;
  }
  return { array };
}

/** The least and the greatest finite value of an array of any depth. */
export function rangeOf({ array }: Pick<FieldValues, 'array'>): [number, number] {
  const all = (list: Cells): (number | null)[] => list.flatMap((value) => (isList(value) ? all(value) : cell(value)));
  return endsOf(all(array));
}

/** Rows of a two-dimensional array, null where a value is not finite; undefined of a list. */
export function rowsOf({ array }: Pick<FieldValues, 'array'>): (number | null)[][] | undefined {
  return isList(array[0]) ? array.map((row) => (isList(row) ? cells(row) : [])) : undefined;
}

/** A list of values as a curve over the ticks of its axis. */
export function curveOf({ metric, ticks, labels }: Field, { array }: FieldValues): Figure {
  const y = cells(array);
  const [axis = []] = ticks;
  const x = y.map((_, index) => axis[index] ?? index);
  return {
    ...{ title: '', xTitle: labels[0] ?? '', yTitle: '', xLog: false, yLog: false, categories: [], isTime: false },
    traces: [{ kind: 'line', name: metric, x, y }],
    heat: undefined,
    notDrawn: [],
  };
}

/** Each value of an array with its place on each axis, as CSV. */
export function fieldCsv({ ticks, labels }: Field, values: Pick<FieldValues, 'array'>): string {
  const lengths = lengthsOf(values);
  const head = lengths.map((_, axis) => csvCell(labels[axis] || `axis ${axis + 1}`));
  const rows: string[] = [];
  const walk = (list: Cells, places: readonly number[]) => {
    const axis = lengths.length - 1 - places.length;
    for (const [index, value] of list.entries()) {
      const there = [ticks[axis]?.[index] ?? index, ...places];
      if (isList(value)) walk(value, there);
      else rows.push([...there, value].join(','));
    }
  };
  walk(values.array, []);
  return `${[[...head, 'value'].join(','), ...rows].join('\r\n')}\r\n`;
}
