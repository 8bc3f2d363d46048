import { describe, expect, it } from 'vitest';
import { commonGaps, findGaps } from '../../../web/src/lib/gaps.ts';
import { toPlotLine, valueNear } from '../../../web/src/lib/plot-line.ts';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const points = (x: number[], y: (number | 'NaN' | 'Infinity' | '-Infinity')[]) =>
  toPlotLine({ series: 1, kind: 'points', total: x.length, x, y });

describe('a plotted line', () => {
  it('breaks at a value that is not finite and marks it', () => {
    const line = points([1, 2, 3, 4], [1, 'NaN', 'Infinity', '-Infinity']);
    expect(line.y).toEqual([1, null, null, null]);
    expect(line.marks.map(({ x, kind }) => [x, kind])).toEqual([
      [2, 'NaN'],
      [3, '+Inf'],
      [4, '−Inf'],
    ]);
  });
  it('breaks where nothing came for more than five usual intervals, and never draws zero there', () => {
    const x = [...range(0, 10), ...range(30, 40)];
    const line = points(x, x);
    expect(line.gaps).toEqual([[9, 30]]);
    expect(line.x[10]).toBe(19.5);
    expect(line.y[10]).toBeNull();
    expect(line.y).toHaveLength(21);
  });
  it('has no gap with few points or an even rhythm', () => {
    expect(findGaps([0, 1, 100], [0, 1, 100])).toEqual([]);
    expect(findGaps(range(0, 50), range(0, 50))).toEqual([]);
    expect(findGaps([...range(0, 20), 24], [...range(0, 20), 24])).toEqual([]);
  });
  const bucket = (x0: number[], width: number, count: number) => ({
    series: 1,
    kind: 'buckets' as const,
    total: x0.length * count,
    x0,
    x1: x0.map((x) => x + width),
    count: x0.map(() => count),
    mean: x0.map(() => 2),
    min: x0.map(() => 1),
    max: x0.map(() => 3),
    min_x: x0,
    max_x: x0,
    non_finite: x0.map(() => 0),
  });
  it('draws buckets as a band around their means', () => {
    const line = toPlotLine(
      bucket(
        range(0, 10).map((index) => index * 10),
        9,
        10,
      ),
    );
    expect([line.x[0], line.y[0], line.low?.[0], line.high?.[0], line.perPosition]).toEqual([4.5, 2, 1, 3, 10]);
    expect(line.gaps).toEqual([]);
  });
  it('finds a gap between buckets by the spacing of the points inside them', () => {
    const line = toPlotLine(bucket([0, 10, 20, 30, 40, 50, 60, 70, 120, 130], 9, 10));
    expect(line.gaps).toEqual([[79, 120]]);
    expect(line.y.filter((value) => value === null)).toHaveLength(1);
  });
  it('opens a bucket that has a gap inside', () => {
    const sent = bucket(
      range(0, 12).map((index) => index * 10),
      9,
      10,
    );
    sent.x0 = sent.x0.map((x, index) => (index > 5 ? x + 200 : x));
    sent.x1 = sent.x1.map((x, index) => (index >= 5 ? x + 200 : x));
    sent.min_x = [...sent.x0];
    sent.max_x = [...sent.x1];
    const line = toPlotLine(sent);
    expect(line.gaps).toEqual([[50, 259]]);
    // No mean of both sides stands at either of them: 1 was logged at its begin, 3 at its end.
    const ends = line.x.flatMap((x, index) => (x === 50 || x === 259 ? [line.y[index]] : []));
    expect(ends).toEqual([1, 3]);
    sent.max_x = [...sent.x0];
    expect(toPlotLine(sent).y.filter((value) => value === null)).toHaveLength(2);
  });
  it('has no gap in a burst whose program rested for milliseconds, in points and in buckets', () => {
    const at: number[] = [];
    for (let index = 0, time = 1_763_700_000; index < 5000; index += 1) {
      time += index % 400 === 399 ? 0.012 : 0.00006;
      at.push(time);
    }
    const last = at.slice(-400);
    expect(points(last, last).gaps).toEqual([]);
    const of = range(0, 120).map((index) =>
      at.slice(Math.round((index * 5000) / 120), Math.round(((index + 1) * 5000) / 120)),
    );
    const x0 = of.map((own) => own[0] ?? 0);
    const sent = { ...bucket(x0, 0, 40), x1: of.map((own) => own.at(-1) ?? 0), count: of.map((own) => own.length) };
    expect(toPlotLine(sent).gaps).toEqual([]);
    expect(toPlotLine(sent).y).not.toContain(null);
  });
  it('counts what is not finite in a bucket', () => {
    const line = toPlotLine({ ...bucket([0, 10], 9, 10), mean: [null, 2], non_finite: [10, 0] });
    expect(line.marks).toEqual([{ x: 4.5, kind: 'not finite', count: 10 }]);
    expect(line.y).toEqual([null, 2]);
  });
  it('tells the value nearest to the cursor, and none far off its ends', () => {
    const line = points([0, 10, 20], [1, 2, 3]);
    expect([valueNear(line, 4), valueNear(line, 6), valueNear(line, 21), valueNear(line, 40)]).toEqual([1, 2, 3, null]);
    expect(valueNear(points([], []), 1)).toBeNull();
  });
  it('shares a hatched gap with the other lines of its card only where all have one', () => {
    expect(
      commonGaps([
        [
          [0, 10],
          [20, 30],
        ],
        [[5, 25]],
      ]),
    ).toEqual([
      [5, 10],
      [20, 25],
    ]);
    expect(commonGaps([[[0, 10]], []])).toEqual([]);
    expect(commonGaps([])).toEqual([]);
  });
});
