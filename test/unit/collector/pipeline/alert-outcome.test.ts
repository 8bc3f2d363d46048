import { describe, expect, it } from 'vitest';
import { AlertOutcome } from '../../../../collector/pipeline/alert-outcome.ts';
import { WatchedRun } from '../../../../collector/pipeline/watched-run.ts';
import type { AlertBatch } from '../../../../collector/store/alert-state-store.ts';
import type { AlertRow } from '../../../../collector/store/alert-store.ts';
import type { RunRow } from '../../../../collector/store/catalog-store.ts';
import { pointBatch } from '../../../support/point-batch.ts';

const MINUTE = 60e9;
const RUN = {
  id: 'run',
  status: 'running',
  createdUnixNano: 0n,
  endedUnixNano: null,
  tags: [],
} as Partial<RunRow> as RunRow;
const rule = (threshold: number): AlertRow =>
  ({
    id: 'alert',
    name: 'high',
    source: 'metrics',
    enabled: true,
    delay: 0,
    notification: 'hook',
    rule: { rule: 'is above', metric: 'm.*', threshold, window: 1, frequency: 1 },
  }) as Partial<AlertRow> as AlertRow;

/** A run with one alert, and what is saved of it. */
function watching() {
  const saved: AlertBatch[] = [];
  const outcome = new AlertOutcome({
    states: { save: (batch) => saved.push(batch) },
    findRun: () => RUN,
    unit: 'minutes',
    channels: { has: () => true, forRuns: [] },
  });
  const run = new WatchedRun(RUN, 0n, 0, 'minutes', (of, evaluation) => outcome.add(of, evaluation));
  const define = (alerts: readonly AlertRow[]): void => {
    const added = run.setAlerts({
      alerts: alerts.map((alert) => ({ alert, status: null, sinceUnixNano: null })),
      watches: [],
    });
    run.alerts.filled(added);
  };
  define([rule(5)]);
  const log = (series: string, minutes: number, value: number): void => {
    for (const watched of run.alerts.ofSeries(series, series)) {
      watched.watch.addPoints?.(pointBatch([minutes * MINUTE, value, minutes]), watched.emit);
      run.alerts.touched(watched, 1);
    }
  };
  return { saved, outcome, run, define, log };
}

describe('what was evaluated', () => {
  it('is saved with its state, changes first: a crash between two transactions loses no message', () => {
    const { saved, outcome, run, log } = watching();
    for (let series = 0; series < 300; series++) log(`m.${series}`, 0.5, series < 100 ? 1 : 9);
    for (let series = 0; series < 300; series++) log(`m.${series}`, 1.5, 1);
    run.alerts.advance(2 * MINUTE);
    while (!outcome.isEmpty) outcome.save(1, 1);
    const states = saved.flatMap(({ watches }) => watches);
    expect(states.length).toBe(300);
    expect(states.every(({ evaluations }) => evaluations.length === 2)).toBe(true);
    for (const { watches, outbox } of saved) {
      const fired = new Set(watches.filter(({ evaluations }) => evaluations[0]?.verdict === 'firing'));
      expect(outbox.map(({ series, state }) => `${series} ${state}`).toSorted()).toEqual(
        [...fired].flatMap(({ series }) => [`${series} firing`, `${series} ok`]).toSorted(),
      );
    }
  });

  it('of an alert that was taken away, or is another one now, is not saved', () => {
    const { saved, outcome, run, define, log } = watching();
    log('m.a', 0.5, 9);
    run.alerts.advance(MINUTE);
    expect(outcome.isEmpty).toBe(false);
    define([]);
    outcome.save(1, 1);
    expect(saved.at(-1)).toMatchObject({ watches: [], outbox: [], statuses: [] });
    define([rule(5)]);
    log('m.a', 1.5, 9);
    run.alerts.advance(2 * MINUTE);
    expect(outcome.isEmpty).toBe(false);
    define([rule(50)]);
    outcome.save(2, 2);
    expect(saved.at(-1)?.watches).toEqual([]);
    expect(outcome.isEmpty).toBe(true);
  });
});
