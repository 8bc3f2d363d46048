import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCsv } from '../../../../src/artifacts/csv.ts';
import { decodeNpy, encodeNpy, flattenNumbers, type NumberArray } from '../../../../src/artifacts/npy.ts';
import { objectContent } from '../../../../src/artifacts/object-content.ts';

const text = (value: unknown): [string, string] => {
  const { mimeType, content } = objectContent(value);
  return [mimeType, Buffer.from(content as Uint8Array).toString()];
};

describe('what an object becomes', () => {
  test.each<{ value: unknown; mimeType: string; written: string }>([
    { value: 'grüße', mimeType: 'text/plain; charset=utf-8', written: 'grüße' },
    { value: Buffer.from('x'), mimeType: 'application/octet-stream', written: 'x' },
    { value: new TextEncoder().encode('y').buffer, mimeType: 'application/octet-stream', written: 'y' },
    {
      value: [
        { a: 1, b: 'x,"y"' },
        { a: null, c: true },
      ],
      mimeType: 'text/csv',
      written: 'a,b,c\r\n1,"x,""y""",\r\n,,true\r\n',
    },
    {
      value: { data: [{ x: [1], type: 'bar' }], layout: {} },
      mimeType: 'application/vnd.plotly.v1+json',
      written: '{"data":[{"x":[1],"type":"bar"}],"layout":{}}',
    },
    { value: { data: [1], layout: {} }, mimeType: 'application/json', written: '{"data":[1],"layout":{}}' },
    {
      value: { n: Number.POSITIVE_INFINITY, big: 2n, huge: 2n ** 60n },
      mimeType: 'application/json',
      written: '{"n":"Infinity","big":2,"huge":"1152921504606846976"}',
    },
    { value: [[1, 2], [3]], mimeType: 'application/json', written: '[[1,2],[3]]' },
    { value: [], mimeType: 'application/json', written: '[]' },
    // biome-ignore lint/suspicious/noSparseArray: a hole is no number
    { value: [1, , 3], mimeType: 'application/json', written: '[1,null,3]' },
    { value: [2n ** 63n], mimeType: 'application/json', written: '["9223372036854775808"]' },
    {
      value: { data: [{ y: Float32Array.of(1, Number.NaN) }], layout: { range: [0, Number.POSITIVE_INFINITY] } },
      mimeType: 'application/vnd.plotly.v1+json',
      written: '{"data":[{"y":[1,null]}],"layout":{"range":[0,null]}}',
    },
    { value: new Map([['k', new Set([1])]]), mimeType: 'application/json', written: '{"k":[1]}' },
    { value: null, mimeType: 'application/json', written: 'null' },
    {
      value: { cause: Object.assign(new RangeError('too hot'), { stack: 'at x', code: 7 }) },
      mimeType: 'application/json',
      written: '{"cause":{"code":7,"name":"RangeError","message":"too hot","stack":"at x"}}',
    },
  ])('$mimeType for $written', ({ value, mimeType, written }) => {
    expect(text(value)).toEqual([mimeType, written]);
  });

  test('what cannot be written is refused', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(() => objectContent(cycle)).toThrow('cannot be written as JSON: Converting circular');
    expect(() => objectContent(() => 1)).toThrow('type function');
    expect(() => objectContent(undefined)).toThrow('type undefined');
  });

  test('the content is a copy: the program may go on to change its memory', () => {
    const bytes = Buffer.from('before');
    const { content } = objectContent(bytes);
    bytes.write('AFTER!');
    expect(Buffer.from(content as Uint8Array).toString()).toBe('before');
  });
});

describe('NumPy files', () => {
  test('the header is the one that NumPy writes', () => {
    const file = encodeNpy(Float64Array.of(1.5, 2), [2]);
    expect(file.length % 64).toBe(16);
    expect(file.subarray(0, 128).toString('latin1')).toContain(
      "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }",
    );
    expect(encodeNpy(Uint8Array.of(1, 2)).toString('latin1')).toContain("'descr': '|u1'");
    expect(encodeNpy(new Int32Array(6), [2, 3]).toString('latin1')).toContain("'shape': (2, 3)");
  });

  const arrays = fc.oneof(
    fc.float64Array(),
    fc.float32Array(),
    fc.int8Array(),
    fc.uint8Array(),
    fc.int16Array(),
    fc.uint16Array(),
    fc.int32Array(),
    fc.uint32Array(),
    fc.bigInt64Array(),
    fc.bigUint64Array(),
  ) as fc.Arbitrary<NumberArray>;
  test('read after written is the identity, for every type', () => {
    fc.assert(
      fc.property(arrays, (values) => {
        expect(decodeNpy(encodeNpy(values))).toEqual({ values, shape: [values.length] });
      }),
    );
  });

  test('nested numbers are flattened row by row; what is ragged, mixed or empty is not an array of numbers', () => {
    expect(
      flattenNumbers([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ).toEqual({ values: Float64Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] });
    const rows = [Float64Array.of(1, 2), Float64Array.of(3, 4)];
    expect(flattenNumbers(rows)).toEqual({ values: Float64Array.of(1, 2, 3, 4), shape: [2, 2] });
    expect(flattenNumbers([1n, 2n])).toEqual({ values: BigInt64Array.of(1n, 2n), shape: [2] });
    for (const value of [[], [[]], [[1], [2, 3]], [1, [2]], [1, 2n], ['1'], [1, null]]) {
      expect(flattenNumbers(value)).toBeUndefined();
    }
  });
});

test('a CSV cell that holds a separator, a quote or a line break is quoted', () => {
  const cell = fc.string();
  fc.assert(
    fc.property(cell, (value) => {
      const [, line = ''] = /^c\r\n(.*)\r\n$/s.exec(encodeCsv([{ c: value }])) ?? [];
      const read = line.startsWith('"') ? line.slice(1, -1).replaceAll('""', '"') : line;
      expect(read).toBe(value);
    }),
  );
});
