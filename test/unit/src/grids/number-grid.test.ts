import { expect, test } from 'vitest';
import { numberGrid } from '../../../../src/grids/number-grid.ts';

test('one or two dimensions of numbers are a grid, copied', () => {
  expect(numberGrid([1, 2])).toMatchObject({ shape: [2], rows: [1, 2] });
  expect(numberGrid(Float32Array.of(1))).toMatchObject({ shape: [1] });
  const table = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  const grid = numberGrid(table);
  (table[0] as number[])[0] = 9;
  expect(grid).toMatchObject({
    shape: [2, 3],
    rows: [
      [1, 2, 3],
      [4, 5, 6],
    ],
  });
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
