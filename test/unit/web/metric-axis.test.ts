import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overMetric } from '../../../web/src/lib/metric-axis.ts';
import { timeAt } from '../../../web/src/lib/moment.ts';
import { onPositiveX, toPlotLine } from '../../../web/src/lib/plot-line.ts';

const points = (x: number[], y: (number | 'NaN')[]) => ({
  series: 1,
  kind: 'points' as const,
  total: x.length,
  x,
  y,
});
const buckets = (x0: number[], x1: number[], mean: number[], count = 10) => ({
  series: 2,
  kind: 'buckets' as const,
  total: count * x0.length,
  ...{ x0, x1, mean, min: mean, max: mean, min_x: x0, max_x: x0 },
  count: x0.map(() => count),
  non_finite: x0.map(() => 0),
});

describe('a metric over another one', () => {
  it('has exactly the pairs of the same step, by ascending x', () => {
    const values = fc.dictionary(
      fc.integer({ min: 0, max: 30 }).map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(values, values, (across, up) => {
        const columns = (of: Record<string, number>) => {
          const steps = Object.keys(of)
            .map(Number)
            .sort((a, b) => a - b);
          return points(
            steps,
            steps.map((step) => of[step] ?? 0),
          );
        };
        const line = overMetric(columns(across), columns(up));
        const wanted = Object.keys(up)
          .filter((step) => step in across)
          .map((step) => [across[step], up[step]]);
        const pairs = line.x.map((x, index) => [x, line.y[index]]);
        expect(pairs).toEqual(expect.arrayContaining(wanted));
        expect(pairs).toHaveLength(wanted.length);
        expect(line.x.every((x, index) => index === 0 || x >= (line.x[index - 1] ?? x))).toBe(true);
      }),
    );
  });
  it('is a line while the other one only grows or only falls, else dots', () => {
    expect(overMetric(points([0, 1, 2], [1, 2, 3]), points([0, 1, 2], [4, 5, 6])).dots).toBe(false);
    expect(overMetric(points([0, 1, 2], [3, 2, 1]), points([0, 1, 2], [4, 5, 6])).dots).toBe(false);
    expect(overMetric(points([0, 1, 2], [1, 3, 2]), points([0, 1, 2], [4, 5, 6]))).toMatchObject({
      dots: true,
      x: [1, 2, 3],
      y: [4, 6, 5],
    });
  });
  it('marks a NaN where the other one was, and leaves out what has no place', () => {
    const line = overMetric(points([0, 1], [10, 'NaN']), points([0, 1], ['NaN', 5]));
    expect(line).toMatchObject({ x: [], marks: [{ x: 10, kind: 'NaN', count: 1 }] });
  });
  it('reads between the neighbours where one side came in buckets', () => {
    const line = overMetric(points([0, 10], [0, 100]), buckets([0, 5], [4, 9], [1, 2]));
    expect(line.perPosition).toBe(10);
    expect(overMetric(buckets([0, 5], [4, 9], [1, 2], 11), points([2, 7], [0, 1])).perPosition).toBe(11);
    expect(line.x).toEqual([20, 70]);
    expect(line.y).toEqual([1, 2]);
  });
});

describe('a logarithmic x axis', () => {
  it('leaves out and counts what is not positive', () => {
    const { line, dropped } = onPositiveX(toPlotLine(points([-1, 0, 1, 2], [1, 'NaN', 3, 4])));
    expect(line).toMatchObject({ x: [1, 2], y: [3, 4], marks: [] });
    expect(dropped).toBe(1);
    expect(onPositiveX(toPlotLine(points([-1, 0], [1, 2])))).toMatchObject({ line: { x: [] }, dropped: 2 });
  });
});

describe('the time of a place on an axis', () => {
  it('is that of the point there, in points and in buckets', () => {
    expect(timeAt(points([0, 10, 20], [1, 1, 1]), points([100, 101, 140], [1, 1, 1]), 15)).toBe(120.5);
    expect(timeAt(buckets([0, 10], [9, 19], [1, 1]), buckets([100, 110], [109, 119], [1, 1]), 14)).toBeCloseTo(114);
  });
  it('is that of the nearest end beyond it, and unknown without points', () => {
    const timed = points([100, 200], [1, 1]);
    expect([-5, 99].map((x) => timeAt(points([0, 1], [1, 1]), timed, x))).toEqual([100, 200]);
    expect(timeAt(points([], []), timed, 1)).toBeUndefined();
  });
});
