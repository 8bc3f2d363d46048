import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toChartData } from '../../../web/src/lib/chart-model.ts';
import { joinParts, mergeParts } from '../../../web/src/lib/joined-parts.ts';
import { timeIn } from '../../../web/src/lib/moment.ts';
import { toPlotLine } from '../../../web/src/lib/plot-line.ts';

const points = (x: number[], y: (number | 'NaN')[] = x) => ({
  ...{ series: 1, kind: 'points' as const, total: x.length },
  ...{ x, y },
});
const line = (x: number[], y?: (number | 'NaN')[]) => toPlotLine(points(x, y));
const steps = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);
const pairs = ({ x, y }: { readonly x: readonly number[]; readonly y: readonly unknown[] }) =>
  x.map((place, index) => [place, y[index]]);

describe('the attempts of a run', () => {
  it('are one line: what a later one wrote anew is drawn beside it', () => {
    const joined = joinParts([line(steps(0, 12)), line(steps(10, 5), [7, 7, 7, 7, 7])]);
    expect(joined && pairs(joined.line)).toEqual([
      ...steps(0, 10).map((step) => [step, step]),
      ...steps(10, 5).map((step) => [step, 7]),
    ]);
    expect(joined?.overwritten.map(pairs)).toEqual([
      [
        [10, 10],
        [11, 11],
      ],
    ]);
    expect(joined?.line.total).toBe(17);
    expect(joined?.line.gaps).toEqual([]);
  });
  it('have a gap between them where nothing came for five times the usual interval', () => {
    const joined = joinParts([line(steps(0, 10)), line(steps(30, 10))]);
    expect(joined?.line.gaps).toEqual([[9, 30]]);
    expect(joined && pairs(joined.line)[10]).toEqual([19.5, null]);
  });
  it('keep the band of a part that has one', () => {
    const [places, ends] = [steps(0, 9), steps(1, 9)];
    const mean = places.map(() => 2);
    const banded = toPlotLine({
      ...{ series: 1, kind: 'buckets', total: 18, x0: places, x1: ends.map((end) => end - 0.5), count: mean, mean },
      ...{ min: places.map(() => 1), max: places.map(() => 3), min_x: places, max_x: ends },
      non_finite: places.map(() => 0),
    });
    const joined = joinParts([banded, line([10, 11], [5, 6])]);
    expect(joined?.line.low?.slice(-3)).toEqual([1, 5, 6]);
    expect(joined?.line.high?.slice(-3)).toEqual([3, 5, 6]);
    expect(joined?.line.low?.length).toBe(joined?.line.x.length);
  });
  it('lose no point and stay in order, whatever each of them wrote', () => {
    const part = fc
      .uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 20 })
      .map((x) => line([...x].sort((a, b) => a - b)));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const joined = joinParts(parts);
        if (!joined) throw new Error('no line');
        const { x } = joined.line;
        expect(x.every((place, index) => index === 0 || place > (x[index - 1] ?? 0))).toBe(true);
        const values = (list: readonly { readonly y: readonly (number | null)[] }[]) =>
          list.flatMap(({ y }) => y.filter((value) => value !== null)).sort((a, b) => a - b);
        expect(values([joined.line, ...joined.overwritten])).toEqual(values(parts));
        // The newest attempt is whole in the line.
        const newest = parts.at(-1)?.x ?? [];
        expect(x.slice(-newest.length)).toEqual(newest);
      }),
    );
  });
  it('have one end, and the overwritten part is faint', () => {
    const joined = joinParts([line(steps(0, 12)), line(steps(10, 5))]);
    if (!joined) throw new Error('no line');
    const slot = { colour: 1, round: 0 };
    const { columns, ends } = toChartData({
      lines: [{ label: 'p', slot, last: 14, ...joined }],
      ...{ axis: 'step', log: false, smoothing: 0, live: true, range: undefined },
    });
    expect(columns.map(({ kind }) => kind)).toEqual(['raw', 'line']);
    expect(ends).toEqual([{ x: 14, value: 14, slot }]);
  });
  it('are dots over another metric where they lie over each other, else a line', () => {
    const [first, second] = [line([1, 2, 3], [10, 20, 30]), line([2, 4], [21, 41])];
    expect(mergeParts([first])).toEqual({ line: first, overwritten: [] });
    const merged = mergeParts([first, second])?.line;
    expect(merged && pairs(merged).map(([x]) => x)).toEqual([1, 2, 2, 3, 4]);
    expect(merged?.dots).toBe(true);
    expect(mergeParts([first, line([4, 5])])?.line.dots).toBe(false);
  });
  it('say when a step was by what was written last', () => {
    const placed = [points([0, 10, 20]), points([10, 11])];
    const timed = [points([100, 110, 120]), points([200, 201])];
    expect([5, 10, 11].map((step) => timeIn(placed, timed, step))).toEqual([105, 200, 201]);
    expect(timeIn([], [], 5)).toBeUndefined();
  });
});
