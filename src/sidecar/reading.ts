/** Values of one line of a log. */
export interface Reading {
  readonly values: Readonly<Record<string, number>>;
  /** Integer; undefined = the line says none. */
  readonly step: number | undefined;
  /** Seconds since the start of the run. */
  readonly time: number | undefined;
}

/** What names step and time in a log, by column or key. */
export interface Columns {
  readonly step?: string | undefined;
  readonly time?: string | undefined;
}

/** Reads one line; undefined = it holds no values. */
export type LineReader = (line: string) => Reading | undefined;

/** The numbers among named texts; text that is not a number is left out, `nan` and `inf` in any case are numbers. */
export function readingOf(
  cells: Iterable<readonly [name: string, text: string]>,
  columns: Columns,
): Reading | undefined {
  const values: Record<string, number> = {};
  let step: number | undefined;
  let time: number | undefined;
  for (const [name, text] of cells) {
    const value = numberOf(text);
    if (value === undefined || name === '') continue;
    if (name === columns.step && Number.isSafeInteger(value)) step = value;
    else if (name === columns.time && Number.isFinite(value)) time = value;
    else Object.defineProperty(values, name, { value, enumerable: true, configurable: true });
  }
  return Object.keys(values).length === 0 ? undefined : { values, step, time };
}

export function isNumber(text: string): boolean {
  return numberOf(text) !== undefined;
}

const NOT_FINITE = /^([+-]?)(nan|inf(?:inity)?)$/i;
const FORTRAN_EXPONENT = /^([+-]?[\d.]+)[dD]([+-]?\d+)$/;

function numberOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const special = NOT_FINITE.exec(trimmed);
  if (special !== null) {
    if (special[2]?.toLowerCase() === 'nan') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const value = Number(trimmed.replace(FORTRAN_EXPONENT, '$1e$2'));
  return Number.isFinite(value) ? value : undefined;
}
