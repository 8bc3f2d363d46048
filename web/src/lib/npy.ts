import { formatNumber } from './numbers.ts';

/** A NumPy array as a table: its last dimension runs along the rows. */
export interface NumpyTable {
  /** As NumPy prints it, such as `<f8`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** `[0]`, `[1]` …: places along the last dimension. */
  readonly head: readonly string[];
  /** Places along the other dimensions, such as `[0, 2]`, one a row. */
  readonly places: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** There is more of it than the rows. */
  readonly isCut: boolean;
}

interface Kind {
  readonly sizeBytes: number;
  readonly print: (view: DataView, at: number) => string;
}

const MAGIC = '\x93NUMPY';
const MAX_COLUMNS = 100;
const MAX_CELLS = 10_000;

/**
 * Reads a `.npy` file (format 1 to 3) of numbers, booleans or texts, in either order of memory.
 *
 * @throws Error in words when it is not one.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function parseNpy(buffer: ArrayBuffer, maxRows: number): NumpyTable {
  const view = new DataView(buffer);
  const { dtype, shape, isFortranOrder, start } = headerOf(view);
  const { sizeBytes, print } = kindOf(dtype);
  const here = sizeBytes === 0 ? Number.POSITIVE_INFINITY : Math.floor((view.byteLength - start) / sizeBytes);
  const outer = shape.length > 1 ? shape.slice(0, -1) : shape;
  const width = shape.length > 1 ? (shape.at(-1) ?? 1) : 1;
  const height = width === 0 ? 0 : product(outer);
  const strides = stridesOf(shape, isFortranOrder);
  const columns = Math.min(width, MAX_COLUMNS);
  const places: string[] = [];
  const rows: string[][] = [];
  for (let row = 0; row < Math.min(height, maxRows, Math.floor(MAX_CELLS / Math.max(1, columns))); row++) {
    const place = placeOf(row, outer);
    const begin = place.reduce((sum, index, dimension) => sum + index * (strides[dimension] ?? 0), 0);
    if (begin >= here) break;
    places.push(shape.length === 0 ? '' : `[${place.join(', ')}]`);
    const indices = Array.from({ length: columns }, (_, column) => begin + column * (strides[outer.length] ?? 0));
    rows.push(indices.map((index) => (index < here ? print(view, start + index * sizeBytes) : '…')));
  }
  const head = shape.length > 1 ? Array.from({ length: columns }, (_, column) => `[${column}]`) : ['value'];
  return { dtype, shape, head, places, rows, isCut: rows.length < height || columns < width || product(shape) > here };
}

function headerOf(view: DataView) {
  const bytes = new Uint8Array(view.buffer);
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== MAGIC)
    throw new Error('it is not a NumPy file');
  const isLong = view.getUint8(6) > 1;
  const start = (isLong ? 12 : 10) + (isLong ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder().decode(bytes.subarray(isLong ? 12 : 10, start));
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (shape === undefined) throw new Error('its header has a form that is not read here');
  const dtype = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  if (dtype === undefined) throw new Error('it holds records');
  const dimensions = shape.split(',').flatMap((part) => (part.trim() ? [Number(part)] : []));
  return { dtype, shape: dimensions, isFortranOrder: /'fortran_order':\s*True/.test(header), start };
}

const product = (numbers: readonly number[]) => numbers.reduce((result, number) => result * number, 1);

/** How far apart neighbours of each dimension lie, in values. */
function stridesOf(shape: readonly number[], isFortranOrder: boolean): number[] {
  return shape.map((_, dimension) => product(isFortranOrder ? shape.slice(0, dimension) : shape.slice(dimension + 1)));
}

/** Indices of the n-th place, the last of them running fastest. */
function placeOf(position: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  let rest = position;
  for (const length of shape.toReversed()) {
    place.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return place;
}

/** All that NumPy prints of a number: 8 digits, fewer where the type has fewer. */
function float(value: number, digits: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : formatNumber(value);
}

function kindOf(dtype: string): Kind {
  const isLittle = dtype[0] !== '>';
  const code = dtype.slice(1);
  const sizeBytes = Number(code.slice(1));
  const of = (print: Kind['print'], bytes = sizeBytes): Kind => ({ sizeBytes: bytes, print });
  const complex = (part: Kind['print']) =>
    of((view, at) => {
      const imaginary = part(view, at + sizeBytes / 2);
      return `${part(view, at)}${/^[-−+]/.test(imaginary) ? '' : '+'}${imaginary}j`;
    });
  const single: Kind['print'] = (view, at) => float(view.getFloat32(at, isLittle), 7);
  const double: Kind['print'] = (view, at) => float(view.getFloat64(at, isLittle), 8);
  const kinds: Record<string, Kind> = {
    b1: of((view, at) => (view.getUint8(at) ? 'True' : 'False')),
    i1: of((view, at) => String(view.getInt8(at))),
    i2: of((view, at) => String(view.getInt16(at, isLittle))),
    i4: of((view, at) => String(view.getInt32(at, isLittle))),
    i8: of((view, at) => String(view.getBigInt64(at, isLittle))),
    u1: of((view, at) => String(view.getUint8(at))),
    u2: of((view, at) => String(view.getUint16(at, isLittle))),
    u4: of((view, at) => String(view.getUint32(at, isLittle))),
    u8: of((view, at) => String(view.getBigUint64(at, isLittle))),
    f2: of((view, at) => float(halfOf(view.getUint16(at, isLittle)), 4)),
    f4: of(single),
    f8: of(double),
    c8: complex(single),
    c16: complex(double),
  };
  const known = kinds[code];
  if (known) return known;
  if (code[0] === 'S') return of((view, at) => text(codesAt(sizeBytes, (index) => view.getUint8(at + index))));
  if (code[0] === 'U')
    return of(
      (view, at) => text(codesAt(sizeBytes, (index) => view.getUint32(at + 4 * index, isLittle))),
      4 * sizeBytes,
    );
  throw new Error(`values of type ${dtype} are not shown here`);
}

const codesAt = (length: number, read: (index: number) => number) => Array.from({ length }, (_, index) => read(index));
const text = (codes: readonly number[]) => {
  const end = codes.findLastIndex((code) => code !== 0) + 1;
  return codes
    .slice(0, end)
    .map((code) => (code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'))
    .join('');
};

/** IEEE 754 half precision, which `DataView` does not read in every browser. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
