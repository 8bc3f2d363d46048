import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNpy } from '../../../web/src/lib/npy.ts';

/** A file as `numpy.save` writes it. */
function file(descr: string, shape: readonly number[], data: ArrayBufferView, isFortranOrder = false): ArrayBuffer {
  const dimensions = shape.map((length) => `${length},`).join(' ');
  const order = isFortranOrder ? 'True' : 'False';
  const header = Buffer.from(`{'descr': ${descr}, 'fortran_order': ${order}, 'shape': (${dimensions}), }\n`);
  const bytes = Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY'),
    Buffer.from([1, 0, header.length, 0]),
    header,
    Buffer.from(data.buffer),
  ]);
  return new Uint8Array(bytes).buffer;
}
const cells = (descr: string, shape: readonly number[], data: ArrayBufferView) =>
  parseNpy(file(`'${descr}'`, shape, data), 100).rows.flat();

describe('NumPy files', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });

  test('have each value at its own indices, in either order of memory', () => {
    fc.assert(
      fc.property(shapes, fc.boolean(), (shape, isFortranOrder) => {
        const count = shape.reduce((product, length) => product * length, 1);
        // Each value says where it is: its place when the last index runs fastest.
        const values = new Int32Array(count);
        for (let index = 0; index < count; index++) values[isFortranOrder ? fortran(index, shape) : index] = index;
        const { rows, places, head, isCut } = parseNpy(file("'<i4'", shape, values, isFortranOrder), 1000);
        expect(rows.flat()).toEqual(Array.from({ length: count }, (_, index) => String(index)));
        expect([rows.length, isCut]).toEqual([places.length, false]);
        const last = shape.length > 1 ? [...shape.slice(0, -1), head.length] : shape;
        expect(last).toEqual(shape);
        expect(places.at(-1)).toBe(`[${(shape.length > 1 ? shape.slice(0, -1) : shape).map((n) => n - 1).join(', ')}]`);
      }),
    );
  });

  test.each([
    [
      '<f8',
      new Float64Array([1 / 3, -0.5, Number.NaN, Number.NEGATIVE_INFINITY]),
      ['0.33333333', '-0.5', 'NaN', '−Inf'],
    ],
    ['<f4', new Float32Array([0.1, 1e-20]), ['0.1', '1e-20']],
    ['<f2', new Uint16Array([0x3c00, 0xc000, 0x3555, 0x0001, 0x7c00]), ['1', '-2', '0.3333', '5.96e-8', '+Inf']],
    ['<i8', new BigInt64Array([2n ** 63n - 1n, -(2n ** 63n)]), ['9223372036854775807', '-9223372036854775808']],
    ['>u2', new Uint8Array([1, 0, 0, 2]), ['256', '2']],
    ['|b1', new Uint8Array([0, 1]), ['False', 'True']],
    ['<c8', new Float32Array([1, 2, 0, -1]), ['1+2j', '0-1j']],
    ['<c16', new Float64Array([0.25, Number.NaN]), ['0.25+NaNj']],
    ['|S3', Buffer.from(Uint8Array.from([97, 0, 0, 98, 99, 100])), ['a', 'bcd']],
    ['<U2', new Uint32Array([0x1f680, 0, 0x4e71, 0x6d41]), ['🚀', '乱流']],
  ] as const)('of type %s are printed as NumPy does', (dtype, data, expected) => {
    const exact = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
    expect(cells(dtype, [expected.length], exact)).toEqual(expected);
  });

  test('of no dimension hold one value, and those without any none', () => {
    expect(parseNpy(file("'<f8'", [], new Float64Array([3.5])), 10)).toMatchObject({ rows: [['3.5']], isCut: false });
    expect(parseNpy(file("'<f8'", [0, 3], new Float64Array()), 10)).toMatchObject({ rows: [], isCut: false });
    expect(parseNpy(file("'<f8'", [3, 0], new Float64Array()), 10).isCut).toBe(false);
  });

  test('that are cut off give what is there, and say so', () => {
    const cut = parseNpy(file("'<i4'", [100], new Int32Array([7, 8])), 1000);
    expect([cut.rows, cut.isCut]).toEqual([[['7'], ['8']], true]);
    const fortran = parseNpy(file("'<i4'", [2, 3], new Int32Array([0, 3, 1, 4]), true), 1000);
    expect([fortran.rows, fortran.isCut]).toEqual([
      [
        ['0', '1', '…'],
        ['3', '4', '…'],
      ],
      true,
    ]);
  });

  test('show no more rows than asked, and no more cells than a page can bear', () => {
    const wide = new Uint8Array(2000 * 1000);
    expect(parseNpy(file("'|u1'", [2000, 1000], wide), 1000).rows.map((row) => row.length)).toEqual(
      Array(100).fill(100),
    );
    expect(parseNpy(file("'|u1'", [2000], wide.slice(0, 2000)), 1000).rows).toHaveLength(1000);
  });

  test('of what is no number, truth or text say so', () => {
    expect(() => cells('<M8[s]', [1], new Uint8Array(8))).toThrow('type <M8[s] are not shown');
    expect(() => parseNpy(file("[('a', '<i4')]", [1], new Uint8Array(4)), 1)).toThrow('records');
    expect(() => parseNpy(new ArrayBuffer(20), 10)).toThrow('not a NumPy file');
  });
});

/** Place in memory when the first index runs fastest, of the n-th value when the last does. */
function fortran(position: number, shape: readonly number[]): number {
  let rest = position;
  const indices = [...shape].reverse().map((length) => {
    const index = rest % length;
    rest = (rest - index) / length;
    return index;
  });
  return indices.reduce((place, index, at) => place * (shape[shape.length - 1 - at] ?? 1) + index, 0);
}
