/** One or two dimensions of numbers, as `logMetrics` takes them. */
export type GridValue = readonly number[] | readonly (readonly number[])[] | Float64Array | Float32Array;

/** A copy of a grid of numbers. */
export interface NumberGrid {
  readonly flat: Float64Array;
  /** Extents: rows, and columns if there are two dimensions. */
  readonly shape: readonly number[];
  /** The numbers in as many dimensions as they have. */
  readonly rows: Float64Array | readonly Float64Array[];
}

const MAX_NUMBERS = 50_000;

/**
 * Copies a grid.
 *
 * @returns the reason why a value is none.
 */
export function numberGrid(value: unknown): NumberGrid | string {
  if (value instanceof Float64Array || value instanceof Float32Array) return vector(Float64Array.from(value));
  if (!Array.isArray(value)) return 'is not a number';
  if (value.every(isNumber)) return vector(Float64Array.from(value));
  const columns = Array.isArray(value[0]) ? value[0].length : 0;
  const isTable = value.every((row) => Array.isArray(row) && row.length === columns && row.every(isNumber));
  if (!isTable) return 'is neither numbers nor rows of numbers of equal length';
  const flat = Float64Array.from(value.flat() as number[]);
  const rows = value.map((_, row) => flat.subarray(row * columns, (row + 1) * columns));
  return checked({ flat, shape: [value.length, columns], rows });
}

function vector(flat: Float64Array): NumberGrid | string {
  return checked({ flat, shape: [flat.length], rows: flat });
}

function checked(grid: NumberGrid): NumberGrid | string {
  if (grid.flat.length > 0 && grid.flat.length <= MAX_NUMBERS) return grid;
  return `must have 1 to ${MAX_NUMBERS} numbers`;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
