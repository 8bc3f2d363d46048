import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatDecade,
  formatGutter,
  formatNumber,
  formatTick,
  plural,
  shortNumber,
} from '../../../web/src/lib/numbers.ts';

describe('numbers', () => {
  it.each([
    [null, '–'],
    [0, '0'],
    [0.4127, '0.4127'],
    [0.5, '0.5'],
    [-1.5, '−1.5'],
    [0.00184, '1.84e−3'],
    [18_420, '18\u202f420'],
    [1_228_800, '1.23e6'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '−Inf'],
    [100, '100'],
  ])('a value of %s reads %s', (value, text) => expect(formatNumber(value)).toBe(text));
  it('always has an exponent on a logarithmic axis', () => expect(formatNumber(0.5, true)).toBe('5.00e−1'));
  it.each([
    ['0.3333333333333333', '0.333333'],
    ['1.2345678901234567e-10', '1.23457e-10'],
    ['12345678901234567890', '12345678901234567890'],
    ['0.25', '0.25'],
    ['https://example.org', 'https://example.org'],
    ['', ''],
  ])('a number written as %s loses digits in a cell, not its size: %s', (text, short) =>
    expect(shortNumber(text, 13)).toBe(short),
  );
  it('separates thousands by a narrow space', () => expect(formatCount(1_234_567)).toBe('1\u202f234\u202f567'));
  it.each([
    [11_838, '11.8k'],
    [1_228_800, '1.229M'],
    [0.0312, '0.0312'],
    [-8.4e-9, '−8.4e−9'],
  ])('a gutter value of %s is short: %s', (value, text) => expect(formatGutter(value)).toBe(text));
  it.each([
    [0, '0'],
    [5e-5, '50µ'],
    [-2e-8, '−20n'],
    [15_000, '15k'],
    [2_500_000, '2.5M'],
    [0.25, '0.25'],
    [9000, '9000'],
  ])('a tick of %s is %s', (value, text) => expect(formatTick(value)).toBe(text));
  it('labels a decade with a raised exponent', () => expect(formatDecade(-12)).toBe('10⁻¹²'));
  it('counts one thing in the singular', () =>
    expect([plural(1, 'point'), plural(2, 'point')]).toEqual(['1 point', '2 points']));
});
