import { describe, expect, test } from 'vitest';
import type { AlertView, EvaluationView } from '../../../collector/api/contract/alert.ts';
import type { Plot } from '../../../collector/api/contract/telemetry.ts';
import { farthestBeyond } from '../../../web/src/lib/beyond.ts';
import { placeEvaluations } from '../../../web/src/lib/evaluation-plot.ts';
import { toPlotLine } from '../../../web/src/lib/plot-line.ts';

const points = (x: readonly number[], y: readonly (number | 'NaN')[]): Plot['data'][number] => ({
  series: 1,
  kind: 'points',
  total: y.length,
  x: [...x],
  y: [...y],
});

describe('the value farthest beyond the limits', () => {
  const above = { alert: { rule: 'is above', metric: 'p', threshold: 5 } };

  test.each<[string, Pick<AlertView, 'alert'>, readonly (number | 'NaN')[], number | undefined]>([
    ['above', above, [9, 6, 'NaN', 7, 4], 7],
    ['below', { alert: { rule: 'is below', metric: 'p', threshold: 5 } }, [1, 4, 2, 9, 8], 2],
    ['outside', { alert: { rule: 'is outside range', metric: 'p', range_low: 0, range_high: 5 } }, [9, -3, 6, 1], -3],
    ['inside', { alert: { rule: 'is inside range', metric: 'p', range_low: 0, range_high: 6 } }, [3, 7, 1, 2, 9], 2],
    ['nowhere', above, [9, 5, 5, 5, 5], undefined],
  ])('%s, of what lies in the window (0, 4]', (_, rule, values, value) => {
    const x = values.map((_value, index) => index);
    expect(farthestBeyond([points(x, values)], rule, [0, 4])?.value).toBe(value);
  });

  test('of buckets is an extreme with its own time', () => {
    const extremes = { min: [1, 2], max: [6, 9], min_x: [1, 5], max_x: [2, 6], mean: [3, 4], non_finite: [0, 0] };
    const sent = { series: 1, kind: 'buckets' as const, total: 20, x0: [0, 4], x1: [3, 7], count: [9, 9], ...extremes };
    expect(farthestBeyond([sent], above, [0, 7])).toEqual({ value: 9, at: 6 });
    expect(farthestBeyond([sent], above, [0, 5])).toEqual({ value: 6, at: 2 });
  });
});

describe('evaluations over the line of their metric', () => {
  const START = Date.UTC(2026, 10, 21, 8) / 1000;
  const BOX = { width: 100, height: 50 };
  const evaluation = (seconds: number, value: number) =>
    ({
      time: `2026-11-21T08:00:${seconds}.000000`,
      from: '2026-11-21T08:00:00.000000',
      value,
      verdict: 'ok',
    }) as EvaluationView;

  test('share its time and its values; the line is broken where the metric is not finite', () => {
    const x = [0, 10, 15, 20].map((seconds) => START + seconds);
    const line = toPlotLine(points(x, [0, 'NaN', 5, 10]));
    const { paths, marks } = placeEvaluations([evaluation(20, 4)], [], BOX, [line]);
    expect(paths).toEqual([{ line: 'M0.0 46.6M75.0 25.0L100.0 3.4', band: '' }]);
    expect(marks[0]?.x).toBe(100);
    const wide = { ...line, low: [0, null, 4, 8], high: [0, null, 6, 10] };
    const [path] = placeEvaluations([evaluation(20, 4)], [], BOX, [wide]).paths;
    expect(path?.band).toBe('M0.0 46.6L75.0 20.7L100.0 3.4L100.0 12.1L75.0 29.3L0.0 46.6Z');
  });

  test('a sum stands on the axis of its limit, the metric on one of its own', () => {
    const line = toPlotLine(points([START, START + 20], [2, 4]));
    const { paths, marks, limits, ownScale } = placeEvaluations([evaluation(20, 80)], [100], BOX, [line], true);
    expect(ownScale).toEqual([2, 4]);
    expect(paths[0]?.line).toBe('M0.0 46.6L100.0 3.4');
    expect([marks[0]?.y.toFixed(1), limits[0]?.y.toFixed(1)]).toEqual(['46.6', '3.4']);
  });

  test('stand on a logarithmic axis where values span decades', () => {
    const { limits } = placeEvaluations([evaluation(20, 1), evaluation(10, 1e-6)], [1e-3], BOX);
    expect(limits[0]?.y).toBeCloseTo(25);
  });
});
