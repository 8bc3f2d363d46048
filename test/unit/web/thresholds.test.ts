import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { fitsPattern as collectorFits } from '../../../collector/alert/metric-pattern.ts';
import type { RunAlertView } from '../../../collector/api/contract/alert.ts';
import type { SeriesView } from '../../../collector/api/contract/telemetry.ts';
import { fitsPattern } from '../../../web/src/lib/name-pattern.ts';
import { groupSeries } from '../../../web/src/lib/series.ts';
import { alertsOfRuns, alertsOn, placeThresholds, thresholdsOf } from '../../../web/src/lib/thresholds.ts';

const series = (metric: string, id: number): SeriesView => ({
  ...{ id, metric, name: metric, attributes: {}, instance: '', unit: '', temporality: 'gauge' },
  ...{ count: 10, min: 1, max: 2, mean: 1.5, last: 1, last_text: '1', last_step: 9, non_finite: 0 },
  ...{ first_timestamp: '', last_timestamp: '' },
});
const cardOf = (...metrics: string[]) => {
  const [card] = groupSeries('run', metrics.map(series));
  if (!card) throw new Error('no card');
  return card;
};

const alertOn = (metric: string, rule: Record<string, string | number>, status: RunAlertView['status'] = 'ok') => ({
  alert: {
    ...{ id: metric, name: metric, description: null, notification: 'none', source: 'metrics' as const },
    ...{ enabled: true, abort: false, auto: false, run_tags: [], delay: 0, unit: 'minutes' as const },
    ...{ created: '', user: '', alert: { metric, window: 1, frequency: 1, ...rule } },
  },
  status,
  since: null,
});
const above = (threshold: number) => ({ rule: 'is above', threshold });

describe('the alerts on a card', () => {
  const card = cardOf('residuals.p', 'residuals.k');

  it('are those that name a line of it or whose pattern fits one', () => {
    const alerts = ['residuals.p', 'residuals.*', 'loss', '*.T'].map((metric) => alertOn(metric, above(1)));
    expect(alertsOn(card, alerts).map(({ alert }) => alert.id)).toEqual(['residuals.p', 'residuals.*']);
  });
  it('are not those that are switched off or watch something else', () => {
    const entry = alertOn('residuals.p', above(1));
    const off = { ...entry, alert: { ...entry.alert, enabled: false } };
    const program = { ...entry, alert: { ...entry.alert, source: 'user' as const, alert: null } };
    expect(alertsOn(card, [off, program])).toEqual([]);
  });
  it('are, of several runs, each there once, with a run where it fires', () => {
    const [calm, fires] = [alertOn('residuals.p', above(1)), alertOn('residuals.p', above(1), 'critical')];
    const other = alertOn('loss', above(2));
    const runs = [
      { id: 'one', alerts: [calm, other] },
      { id: 'two', alerts: [fires] },
      { id: 'three', alerts: [calm, fires] },
    ];
    expect(alertsOfRuns(runs).map(({ alert, status, runId }) => [alert.id, status, runId])).toEqual([
      ['residuals.p', 'critical', 'two'],
      ['loss', 'ok', 'one'],
    ]);
  });
  test('patterns fit what they fit in the collector', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (pattern, name) => {
        expect(fitsPattern(pattern, name)).toBe(collectorFits(pattern, name));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('thresholds', () => {
  it('are where the rule fires, with the name of the line among several', () => {
    const range = { range_low: -1, range_high: 2 };
    expect(thresholdsOf(cardOf('loss'), [alertOn('loss', { rule: 'is outside range', ...range })])).toEqual([
      { from: 2, to: Number.POSITIVE_INFINITY, label: 'above 2', firing: false },
      { from: Number.NEGATIVE_INFINITY, to: -1, label: 'below −1', firing: false },
    ]);
    expect(
      thresholdsOf(cardOf('r.p', 'r.k'), [alertOn('r.p', { rule: 'is inside range', ...range }, 'critical')]),
    ).toEqual([{ from: -1, to: 2, label: 'p −1 to 2', firing: true }]);
  });
  it('are one for alike rules, which fires when one of them does', () => {
    const alerts = [alertOn('loss', above(1), 'critical'), alertOn('loss', above(1))];
    expect(thresholdsOf(cardOf('loss'), alerts)).toMatchObject([{ label: 'above 1', firing: true }]);
  });
  it('are none of rules whose values are not those of the metric', () => {
    const rules = [
      { ...above(1), aggregation: 'sum' },
      { ...above(1), aggregation: 'rate of change' },
      { rule: 'has no data' },
    ];
    expect(
      thresholdsOf(
        cardOf('loss'),
        rules.map((rule) => alertOn('loss', rule)),
      ),
    ).toEqual([]);
  });
});

describe('placed thresholds', () => {
  const box = { top: 0, bottom: 100, row: 10 };
  const place = (low: number, high: number, ...limits: number[]) => {
    const alerts = limits.map((limit) => alertOn('loss', above(limit)));
    return placeThresholds(
      thresholdsOf(cardOf('loss'), alerts),
      [low, high],
      box,
      (value) => 100 * (1 - (value - low) / (high - low)),
    );
  };

  it('have a line in view, and their label on the side that fires', () => {
    expect(place(0, 10, 4)).toEqual([{ label: 'above 4', lineWidth: 1, zone: [0, 60], lines: [60], labelY: 55 }]);
  });
  it('say at the edge which way the limit is when it is beyond the axis', () => {
    expect(place(0, 10, 20)).toEqual([{ label: '↑ above 20', lineWidth: 1, zone: [0, 0], lines: [], labelY: 5 }]);
    expect(place(30, 40, 20)).toMatchObject([{ label: '↓ above 20', zone: [0, 100], lines: [], labelY: 95 }]);
  });
  it('of a range stand at the end that is in view, and point nowhere when both ends are beyond the axis', () => {
    const range = (low: number, high: number) => {
      const rule = { rule: 'is inside range', range_low: 2, range_high: 6 };
      const yAt = (value: number) => 100 * (1 - (value - low) / (high - low));
      return placeThresholds(thresholdsOf(cardOf('loss'), [alertOn('loss', rule)]), [low, high], box, yAt);
    };
    expect(range(0, 10)).toMatchObject([{ label: '2 to 6', zone: [40, 80], lines: [80, 40], labelY: 75 }]);
    expect(range(4, 8)).toMatchObject([{ label: '2 to 6', zone: [50, 100], lines: [50], labelY: 55 }]);
    expect(range(3, 5)).toMatchObject([{ label: '2 to 6', zone: [0, 100], lines: [], labelY: 95 }]);
    expect(range(7, 9)).toMatchObject([{ label: '↓ 2 to 6', zone: [100, 100], lines: [] }]);
    expect(range(0, 1)).toMatchObject([{ label: '↑ 2 to 6', zone: [0, 0], lines: [] }]);
  });
  it('have labels that do not touch', () => {
    const places = place(0, 10, 5, 5.1, 5.2, 20, 30).map(({ labelY }) => labelY);
    const sorted = places.sort((a, b) => a - b);
    for (const [index, y] of sorted.slice(1).entries()) expect(y - (sorted[index] ?? 0)).toBeGreaterThanOrEqual(10);
  });
});
