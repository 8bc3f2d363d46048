/** Numbers in memory, row-major. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

const PREFIX = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
const ALIGNMENT = 64;
const MAX_DEPTH = 32;

const KINDS: Readonly<Record<string, string>> = {
  Int8Array: 'i',
  Uint8Array: 'u',
  Uint8ClampedArray: 'u',
  Int16Array: 'i',
  Uint16Array: 'u',
  Int32Array: 'i',
  Uint32Array: 'u',
  BigInt64Array: 'i',
  BigUint64Array: 'u',
  Float32Array: 'f',
  Float64Array: 'f',
};

/** True for every typed array of numbers; a `Buffer` is bytes, not numbers. */
export function isNumberArray(value: unknown): value is NumberArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && !Buffer.isBuffer(value);
}

/**
 * An array as a NumPy file, version 1.0.
 *
 * @param shape - extents; their product is the length of the array.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function encodeNpy(values: NumberArray, shape: readonly number[] = [values.length]): Buffer {
  const kind = KINDS[values[Symbol.toStringTag]];
  if (kind === undefined) throw new TypeError(`${values[Symbol.toStringTag]} is not an array that NumPy knows`);
  const size = values.BYTES_PER_ELEMENT;
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const order = size === 1 ? '|' : '<';
  const text = `{'descr': '${order}${kind}${size}', 'fortran_order': False, 'shape': (${extents}), }`;
  const length = text.length + 1;
  const padding = (ALIGNMENT - ((PREFIX.length + 2 + length) % ALIGNMENT)) % ALIGNMENT;
  const head = Buffer.alloc(2);
  head.writeUInt16LE(length + padding);
  const content = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return Buffer.concat([PREFIX, head, Buffer.from(`${text}${' '.repeat(padding)}\n`, 'latin1'), content]);
}

/**
 * Flattens nested arrays of numbers, typed ones too: doubles, or signed 64-bit integers when all are bigints.
 *
 * @returns undefined for what is empty, ragged, of mixed types, has holes, or is no such number.
 */
export function flattenNumbers(value: readonly unknown[]): { values: NumberArray; shape: number[] } | undefined {
  const shape: number[] = [];
  let level: unknown = value;
  for (; isList(level) && shape.length < MAX_DEPTH; level = level[0]) shape.push(level.length);
  const type = typeof level;
  if (type !== 'number' && type !== 'bigint') return undefined;
  const flat: unknown[] = [];
  const fits = (item: unknown, depth: number): boolean => {
    if (depth < shape.length) {
      return isList(item) && item.length === shape[depth] && item.every((inner) => fits(inner, depth + 1));
    }
    flat.push(item);
    return typeof item === type && (typeof item !== 'bigint' || BigInt.asIntN(64, item) === item);
  };
  // `every` passes over holes.
  if (!fits(value, 0) || flat.length !== shape.reduce((product, extent) => product * extent, 1)) return undefined;
  return {
    values: type === 'bigint' ? BigInt64Array.from(flat as bigint[]) : Float64Array.from(flat as number[]),
    shape,
  };
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) || isNumberArray(value);
}

/**
 * Reads a NumPy file of version 1 to 3 with numbers in row-major, little-endian order.
 *
 * @returns undefined for anything else.
 */
export function decodeNpy(file: Uint8Array): { values: NumberArray; shape: number[] } | undefined {
  const view = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (view.length < 12 || !view.subarray(0, 6).equals(PREFIX.subarray(0, 6))) return undefined;
  const isLong = view.readUInt8(6) > 1;
  const start = (isLong ? 12 : 10) + (isLong ? view.readUInt32LE(8) : view.readUInt16LE(8));
  const header = view.subarray(isLong ? 12 : 10, start).toString('latin1');
  const [, kind, size] = /'descr': '[<|]([iuf])(\d)'/.exec(header) ?? [];
  const extents = /'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  const create = CONSTRUCTORS[`${kind}${size}`];
  if (create === undefined || extents === undefined || !header.includes("'fortran_order': False")) return undefined;
  const shape = extents
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  const bytes = Uint8Array.from(view.subarray(start));
  if (bytes.length !== shape.reduce((product, extent) => product * extent, Number(size))) return undefined;
  return { values: new create(bytes.buffer), shape };
}

const CONSTRUCTORS: Readonly<Record<string, new (buffer: ArrayBuffer) => NumberArray>> = {
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
  f4: Float32Array,
  f8: Float64Array,
};
