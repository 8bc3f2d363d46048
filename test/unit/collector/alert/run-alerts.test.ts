import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../../collector/alert/event-pattern.ts';
import { fitsPattern } from '../../../../collector/alert/metric-pattern.ts';
import type { Rule } from '../../../../collector/alert/rule.ts';
import { RunAlerts, type RunEvaluation, type WatchedSeries } from '../../../../collector/alert/run-alerts.ts';
import { RunWatermark } from '../../../../collector/alert/run-watermark.ts';
import { pointBatch } from '../../../support/point-batch.ts';

const MINUTE = 60e9;
const TIMING = { delayNano: 0, windowNano: MINUTE, frequencyNano: MINUTE };
const ERROR: Rule = { kind: 'events', pattern: 'error', patternType: 'substring', ...TIMING };
const HIGH: Rule = {
  kind: 'window',
  metric: 'residuals.*',
  bounds: { test: 'is above', threshold: 1 },
  aggregation: 'average',
  evaluatesPartialWindow: false,
  ...TIMING,
};

function watching(rules: Readonly<Record<string, Rule>>) {
  const seen: RunEvaluation[] = [];
  const alerts = new RunAlerts((evaluation) => seen.push(evaluation));
  for (const [id, rule] of Object.entries(rules)) alerts.add(id, rule);
  const transitions = () =>
    seen
      .filter(({ evaluation: { previous, state } }) => previous !== state)
      .map(({ watched, evaluation }) => [
        watched.alertId,
        watched.series,
        evaluation.timeNano / MINUTE,
        evaluation.state,
      ]);
  return { alerts, transitions, seen };
}

/** As the stream gives points of a record of the log. */
function add(alerts: RunAlerts, watched: WatchedSeries, timeNano: number, value: number, sequence: number): void {
  if (sequence <= watched.savedSequence) return;
  watched.watch.addPoints?.(pointBatch([timeNano, value, 1]), watched.emit);
  alerts.touched(watched, sequence);
}

describe('alerts of a run', () => {
  it('have one state for each series that fits the name', () => {
    const { alerts, transitions } = watching({ a: HIGH });
    for (const [series, value] of [
      ['residuals.x', 2],
      ['residuals.y', 0],
      ['loss', 9],
    ] as const) {
      for (const watched of alerts.ofSeries(series, series)) add(alerts, watched, 1, value, 1);
    }
    alerts.advance(MINUTE);
    expect(transitions()).toEqual([
      ['a', 'residuals.x', 1, 'firing'],
      ['a', 'residuals.y', 1, 'ok'],
    ]);
    expect(alerts.stateOf('a')).toBe('firing');
  });

  it('fire on a matching event at once and end after a window without one', () => {
    const { alerts, transitions } = watching({ e: ERROR });
    alerts.addEvent(1, 'fine', 1);
    alerts.addEvent(0.5 * MINUTE, 'an error', 2);
    alerts.addEvent(0.75 * MINUTE, 'an error again', 3);
    alerts.addEvent(0.5 * MINUTE, 'an error', 4);
    alerts.advance(1.7 * MINUTE);
    expect(transitions()).toEqual([
      ['e', '', 1 / MINUTE, 'ok'],
      ['e', '', 0.5, 'firing'],
    ]);
    alerts.advance(1.75 * MINUTE);
    expect(transitions().at(-1)).toEqual(['e', '', 1.75, 'ok']);
  });

  it('without a delay take events of the very start, and from before it', () => {
    for (const time of [0, -MINUTE]) {
      const { alerts, transitions } = watching({ e: ERROR });
      alerts.addEvent(time, 'an error', 1);
      expect(transitions()).toEqual([['e', '', time / MINUTE, 'firing']]);
    }
  });

  it('leave out events up to their delay', () => {
    const { alerts, transitions } = watching({ e: { ...ERROR, delayNano: MINUTE } });
    alerts.addEvent(MINUTE, 'an error', 1);
    expect(transitions()).toEqual([]);
    alerts.addEvent(1.5 * MINUTE, 'an error', 2);
    expect(transitions()).toEqual([['e', '', 1.5, 'firing']]);
  });

  it('fire on values that are not finite, and on the status', () => {
    const { alerts, transitions } = watching({
      n: { kind: 'not finite', metric: 'loss', ...TIMING },
      s: { kind: 'status', statuses: ['lost'] },
    });
    for (const watched of alerts.ofSeries('loss', 'loss')) add(alerts, watched, MINUTE, Number.NaN, 1);
    alerts.setStatus(2 * MINUTE, 'lost');
    alerts.setStatus(3 * MINUTE, 'running');
    expect(transitions()).toEqual([
      ['n', 'loss', 1, 'firing'],
      ['s', '', 2, 'firing'],
      ['s', '', 3, 'ok'],
    ]);
  });

  it('leave out what they had seen when they were saved', () => {
    const { alerts } = watching({ a: { ...HIGH, metric: 'loss' } });
    const state = alerts.ofSeries('loss', 'loss')[0]?.watch.save() ?? new Float64Array();
    alerts.restore('a', 'loss', { state, parts: new Map() }, 7);
    const [watched] = alerts.ofSeries('loss', 'loss');
    if (watched === undefined) throw new Error('not watched');
    add(alerts, watched, 1, 5, 7);
    expect(watched.unsavedFrom).toBe(0);
    add(alerts, watched, 1, 5, 8);
    expect(watched.unsavedFrom).toBe(8);
  });

  it('are not evaluated while points of the past are brought in', () => {
    const { alerts, seen } = watching({});
    alerts.add('a', { ...HIGH, metric: 'loss' }, true);
    for (const watched of alerts.ofSeries('loss', 'loss')) add(alerts, watched, 1, 5, 1);
    alerts.advance(2 * MINUTE);
    expect(seen).toEqual([]);
    alerts.filled(['a']);
    expect(seen.length).toBe(2);
  });
});

describe('names and patterns', () => {
  it.each([
    ['loss', 'loss', true],
    ['loss', 'loss2', false],
    ['residuals.*', 'residuals.x', true],
    ['residuals.*', 'residualsx', false],
    ['*a*a*', 'aa', true],
    ['a*a', 'a', false],
    ['a.c', 'abc', false],
    ['*', '', true],
  ])('%s and %s: %s', (pattern, name, fits) => expect(fitsPattern(pattern, name)).toBe(fits));

  it('spend little on a pattern that would stall other engines for ever', () => {
    const started = performance.now();
    expect(compilePattern({ pattern: '(a+)+$', patternType: 'regex' })(`${'a'.repeat(200_000)}b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(() => compilePattern({ pattern: '(a?){500}a{500}', patternType: 'regex' })).toThrow(/instructions/);
    expect(compilePattern({ pattern: '.*', patternType: 'substring' })('abc')).toBe(false);
  });
});

describe('watermark', () => {
  const START = 1_000_000_000_000;
  const watermark = () => new RunWatermark(BigInt(START) * 1_000_000n, START);

  it('is the least over the writers that were heard lately', () => {
    const mark = watermark();
    mark.heard('a', 60e9, START + 60_000);
    expect(mark.nano).toBe(60e9);
    mark.heard('b', 61e9, START + 61_000);
    mark.heard('a', 62e9, START + 62_000);
    expect(mark.nano).toBe(61e9);
    mark.heard('a', 67e9, START + 67_000);
    expect(mark.nano).toBe(67e9);
  });

  it('is never ahead of wall time and never falls', () => {
    const mark = watermark();
    mark.heard('a', 1e15, START + 1_000);
    expect(mark.nano).toBe(1.001e9);
    mark.heard('a', 0, START + 500);
    expect(mark.nano).toBe(1.001e9);
  });

  it('tells a run that is filled in from a live one', () => {
    const mark = new RunWatermark(BigInt(START) * 1_000_000n, START + 3_600_000);
    expect(mark.isLive).toBe(false);
    mark.heard('a', 3_599e9, START + 3_601_000);
    expect(mark.isLive).toBe(true);
  });
});
