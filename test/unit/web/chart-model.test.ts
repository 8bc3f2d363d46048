import { describe, expect, it } from 'vitest';
import { type ChartModel, toChartData, withSetEnds } from '../../../web/src/lib/chart-model.ts';
import { toPlotLine } from '../../../web/src/lib/plot-line.ts';

const slot = (colour: number) => ({ colour, round: 0 });
const line = (label: string, x: number[], y: number[], last?: number) => ({
  label,
  slot: slot(1),
  last,
  line: toPlotLine({ series: 1, kind: 'points' as const, total: x.length, x, y }),
});
const model = (part: Partial<ChartModel>): ChartModel => ({
  lines: [line('p', [0, 1, 2], [1, -1, 4], 4)],
  axis: 'step',
  log: false,
  smoothing: 0,
  live: true,
  range: undefined,
  ...part,
});

describe('a chart', () => {
  it('leaves out and counts what a logarithmic axis cannot show', () => {
    const data = toChartData(model({ log: true }));
    expect(data.columns[0]?.values).toEqual([1, null, 4]);
    expect(data.hidden).toBe(1);
    expect(toChartData(model({})).hidden).toBe(0);
  });
  it('draws the raw line under a smoothed one', () => {
    expect(toChartData(model({ smoothing: 50 })).columns.map(({ kind }) => kind)).toEqual(['raw', 'line']);
  });
  it('ends a line at the exact last value, inside a range at the last one there', () => {
    expect(toChartData(model({ lines: [line('p', [0, 1], [1, 2], 2.5)] })).ends).toEqual([
      { x: 1, value: 2.5, slot: slot(1) },
    ]);
    expect(toChartData(model({ range: [0, 1] })).ends).toEqual([{ x: 1, value: -1, slot: slot(1) }]);
  });
  it('is built anew only when its lines, axis or scale change', () => {
    const { shape } = toChartData(model({}));
    expect(toChartData(model({ lines: [line('p', [0, 1, 2, 3], [1, 2, 3, 4])] })).shape).toBe(shape);
    expect(toChartData(model({ log: true })).shape).not.toBe(shape);
    expect(toChartData(model({ smoothing: 5 })).shape).not.toBe(shape);
  });
  it('gives a band two edges and keeps the low one on a logarithmic axis', () => {
    const x = [0, 10];
    const banded = toPlotLine({
      series: 1,
      kind: 'buckets',
      total: 20,
      x0: x,
      x1: [9, 19],
      count: [10, 10],
      mean: [1, 2],
      min: [-1, 1],
      max: [3, 4],
      min_x: x,
      max_x: x,
      non_finite: [0, 0],
    });
    const data = toChartData(model({ log: true, lines: [{ label: 'p', slot: slot(1), last: 2, line: banded }] }));
    expect(data.columns.map(({ kind, values }) => [kind, values])).toEqual([
      ['high', [3, 4]],
      ['low', [1, 1]],
      ['line', [1, 2]],
    ]);
  });
});

describe('ends of the y axis that are set', () => {
  it.each([
    [{ low: 0, high: 10 }, false, [0, 10]],
    [{ low: undefined, high: 10 }, false, [1, 10]],
    [{ low: -5, high: 100 }, true, [1, 100]],
    [{ low: 9, high: undefined }, false, [1, 5]],
    [undefined, false, [1, 5]],
  ])('%j (log %s) of 1 to 5 are %j', (set, log, range) => {
    expect(withSetEnds([1, 5], set, log)).toEqual(range);
  });
});
