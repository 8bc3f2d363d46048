/** A NumPy array: its type, its shape, and its first values in memory order. */
export interface NumpyArray {
  /** As NumPy prints it, such as `<f8`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly isFortranOrder: boolean;
  /** Empty when the type is not a number. */
  readonly values: readonly number[];
}

const MAGIC = '\x93NUMPY';
const SIZES: Record<string, number> = { f4: 4, f8: 8, i1: 1, i2: 2, i4: 4, i8: 8, u1: 1, u2: 2, u4: 4, u8: 8, b1: 1 };

/**
 * Reads a `.npy` file (format 1 to 3).
 *
 * @throws Error in words when it is not one.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function parseNpy(buffer: ArrayBuffer, maxValues: number): NumpyArray {
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== MAGIC)
    throw new Error('it is not a NumPy file');
  const isLong = view.getUint8(6) > 1;
  const start = (isLong ? 12 : 10) + (isLong ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder().decode(bytes.subarray(isLong ? 12 : 10, start));
  const dtype = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (dtype === undefined || shape === undefined) throw new Error('its header has a form that is not read here');
  const dimensions = shape.split(',').flatMap((part) => (part.trim() ? [Number(part)] : []));
  const total = dimensions.reduce((product, length) => product * length, 1);
  const read = reader(view, dtype);
  const size = SIZES[dtype.slice(1)] ?? 0;
  const here = read ? Math.min(total, maxValues, Math.floor((bytes.length - start) / size)) : 0;
  const values = Array.from({ length: here }, (_, index) => read?.(start + index * size) ?? Number.NaN);
  return { dtype, shape: dimensions, isFortranOrder: /'fortran_order':\s*True/.test(header), values };
}

function reader(view: DataView, dtype: string): ((offset: number) => number) | undefined {
  const isLittle = dtype[0] !== '>';
  switch (dtype.slice(1)) {
    case 'f4':
      return (offset) => view.getFloat32(offset, isLittle);
    case 'f8':
      return (offset) => view.getFloat64(offset, isLittle);
    case 'i1':
      return (offset) => view.getInt8(offset);
    case 'i2':
      return (offset) => view.getInt16(offset, isLittle);
    case 'i4':
      return (offset) => view.getInt32(offset, isLittle);
    case 'i8':
      return (offset) => Number(view.getBigInt64(offset, isLittle));
    case 'u1':
    case 'b1':
      return (offset) => view.getUint8(offset);
    case 'u2':
      return (offset) => view.getUint16(offset, isLittle);
    case 'u4':
      return (offset) => view.getUint32(offset, isLittle);
    case 'u8':
      return (offset) => Number(view.getBigUint64(offset, isLittle));
    default:
      return undefined;
  }
}
