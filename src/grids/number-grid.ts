import { isNumberArray, type NumberArray } from '../artifacts/npy.ts';
import { SimvueError } from '../errors.ts';

/** One or two dimensions of numbers, as `logMetrics` takes them. */
export type GridValue =
  | readonly number[]
  | readonly (readonly number[])[]
  | Exclude<NumberArray, BigInt64Array | BigUint64Array>;

/** A copy of a grid of numbers. */
export interface NumberGrid {
  readonly count: number;
  /** Extents: rows, and columns if there are two dimensions. */
  readonly shape: readonly number[];
  /** The same numbers in as many dimensions as they have. */
  readonly rows: readonly number[] | readonly (readonly number[])[];
}

const MAX_NUMBERS = 50_000;

/**
 * Copies a grid.
 *
 * @returns the reason why a value is none.
 */
export function numberGrid(value: unknown): NumberGrid | string {
  if (isNumberArray(value)) return numberGrid(Array.from<unknown>(value));
  if (!Array.isArray(value)) return 'is not a number';
  if (value.every(isNumber)) return grid([value.length], [...value]);
  const columns = Array.isArray(value[0]) ? value[0].length : 0;
  const isTable = value.every((row) => Array.isArray(row) && row.length === columns && row.every(isNumber));
  if (!isTable) return 'is neither numbers nor rows of numbers of equal length';
  const rows = value.map((row: readonly number[]) => [...row]);
  return grid([rows.length, columns], rows);
}

function grid(shape: readonly number[], rows: NumberGrid['rows']): NumberGrid | string {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return count > 0 && count <= MAX_NUMBERS ? { count, shape, rows } : `must have 1 to ${MAX_NUMBERS} numbers`;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

/** @throws `SIMVUE_ERR_INVALID_ARGUMENT` for a grid that the server would refuse. */
export function checkGrid(
  metric: string,
  name: string,
  ticks: readonly (readonly number[])[],
  labels: readonly string[],
): void {
  const isAxis = (axis: unknown) => Array.isArray(axis) && axis.length > 0 && axis.every(Number.isFinite);
  const problem =
    metric === '' || name === ''
      ? 'metric and grid need names'
      : !Array.isArray(ticks) || ticks.length < 1 || ticks.length > 2 || !ticks.every(isAxis)
        ? 'ticks are one or two axes of numbers'
        : !Array.isArray(labels) || labels.length > 2
          ? 'labels are at most two texts'
          : undefined;
  if (problem !== undefined) throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `assignMetricToGrid: ${problem}`);
}
