import { decode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeMsgpack, type Packable } from '../../../../src/grids/msgpack.ts';
import { numberGrid } from '../../../../src/grids/number-grid.ts';

const { value } = fc.letrec<{ value: Packable }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.array(tie('value')),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('value'),
      { noNullPrototype: true },
    ),
  ),
}));

test('what is written is what another decoder reads', () => {
  fc.assert(
    fc.property(value, (packable) => {
      expect(decode(encodeMsgpack(packable))).toEqual(packable);
    }),
  );
  expect(decode(encodeMsgpack({ a: Float64Array.of(1, Number.NaN), b: -0 }))).toEqual({ a: [1, Number.NaN], b: -0 });
});

test('one or two dimensions of numbers are a grid, copied', () => {
  expect(numberGrid([1, 2])).toMatchObject({ shape: [2], rows: Float64Array.of(1, 2) });
  expect(numberGrid(Float32Array.of(1))).toMatchObject({ shape: [1] });
  const table = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  const grid = numberGrid(table);
  (table[0] as number[])[0] = 9;
  expect(grid).toMatchObject({ shape: [2, 3], rows: [Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)] });
});

test.each<[unknown, string]>([
  [{ a: 1 }, 'is not a number'],
  [[[1], [2, 3]], 'rows of numbers of equal length'],
  [[1, '2'], 'rows of numbers of equal length'],
  [[], 'must have 1 to 50000 numbers'],
  [new Float64Array(50_001), 'must have 1 to 50000 numbers'],
])('%j is not one: %s', (given, reason) => {
  expect(numberGrid(given)).toContain(reason);
});
