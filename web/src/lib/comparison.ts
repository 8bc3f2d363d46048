import type { RunView } from '../../../collector/api/contract/run.ts';
import type { Aggregate } from './aggregate.ts';
import { flatten } from './flatten.ts';
import { formatNumber } from './numbers.ts';

/** A value of one run in the comparison. */
export interface ComparedCell {
  readonly text: string;
  /** It is not what the first run has. */
  readonly differs: boolean;
  /** It is the lowest number of its row. */
  readonly isLowest: boolean;
}
export interface ComparedRow {
  readonly key: string;
  readonly cells: readonly ComparedCell[];
}
export interface Comparison {
  readonly metadata: readonly ComparedRow[];
  /** Of each metric one number. */
  readonly metrics: readonly ComparedRow[];
  /** Rows that are left out because all runs have the same. */
  readonly same: number;
}

/** Runs side by side; the first is the baseline. @param all - rows without a difference are kept too. @param of - what is taken of a metric. */
export function compareRuns(runs: readonly RunView[], all: boolean, of: Aggregate = 'last'): Comparison {
  const metadata = rowsOf(
    runs.map((run) => new Map(flatten(run.metadata))),
    (text) => text,
  );
  const metrics = rowsOf(
    runs.map((run) => new Map(Object.entries(run.metrics).map(([name, summary]) => [name, summary[of]]))),
    (value) => formatNumber(value),
  );
  const differing = (row: ComparedRow) => all || row.cells.some((cell) => cell.differs);
  const shown = { metadata: metadata.filter(differing), metrics: metrics.filter(differing) };
  const same = metadata.length + metrics.length - shown.metadata.length - shown.metrics.length;
  return { ...shown, same };
}

function rowsOf<V extends string | number | null>(
  columns: readonly ReadonlyMap<string, V>[],
  print: (value: V) => string,
): ComparedRow[] {
  const keys = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  return keys.map((key) => {
    const values = columns.map((column) => column.get(key));
    const numbers = values.map((value) => (typeof value === 'number' ? value : Number.NaN));
    const lowest = Math.min(...numbers.filter((value) => !Number.isNaN(value)));
    const isSpread = new Set(numbers.filter((value) => !Number.isNaN(value))).size > 1;
    return {
      key,
      cells: values.map((value, index) => ({
        text: value === undefined ? '–' : print(value),
        differs: value !== values[0],
        isLowest: isSpread && numbers[index] === lowest,
      })),
    };
  });
}
