import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Columns,
  joinCells,
  mergeColumns,
  POINT_WIDTH,
  thinPoints,
  toCells,
  toPoints,
} from '../../../../collector/api/point-columns.ts';
import type { PlotSeries } from '../../../../collector/store/telemetry-store.ts';
import { plotOf } from './ports.ts';

type Point = readonly [x: number, value: number];

const exact = (points: readonly Point[]): PlotSeries => plotOf({ id: 1, name: 'a', points }, {});
const rows = (columns: Columns): number[][] =>
  Array.from(columns[0] ?? [], (_, row) => columns.map((column) => column[row] as number));
const value = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constantFrom(Number.NaN, Infinity, -Infinity));
const series = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 50 }), value), { maxLength: 60 })
  .map((points) => points.sort((a, b) => a[0] - b[0]));
const byX = (a: readonly number[], b: readonly number[]) => (a[0] as number) - (b[0] as number);

describe('points', () => {
  it('of a bucket are its real extremes, each where it lies, in the order of x', () => {
    const points: Point[] = [
      [0, 5],
      [1, 9],
      [2, 1],
      [3, 4],
      [4, 7],
      [5, 7],
      [6, 7],
      [7, 7],
      [8, NaN],
      [9, NaN],
      [10, NaN],
      [11, NaN],
    ];
    const buckets = plotOf({ id: 1, name: 'a', points }, { maxPoints: 3 });
    expect(rows(toPoints(buckets))).toEqual([
      [1, 9],
      [2, 1],
      [4, 7],
      [8, NaN],
    ]);
  });

  it('of several series are merged as a stable sort by x would', () => {
    fc.assert(
      fc.property(fc.array(series, { maxLength: 5 }), (all) => {
        const sorted = all.flat().sort(byX);
        expect(
          rows(
            mergeColumns(
              all.map((points) => toPoints(exact(points))),
              POINT_WIDTH,
            ),
          ),
        ).toEqual(sorted);
      }),
    );
  });

  it('are thinned to the limit, keep both extremes, and are all real', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 2, max: 80 }), (points, maxRows) => {
        const thinned = rows(thinPoints(toPoints(exact(points)), maxRows));
        expect(thinned.length).toBeLessThanOrEqual(maxRows);
        if (points.length <= maxRows) expect(thinned).toEqual(points);
        for (const point of thinned) expect(points).toContainEqual(point);
        expect(thinned).toEqual([...thinned].sort(byX));
        const values = (list: readonly (readonly number[])[]) =>
          list.map((p) => p[1] as number).filter((v) => !Number.isNaN(v));
        expect(Math.min(...values(thinned))).toBe(Math.min(...values(points)));
        expect(Math.max(...values(thinned))).toBe(Math.max(...values(points)));
      }),
    );
  });
});

describe('cells', () => {
  it('of equal x are joined as a naive grouping would', () => {
    fc.assert(
      fc.property(series, (points) => {
        const naive = [...new Set(points.map(([x]) => x))].map((x) => {
          const finite = points.filter((point) => point[0] === x && Number.isFinite(point[1])).map((point) => point[1]);
          const sum = finite.reduce((a, b) => a + b, 0);
          const none = finite.length === 0;
          return [x, sum, finite.length, none ? NaN : Math.min(...finite), none ? NaN : Math.max(...finite)];
        });
        expect(rows(joinCells(toCells(exact(points)), undefined)).map(plain)).toEqual(naive.map(plain));
      }),
    );
  });

  it('are joined down to the limit without losing sum, count or extremes', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 80 }), (points, maxRows) => {
        const all = rows(joinCells(toCells(exact(points)), undefined));
        const joined = rows(joinCells(toCells(exact(points)), maxRows));
        expect(joined.length).toBeLessThanOrEqual(maxRows);
        expect(total(joined)).toEqual(total(all));
        expect(joined[0]?.[0]).toBe(all[0]?.[0]);
      }),
    );
  });

  it('of buckets keep the sum of the bucket', () => {
    const points: Point[] = [
      [0, 1],
      [1, NaN],
      [2, 3],
      [3, 4],
      [4, Infinity],
      [5, NaN],
    ];
    const cells = rows(toCells(plotOf({ id: 1, name: 'a', points }, { maxPoints: 3 })));
    expect(cells).toEqual([
      [0, 1, 1, 1, 1],
      [2, 7, 2, 3, 4],
      [4, 0, 0, NaN, NaN],
    ]);
  });
});

/** -0 and 0 are one number to whoever reads the JSON. */
const plain = (row: readonly number[]): number[] => row.map((entry) => entry + 0);

function total(cells: number[][]): number[] {
  const known = (column: number) => cells.map((cell) => cell[column] as number).filter((entry) => !Number.isNaN(entry));
  const sum = (column: number) => known(column).reduce((a, b) => a + b, 0);
  return plain([sum(1), sum(2), Math.min(...known(3)), Math.max(...known(4))]);
}
