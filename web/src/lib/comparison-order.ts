import type { ComparedRow } from './comparison.ts';
import { compareKeys } from './key-order.ts';
import type { RowOrder } from './route.ts';

type Values = Pick<ComparedRow, 'values'>;

/** Metadata are printed, numbers too; undefined = the run has none. */
function comparable(value: ComparedRow['values'][number]): number | string | undefined {
  if (value === null || value === undefined || Number.isNaN(value)) return undefined;
  if (typeof value === 'number' || !value.trim()) return value;
  return Number.isNaN(Number(value)) ? value : Number(value);
}

/** Places of the runs by a row of theirs: numbers before texts, what is missing last; ascending, or descending where they ascend already. */
export function orderBy({ values }: Values): number[] {
  const places = values.map((_, index) => index);
  const known = values.map(comparable);
  const compare = (sign: number) => (a: number, b: number) => {
    const [one, two] = [known[a], known[b]];
    if (one === undefined || two === undefined) return Number(one === undefined) - Number(two === undefined);
    if (typeof one === 'number' && typeof two === 'number') return sign * (one - two);
    if (typeof one === 'number' || typeof two === 'number') return typeof one === 'number' ? -1 : 1;
    return sign * compareKeys(one, two);
  };
  const ascending = places.toSorted(compare(1));
  return ascending.every((place, index) => place === index) ? places.toSorted(compare(-1)) : ascending;
}

/** How much the runs differ, from 0: numbers by their range beside the greatest of them, anything else by the share of runs that have a value of their own. */
export function spreadOf({ values }: Values): number {
  const known = values.map(comparable);
  const numbers = known.filter((value) => typeof value === 'number');
  if (numbers.length < known.length) return (new Set(known).size - 1) / Math.max(1, known.length - 1);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (low === high) return 0;
  const width = (high - low) / Math.max(-low, high);
  return Number.isNaN(width) ? Number.POSITIVE_INFINITY : width;
}

/** Rows in an order; those that it does not tell apart stay as they were. */
export function orderRows(rows: readonly ComparedRow[], order: RowOrder): readonly ComparedRow[] {
  if (order === 'given') return rows;
  if (order === 'name') return rows.toSorted((a, b) => compareKeys(a.key, b.key));
  if (order === 'name-desc') return rows.toSorted((a, b) => compareKeys(b.key, a.key));
  const spreads = new Map(rows.map((row) => [row, spreadOf(row)]));
  const of = (row: ComparedRow) => spreads.get(row) ?? 0;
  return rows.toSorted((a, b) => (of(a) === of(b) ? 0 : of(b) - of(a)));
}
