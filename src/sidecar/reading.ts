/** Values of one line of a log. */
export interface Reading {
  /** Empty: the line says at most what its step is. */
  readonly values: Readonly<Record<string, number>>;
  /** Integer; undefined = the line says none. */
  readonly step: number | undefined;
  /** Seconds since the start of the run. */
  readonly time: number | undefined;
}

/** What names step and time in a log, by column, key or group. */
export interface Columns {
  /** The first that a line has is its step; `step` is when it has none of them. */
  readonly step?: readonly string[];
  readonly time?: string | undefined;
}

/** Reads one line; undefined = it is not of the log's form. */
export type LineReader = (line: string) => Reading | undefined;

/** The numbers among named texts; text that is not a number is left out, `nan` and `inf` in any case are numbers. */
export function readingOf(cells: readonly (readonly [name: string, text: string])[], columns: Columns): Reading {
  const values: Record<string, number> = {};
  let step: number | undefined;
  let time: number | undefined;
  const stepName = [...(columns.step ?? []), 'step'].find((name) => cells.some(([cell]) => cell === name));
  for (const [name, text] of cells) {
    const value = numberOf(text);
    if (value === undefined || name === '') continue;
    if (name === stepName && Number.isSafeInteger(value)) step = value;
    else if (name === columns.time && Number.isFinite(value)) time = value;
    else Object.defineProperty(values, name, { value, enumerable: true, configurable: true });
  }
  return { values, step, time };
}

export function isNumber(text: string): boolean {
  return numberOf(text) !== undefined;
}

const NOT_FINITE = /^([+-]?)(nan|inf(?:inity)?)$/i;
/** `1.5D-03`; where the exponent has three digits, Fortran leaves the letter out. */
const FORTRAN_EXPONENT = /^([+-]?[\d.]+)(?:[dD]([+-]?\d+)|([+-]\d{3}))$/;

/** Undefined when the text is not a number; `nan`, `inf` and Fortran's exponents are. */
export function numberOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const special = NOT_FINITE.exec(trimmed);
  if (special !== null) {
    if (special[2]?.toLowerCase() === 'nan') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const value = Number(trimmed.replace(FORTRAN_EXPONENT, '$1e$2$3'));
  return Number.isFinite(value) ? value : undefined;
}
