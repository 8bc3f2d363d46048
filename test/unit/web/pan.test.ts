import fc from 'fast-check';
import { expect, test } from 'vitest';
import { movedRange } from '../../../web/src/lib/pan.ts';

const share = fc.double({ min: -2, max: 2, noNaN: true });

test('a moved range keeps its length, and comes back', () => {
  const range = fc.tuple(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
  );
  fc.assert(
    fc.property(range, share, ([low, length], by) => {
      const there = movedRange([low, low + length], by, false);
      expect(there[1] - there[0]).toBeCloseTo(length, 6);
      expect(there[0] - low).toBeCloseTo(by * length, 5);
      expect(movedRange(there, -by, false)[0]).toBeCloseTo(low, 5);
    }),
  );
});

test('on a logarithmic axis it keeps its decades and stays above zero', () => {
  const range = fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: 0.01, max: 6, noNaN: true }));
  fc.assert(
    fc.property(range, share, ([low, decades], by) => {
      const there = movedRange([10 ** low, 10 ** (low + decades)], by, true);
      expect(Math.log10(there[0])).toBeCloseTo(low + by * decades, 6);
      expect(Math.log10(there[1] / there[0])).toBeCloseTo(decades, 6);
    }),
  );
});
