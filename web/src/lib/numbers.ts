const SUPERSCRIPT: Record<string, string> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};
const NARROW_SPACE = '\u202f';

const trueMinus = (text: string) => text.replace(/-/g, '−');
const trimZeros = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** A number with an exponent: `−1.5e−3`. */
export function formatExponent(value: number, digits: number): string {
  return trueMinus(value.toExponential(digits).replace('e+', 'e'));
}

/** A count with thousands by narrow no-break space: `18 420`. */
export function formatCount(value: number): string {
  return trueMinus(String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE));
}

/** A value with 3 to 4 significant digits; an exponent below 0.01, from 1e6, and always where the axis is logarithmic. */
export function formatNumber(value: number | null | undefined, onLogAxis = false): string {
  if (value === null || value === undefined) return '–';
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '−Inf';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (onLogAxis || size < 1e-2 || size >= 1e6) return formatExponent(value, 2);
  return size >= 1e4 ? formatCount(value) : trueMinus(trimZeros(value.toPrecision(4)));
}

const CELL_CHARACTERS = 13;

/** A number that was written out, as short as a cell of a table has room for: it never loses its size. */
export function shortNumber(text: string): string {
  const value = Number(text);
  return text.length <= CELL_CHARACTERS || Number.isInteger(value) ? text : String(Number(value.toPrecision(6)));
}

/** A value for the gutter beside a plot: as short as it can be told apart. */
export function formatGutter(value: number, onLogAxis = false): string {
  const size = Math.abs(value);
  if (onLogAxis || (size > 0 && size < 1e-2) || size >= 1e9)
    return formatExponent(value, size < 1e-99 || size >= 1e100 ? 0 : 1);
  if (size >= 1e6) return trueMinus(`${trimZeros((value / 1e6).toPrecision(4))}M`);
  if (size >= 1e4) return trueMinus(`${(value / 1e3).toFixed(1)}k`);
  return trueMinus(trimZeros(value.toPrecision(4)));
}

/** A label of a linear axis, shortened with k and M (and n, µ below 0.001). */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 1e-9))
    return formatExponent(value, size > 0 && Number.isInteger(Math.log10(size)) ? 0 : 1);
  if (size >= 1e6) return trueMinus(`${trimZeros((value / 1e6).toPrecision(4))}M`);
  if (size >= 1e4) return trueMinus(`${trimZeros((value / 1e3).toPrecision(4))}k`);
  if (size > 0 && size < 1e-6) return trueMinus(`${trimZeros((value * 1e9).toPrecision(4))}n`);
  if (size > 0 && size < 1e-3) return trueMinus(`${trimZeros((value * 1e6).toPrecision(4))}µ`);
  return trueMinus(String(Number(value.toPrecision(6))));
}

/** A decade of a logarithmic axis: `10⁻²`. */
export function formatDecade(power: number): string {
  return `10${[...String(power)].map((character) => SUPERSCRIPT[character] ?? '').join('')}`;
}

/** `1 point`, `18 420 points`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
