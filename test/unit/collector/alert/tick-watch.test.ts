import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../../../collector/alert/evaluation.ts';
import type { NoDataRule, WindowRule } from '../../../../collector/alert/rule.ts';
import { TickWatch } from '../../../../collector/alert/tick-watch.ts';
import { pointBatch } from '../../../support/point-batch.ts';

const MINUTE = 60e9;
const SECOND = 1e9;

function windowRule(change: Partial<WindowRule> & { window?: number; frequency?: number }): WindowRule {
  const { window = 1, frequency = 1, ...rest } = change;
  return {
    kind: 'window',
    metric: 'loss',
    bounds: { test: 'is above', threshold: 5 },
    aggregation: 'average',
    evaluatesPartialWindow: false,
    delayNano: 0,
    windowNano: window * MINUTE,
    frequencyNano: frequency * MINUTE,
    ...rest,
  };
}

/** Points (seconds, value), then time up to `to` seconds. */
function run(rule: WindowRule | NoDataRule, points: readonly (readonly [number, number])[], to: number): Evaluation[] {
  const watch = new TickWatch(rule, 0);
  const seen: Evaluation[] = [];
  watch.addPoints(pointBatch(...points.map(([seconds, value], index) => [seconds * SECOND, value, index] as const)));
  watch.advance(to * SECOND, (evaluation) => seen.push(evaluation));
  return seen;
}

const verdicts = (evaluations: readonly Evaluation[]) =>
  evaluations.map(({ timeNano, verdict }) => [timeNano / MINUTE, verdict]);
const every = (seconds: number, to: number, value: number) =>
  Array.from({ length: Math.floor(to / seconds) }, (_, i) => [(i + 1) * seconds, value] as const);

describe('ticks', () => {
  it('fires at 2:00 with a window of two minutes evaluated each minute, as seed 000 says', () => {
    const outside = windowRule({ window: 2, bounds: { test: 'is outside range', low: 9, high: 10 } });
    expect(verdicts(run(outside, every(1, 180, 5), 180))).toEqual([
      [1, 'warming up'],
      [2, 'firing'],
      [3, 'firing'],
    ]);
  });

  it('fires on the average of one minute as seed 001 says', () => {
    const below = windowRule({ bounds: { test: 'is below', threshold: 0.4 } });
    expect(verdicts(run(below, [...every(1, 60, 0.5), [61, 0.3]], 120))).toEqual([
      [1, 'ok'],
      [2, 'firing'],
    ]);
  });

  it.each([
    ['is above', 5, 'ok'],
    ['is above', 5.000001, 'firing'],
    ['is below', 5, 'ok'],
    ['is below', 4.999999, 'firing'],
  ] as const)('%s 5 with a value of %d is %s', (test, value, verdict) => {
    expect(run(windowRule({ bounds: { test, threshold: 5 } }), [[30, value]], 60)[0]?.verdict).toBe(verdict);
  });

  it.each([
    ['is inside range', 4, 'ok'],
    ['is inside range', 4.1, 'firing'],
    ['is outside range', 4, 'ok'],
    ['is outside range', 6.1, 'firing'],
  ] as const)('%s 4 to 6 with a value of %d is %s', (test, value, verdict) => {
    expect(run(windowRule({ bounds: { test, low: 4, high: 6 } }), [[30, value]], 60)[0]?.verdict).toBe(verdict);
  });

  it('takes a threshold of zero for a threshold', () => {
    expect(run(windowRule({ bounds: { test: 'is above', threshold: 0 } }), [[1, 0.1]], 60)[0]?.verdict).toBe('firing');
  });

  it('leaves out a point at the beginning of the window and takes the one at its end', () => {
    const [, second] = run(
      windowRule({ aggregation: 'sum' }),
      [
        [60, 1],
        [120, 2],
      ],
      120,
    );
    expect(second).toMatchObject({ points: 1, value: 2 });
  });

  it('cuts windows that are no multiple of the frequency where they begin', () => {
    const rule = windowRule({ window: 1.5, frequency: 1, aggregation: 'sum' });
    expect(
      run(
        rule,
        [
          [29, 1],
          [30, 2],
          [31, 4],
          [60, 8],
          [61, 16],
          [90, 32],
          [91, 64],
        ],
        180,
      ).map(({ value }) => value),
    ).toEqual([1 + 2 + 4 + 8, 4 + 8 + 16 + 32 + 64, 64]);
  });

  it('evaluates fractions of minutes, and windows shorter than their distance', () => {
    const rule = windowRule({ window: 0.1, frequency: 0.5, aggregation: 'sum' });
    expect(
      run(
        rule,
        [
          [23, 1],
          [24, 2],
          [25, 4],
          [30, 8],
          [31, 16],
        ],
        60,
      ).map(({ points, value }) => [points, value]),
    ).toEqual([
      [2, 12],
      [0, undefined],
    ]);
  });

  it('shows the share of a window that is not full, and evaluates it only when told to', () => {
    expect(run(windowRule({ window: 4 }), [[1, 9]], 120)).toMatchObject([
      { share: 0.25, verdict: 'warming up', state: 'no data', value: 9 },
      { share: 0.5, verdict: 'warming up' },
    ]);
    expect(run(windowRule({ window: 4, evaluatesPartialWindow: true }), [[1, 9]], 60)[0]?.verdict).toBe('firing');
  });

  it('looks at nothing up to its delay, and has a full window only a window later', () => {
    const delayed = windowRule({ window: 2, delayNano: 1.5 * MINUTE });
    expect(
      verdicts(run(delayed, [...every(1, 90, 100), ...every(1, 150, 5).map(([at]) => [90 + at, 6] as const)], 240)),
    ).toEqual([
      [2, 'warming up'],
      [3, 'warming up'],
      [4, 'firing'],
    ]);
    expect(run(delayed, every(1, 180, 6), 180)[0]).toMatchObject({ points: 30, share: 0.25, late: 0 });
  });

  it('never takes no data for zero', () => {
    const evaluations = run(windowRule({ bounds: { test: 'is below', threshold: 1 } }), [[30, 2]], 180);
    expect(evaluations.map(({ verdict, value }) => [verdict, value])).toEqual([
      ['ok', 2],
      ['no data', undefined],
      ['no data', undefined],
    ]);
  });

  it('leaves NaN and infinite values out of averages, counts them, and has no data when there is nothing else', () => {
    expect(
      run(
        windowRule({}),
        [
          [1, Number.NaN],
          [2, 8],
          [3, Infinity],
        ],
        60,
      )[0],
    ).toMatchObject({ value: 8, nonFinite: 2, verdict: 'firing' });
    expect(
      run(
        windowRule({}),
        [
          [1, Number.NaN],
          [2, -Infinity],
        ],
        60,
      )[0],
    ).toMatchObject({ verdict: 'no data', nonFinite: 2 });
    expect(
      run(
        windowRule({ aggregation: 'at least one' }),
        [
          [1, 0],
          [2, Infinity],
        ],
        60,
      )[0]?.verdict,
    ).toBe('firing');
    expect(
      run(
        windowRule({ aggregation: 'all' }),
        [
          [1, Number.NaN],
          [2, Infinity],
        ],
        60,
      )[0]?.verdict,
    ).toBe('firing');
  });

  it('measures the change per minute, and a stall as a small spread', () => {
    const rate = windowRule({ aggregation: 'rate of change', window: 2 });
    expect(
      run(
        rate,
        [
          [60, 1],
          [90, 4],
        ],
        120,
      )[1],
    ).toMatchObject({ value: 6, verdict: 'firing' });
    const stall = windowRule({ aggregation: 'spread', bounds: { test: 'is below', threshold: 0.01 } });
    expect(run(stall, every(10, 60, 3), 60)[0]?.verdict).toBe('firing');
    expect(run(stall, [[1, 3]], 60)[0]?.verdict).toBe('no data');
  });

  it('fires for want of data', () => {
    const rule: NoDataRule = {
      kind: 'no data',
      metric: 'loss',
      delayNano: 0,
      windowNano: 2 * MINUTE,
      frequencyNano: MINUTE,
    };
    expect(
      verdicts(
        run(
          rule,
          [
            [30, 1],
            [200, 1],
          ],
          300,
        ),
      ),
    ).toEqual([
      [1, 'warming up'],
      [2, 'ok'],
      [3, 'firing'],
      [4, 'ok'],
      [5, 'ok'],
    ]);
  });

  it('evaluates a long silence once and tells how many ticks it left out', () => {
    const evaluations = run(
      windowRule({}),
      [
        [30, 1],
        [86_400, 9],
      ],
      86_400,
    );
    expect(verdicts(evaluations)).toEqual([
      [1, 'ok'],
      [2, 'no data'],
      [1440, 'firing'],
    ]);
    expect(evaluations[2]?.skipped).toBe(1437);
  });

  it('counts late points in the windows that are left and reports the others', () => {
    const watch = new TickWatch(windowRule({ window: 2, aggregation: 'sum' }), 0);
    const seen: Evaluation[] = [];
    const emit = (evaluation: Evaluation) => seen.push(evaluation);
    watch.addPoints(pointBatch([100 * SECOND, 1, 1]));
    watch.advance(120 * SECOND, emit);
    watch.addPoints(pointBatch([110 * SECOND, 2, 2]));
    watch.addPoints(pointBatch([10 * SECOND, 4, 3]));
    watch.addPoints(pointBatch([110 * SECOND, 2, 2]));
    watch.advance(180 * SECOND, emit);
    expect(seen.at(-1)).toMatchObject({ points: 2, value: 3, late: 2 });
  });

  it('finds the last 512 points when they come again, in whatever batches', () => {
    const watch = new TickWatch(windowRule({ aggregation: 'sum' }), 0);
    const points = Array.from({ length: 1_000 }, (_, i) => [(i + 1) * 1e6, 1, i] as const);
    watch.addPoints(pointBatch(...points));
    watch.addPoints(pointBatch(...points.slice(-512, -200)));
    const restored = TickWatch.restore(windowRule({ aggregation: 'sum' }), watch.save());
    for (const point of points.slice(-200)) restored.addPoints(pointBatch(point));
    const seen: Evaluation[] = [];
    restored.advance(60 * SECOND, (evaluation) => seen.push(evaluation));
    expect(seen[0]).toMatchObject({ points: 1_000, value: 1_000 });
  });

  it('evaluates once more when the run ends between two ticks', () => {
    const watch = new TickWatch(windowRule({}), 0);
    const seen: Evaluation[] = [];
    watch.addPoints(pointBatch([70 * SECOND, 9, 1]));
    watch.end(75 * SECOND, (evaluation) => seen.push(evaluation));
    expect(seen.map(({ timeNano, verdict }) => [timeNano / SECOND, verdict])).toEqual([[75, 'firing']]);
  });
});
