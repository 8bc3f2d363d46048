import { expect, test } from 'vitest';
import { timestampToUnixNano } from '../../../src/timestamp.ts';

test.each<[unknown]>([
  ['2024-02-30 00:00:00Z'],
  ['2023-02-29T12:00:00'],
  ['2024-13-01T00:00:00'],
  [[1_700_000_000, 1_000_000_000]],
  [[1_700_000_000, -1]],
  [1_700_000_000],
])('%j is no time', (timestamp) => {
  expect(() => timestampToUnixNano(timestamp as string)).toThrow('is not a time');
});

test('a day that is there once in four years is one', () => {
  expect(timestampToUnixNano('2024-02-29T23:59:59.999999+14:00')).toBe(1_709_200_799_999_999_000n);
});
