import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeBeside, placesOf } from '../../../web/src/lib/plot-points.ts';

const slot = { colour: 1, round: 0 };
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('places of points', () => {
  it('are where a line has a value or a mark, not where it is broken', () => {
    const columns = [
      { kind: 'low' as const, slot, label: '', values: [1, 1, 1, 1] },
      { kind: 'line' as const, slot, label: '', values: [1, null, undefined, 3] },
      { kind: 'line' as const, slot, label: '', values: [undefined, undefined, 4, undefined] },
    ];
    const marks = [{ x: 15, kind: 'NaN' as const, count: 1, slot, label: '' }];
    expect(placesOf({ x: [10, 20, 30, 40], columns, marks })).toEqual([10, 15, 30, 40]);
  });
  it('are gone through one by one, there and back', () => {
    const places = [1, 4, 9, 16, 25];
    const walk = (by: number) => {
      const seen: number[] = [];
      for (let at = placeBeside(places, { at: undefined, by, range: [2, 20] }, (x) => 10 * x); at !== undefined; ) {
        seen.push(at);
        at = placeBeside(places, { at, by, range: [2, 20] }, (x) => 10 * x);
      }
      return seen;
    };
    expect(walk(1)).toEqual([4, 9, 16]);
    expect(walk(-1)).toEqual([16, 9, 4]);
  });
  it('are passed by several at once, to the last one at the most; those within a pixel are one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 4 }),
        (count, by, perPixel) => {
          const places = upTo(count * perPixel);
          const range = [0, count * perPixel] as const;
          const found = placeBeside(places, { at: 0, by, range }, (place) => place / perPixel);
          expect(found).toBe(count === 1 ? undefined : perPixel * Math.min(by, count - 1));
        },
      ),
    );
  });
});
