import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthsOf, rangeOf, rowsOf, sliceOf } from '../../../web/src/lib/field.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('an array of more than two axes', () => {
  it('has at each place the slice whose cells are those of the array', () => {
    const length = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(length, length, length, length, fc.nat(5), fc.nat(5), (a, b, c, d, third, fourth) => {
        const value = (w: number, z: number, y: number, x: number) => x + 10 * y + 100 * z + 1000 * w;
        const array = upTo(d).map((w) => upTo(c).map((z) => upTo(b).map((y) => upTo(a).map((x) => value(w, z, y, x)))));
        expect(lengthsOf({ array })).toEqual([a, b, c, d]);
        const [z, w] = [Math.min(third, c - 1), Math.min(fourth, d - 1)];
        const wanted = upTo(b).map((y) => upTo(a).map((x) => value(w, z, y, x)));
        expect(rowsOf(sliceOf({ array }, [third, fourth]))).toEqual(wanted);
        expect(rangeOf({ array })).toEqual([0, value(d - 1, c - 1, b - 1, a - 1)]);
      }),
    );
  });
  it('is its own slice with two axes, and has no rows with one', () => {
    expect(
      rowsOf(
        sliceOf(
          {
            array: [
              [1, 'NaN'],
              [3, 4],
            ],
          },
          [2, 2],
        ),
      ),
    ).toEqual([
      [1, null],
      [3, 4],
    ]);
    expect(rowsOf(sliceOf({ array: [1, 2] }, []))).toBeUndefined();
  });
});
