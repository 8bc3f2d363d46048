import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignLines } from '../../../web/src/lib/align.ts';
import { smooth } from '../../../web/src/lib/smooth.ts';

const source = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.option(fc.integer())), { maxLength: 30 })
  .map((pairs) => pairs.sort(([a], [b]) => a - b))
  .map((pairs) => ({ x: pairs.map(([x]) => x), columns: [pairs.map(([, y]) => y)] }));

describe('lines on one axis', () => {
  it('keep every position and value of each line, in order, on an ascending x', () => {
    fc.assert(
      fc.property(fc.array(source, { minLength: 1, maxLength: 4 }), (sources) => {
        const { x, columns } = alignLines(sources);
        expect(x).toEqual([...x].sort((a, b) => a - b));
        sources.forEach((line, index) => {
          const column = columns[index]?.[0] ?? [];
          expect(column).toHaveLength(x.length);
          const kept = x.flatMap((value, position) =>
            column[position] === undefined ? [] : [[value, column[position]]],
          );
          expect(kept).toEqual(line.x.map((value, position) => [value, line.columns[0]?.[position]]));
        });
      }),
    );
  });
});

describe('smoothing', () => {
  it('changes nothing at 0, and never a constant or a break', () => {
    expect(smooth([1, null, 5], 0)).toEqual([1, null, 5]);
    expect(smooth([3, 3, null, 3], 80).map((value) => value && Math.round(value * 1e9) / 1e9)).toEqual([3, 3, null, 3]);
  });
  it('starts at the first value and stays between the extremes', () => {
    const values = smooth([0, 10, 0, 10], 60);
    expect(values[0]).toBe(0);
    expect(Math.max(...values.filter((value) => value !== null))).toBeLessThan(10);
  });
});
