import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertStream } from '../../../collector/pipeline/alert-stream.ts';
import { AlertedCatalog, MINUTE, NO_DATA, START, settle } from '../../support/alerted-catalog.ts';

let here: AlertedCatalog;
let stream: AlertStream;
let [run, alert] = ['', ''];
beforeEach(async () => {
  here = await AlertedCatalog.open();
  stream = here.openStream();
  ({ run, alert } = await here.createRun(START, 'metrics', NO_DATA));
  await here.pass(stream, 70_000);
  expect(await here.catalog.alerts.status(alert, run)).toBe('critical');
});
afterEach(async () => {
  expect(here.errors).toEqual([]);
  await here[Symbol.asyncDispose]();
});

const change = async (with_: object): Promise<void> => {
  const row = await here.catalog.alerts.get(alert);
  if (row !== undefined) await here.catalog.alerts.change(alert, { ...row, ...with_ });
};
/** Newest first. */
const told = () =>
  here.catalog.outbox
    .waiting('hook', 1_000)
    .map(({ state, message }) => [state, JSON.parse(message).alert?.note])
    .toSorted();
const repeated = () => here.catalog.outbox.firing('hook', 1_000);

describe('an alert that fires', () => {
  it.each([
    ['is taken from its run', () => here.catalog.alerts.detach(run, alert), 'the alert was taken from the run'],
    [
      'is left out of the list of its run',
      () => here.catalog.alerts.attach(run, []),
      'the alert was taken from the run',
    ],
    ['is switched off', () => change({ enabled: false }), 'the alert was switched off'],
    ['has another rule', () => change({ rule: { ...NO_DATA, metric: 'other' } }), 'the alert was changed'],
    ['is deleted', () => here.catalog.alerts.remove(alert), 'the alert was deleted'],
    ['is not to tell its channel any more', () => change({ notification: 'none' }), 'this channel is told no more'],
  ])('and %s is over for who was told of it', async (_how, act, note) => {
    expect(repeated()).toHaveLength(1);
    here.now += 1_000;
    await act();
    expect(told()).toEqual([
      ['firing', undefined],
      ['ok', note],
    ]);
    expect(repeated()).toEqual([]);
    const over = JSON.parse(here.catalog.outbox.ofRun(run)[0]?.message ?? '');
    expect(over).toMatchObject({
      state: 'resolved',
      time: '2026-01-01T00:01:11.000000',
      alert: { id: alert, value: null },
    });
  });

  it('and is replaced by one of its name is over, and the new one begins anew', async () => {
    const other = await here.createAlertIn(run, { ...NO_DATA, window: 2 });
    expect(told()).toContainEqual(['ok', 'the alert was defined anew']);
    expect(await here.catalog.alerts.status(other, run)).toBeNull();
    await here.pass(stream, MINUTE);
    expect(await here.catalog.alerts.status(other, run)).toBe('critical');
    expect(told().filter(([state]) => state === 'firing')).toHaveLength(2);
  });

  it('and is switched off and on, or taken away and attached, begins anew and tells again', async () => {
    await change({ enabled: false });
    expect(await here.catalog.alerts.status(alert, run)).toBeNull();
    await here.pass(stream, 10 * MINUTE);
    await change({ enabled: true });
    await here.pass(stream, 2 * MINUTE);
    expect(await here.catalog.alerts.status(alert, run)).toBe('critical');
    await here.catalog.alerts.detach(run, alert);
    await here.catalog.alerts.attachOne(run, alert);
    expect(await here.catalog.alerts.status(alert, run)).toBeNull();
    await here.pass(stream, 2 * MINUTE);
    expect(await here.catalog.alerts.status(alert, run)).toBe('critical');
    expect(told().map(([state]) => state)).toEqual(['firing', 'firing', 'firing', 'ok', 'ok']);
  });

  it('and whose name alone is changed goes on firing, and nothing is told', async () => {
    await change({ name: 'b', description: 'what to do' });
    await here.pass(stream, 2 * MINUTE);
    expect(told()).toEqual([['firing', undefined]]);
    expect(await here.catalog.alerts.status(alert, run)).toBe('critical');
  });

  it('in a run that is over stays as it was', async () => {
    await here.setStatus(run, 'completed');
    stream.runChanged(run);
    await here.pass(stream, 10_000);
    await change({ enabled: false });
    expect(told()).toEqual([['firing', undefined]]);
    expect(await here.catalog.alerts.status(alert, run)).toBe('critical');
  });
});

describe('an alert of very many runs', () => {
  it('is changed in all of them in many turns of the event loop, and what is evaluated meanwhile is of the new one', async () => {
    const runs = await here.createRuns(100, alert);
    await here.pass(stream, 2 * MINUTE);
    expect(repeated()).toHaveLength(101);
    let loads = 0;
    const perTurn: number[] = [];
    const states = here.catalog.alertStates;
    const load = states.load.bind(states);
    states.load = (runId) => {
      if (loads++ === 0)
        setImmediate(() => {
          perTurn.push(loads);
          loads = 0;
        });
      return load(runId);
    };
    await change({ rule: { ...NO_DATA, window: 60 } });
    stream.tick();
    expect(repeated()).toEqual([]);
    await settle();
    await here.pass(stream, MINUTE);
    await settle();
    expect(perTurn.reduce((sum, count) => sum + count, 0)).toBe(101);
    expect(Math.max(...perTurn)).toBeLessThanOrEqual(40);
    expect(repeated()).toEqual([]);
    expect(await here.catalog.alerts.status(alert, runs[99] ?? '')).toBeNull();
  });

  it('is deleted from a few of them in each turn of the event loop, and whoever was told hears that it is over', async () => {
    const runs = await here.createRuns(100, alert);
    await here.pass(stream, 2 * MINUTE);
    expect(repeated()).toHaveLength(101);
    const left: number[] = [];
    let isDone = false;
    const removal = here.catalog.alerts.remove(alert).then(() => {
      isDone = true;
    });
    while (!isDone) {
      left.push([...(await here.catalog.alerts.ofRuns(runs)).keys()].length);
      await new Promise(setImmediate);
    }
    await removal;
    expect(new Set(left).size).toBeGreaterThan(5);
    expect(await here.catalog.alerts.get(alert)).toBeUndefined();
    expect(await here.catalog.alerts.ofRuns(runs)).toEqual(new Map());
    expect(repeated()).toEqual([]);
    expect(told().filter(([, note]) => note === 'the alert was deleted')).toHaveLength(101);
    await here.pass(stream, 2 * MINUTE);
    expect(repeated()).toEqual([]);
    expect(here.catalog.alertStates.load(runs[0] ?? '').watches).toEqual([]);
  });

  it('that are over is not evaluated again when it is changed', async () => {
    await here.setStatus(run, 'completed');
    stream.runChanged(run);
    await here.pass(stream, 10_000);
    await here.pass(stream, 10_000);
    expect(stream.statistics.runs).toBe(0);
    await change({ rule: { ...NO_DATA, metric: 'other' } });
    await here.pass(stream, MINUTE);
    expect(stream.statistics.runs).toBe(0);
    expect(told()).toEqual([['firing', undefined]]);
  });
});
