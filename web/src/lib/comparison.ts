import type { ComparedRun } from '../../../collector/api/contract/comparison.ts';
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
  /** What the runs have, in their order. */
  readonly values: readonly (string | number | null | undefined)[];
  readonly cells: readonly ComparedCell[];
  /** Of an input: ids of the artifacts; undefined where a run has none of this name. */
  readonly artifacts?: readonly (string | undefined)[];
}
export interface Comparison {
  readonly metadata: readonly ComparedRow[];
  /** Of each metric one number. */
  readonly metrics: readonly ComparedRow[];
  /** Of each input its checksum, the beginning of it as text. */
  readonly inputs: readonly ComparedRow[];
  /** Rows that are left out because all runs have the same. */
  readonly same: number;
}

const CHECKSUM_LETTERS = 8;

/** Runs side by side; the first is the baseline. @param all - rows without a difference are kept too. @param of - what is taken of a metric. */
export function compareRuns(
  compared: readonly Pick<ComparedRun, 'run' | 'inputs'>[],
  all: boolean,
  of: Aggregate = 'last',
): Comparison {
  const runs = compared.map(({ run }) => run);
  const metadata = rowsOf(
    runs.map((run) => new Map(flatten(run.metadata))),
    (text) => text,
  );
  const metrics = rowsOf(
    // A metric of arrays has no such number: that is as if it was not there.
    runs.map((run) => new Map(Object.entries(run.metrics).map(([name, summary]) => [name, summary[of] ?? undefined]))),
    (value) => formatNumber(value),
  );
  const named = compared.map((entry) => new Map(entry.inputs.map((input) => [input.name, input])));
  const checksums = named.map((files) => new Map([...files].map(([name, { checksum }]) => [name, checksum])));
  const inputs = rowsOf(checksums, (checksum) => checksum.slice(0, CHECKSUM_LETTERS)).map((row) => ({
    ...row,
    artifacts: named.map((files) => files.get(row.key)?.id),
  }));
  const differing = (row: ComparedRow) => all || row.cells.some((cell) => cell.differs);
  const shown = {
    metadata: metadata.filter(differing),
    inputs: inputs.filter(differing),
    metrics: metrics.filter(differing),
  };
  const count = (one: Omit<Comparison, 'same'>) => one.metadata.length + one.inputs.length + one.metrics.length;
  return { ...shown, same: count({ metadata, inputs, metrics }) - count(shown) };
}

function rowsOf<V extends string | number | undefined>(
  columns: readonly ReadonlyMap<string, V>[],
  print: (value: Exclude<V, undefined>) => string,
): ComparedRow[] {
  const keys = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  return keys.map((key) => {
    const values = columns.map((column) => column.get(key));
    const numbers = values.map((value) => (typeof value === 'number' ? value : Number.NaN));
    const lowest = Math.min(...numbers.filter((value) => !Number.isNaN(value)));
    const isSpread = new Set(numbers.filter((value) => !Number.isNaN(value))).size > 1;
    return {
      key,
      values,
      cells: values.map((value, index) => ({
        text: value === undefined ? '–' : print(value as Exclude<V, undefined>),
        differs: value !== values[0],
        isLowest: isSpread && numbers[index] === lowest,
      })),
    };
  });
}
