import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomId } from '../../../collector/pipeline/run-id.ts';
import { AlertedCatalog, MINUTE, NO_DATA, START, settle, unixNano } from '../../support/alerted-catalog.ts';

const SECOND = 1_000;

let here: AlertedCatalog;
beforeEach(async () => {
  here = await AlertedCatalog.open();
});
afterEach(async () => {
  expect(here.errors).toEqual([]);
  await here[Symbol.asyncDispose]();
});

const minutesOf = (alert: string, run: string) =>
  here.catalog.alertStates
    .evaluations(alert, run)
    .map(({ timeUnixNano, verdict }) => [Number(timeUnixNano - unixNano(START)) / 1e6 / MINUTE, verdict]);

describe('wall time', () => {
  it('evaluates a live run that sends nothing five seconds past each tick, stops it and tells its channel once', async () => {
    const stream = here.openStream();
    const { run, alert } = await here.createRun(START, 'metrics', NO_DATA);
    await here.pass(stream, 64 * SECOND);
    expect(minutesOf(alert, run)).toEqual([]);
    await here.pass(stream, 2 * SECOND);
    expect(minutesOf(alert, run)).toEqual([[1, 'firing']]);
    expect(await here.catalog.alerts.status(alert, run)).toBe('critical');
    expect(await here.catalog.abortOf(run)).toEqual({ reason: 'alert "a" is critical', user: 'u' });
    await here.pass(stream, 3 * MINUTE);
    expect(minutesOf(alert, run).map(([minute]) => minute)).toEqual([4, 3, 2, 1]);
    expect(here.catalog.outbox.ofRun(run)).toMatchObject([{ channel: 'hook', state: 'firing', attempts: 0 }]);
  });

  it('means nothing to a run that is filled in later', async () => {
    const stream = here.openStream();
    const { run, alert } = await here.createRun(START - 60 * MINUTE, 'metrics', NO_DATA);
    await here.pass(stream, 10 * MINUTE);
    expect(minutesOf(alert, run)).toEqual([]);
  });

  it('means nothing for half a minute after a restart, and then goes on where it was', async () => {
    const first = here.openStream();
    const { run, alert } = await here.createRun(START, 'metrics', NO_DATA);
    await here.pass(first, 70 * SECOND);
    await first.close();
    here.now += 50 * SECOND;
    const second = here.openStream();
    await second.start();
    await here.pass(second, 29 * SECOND);
    expect(minutesOf(alert, run)).toHaveLength(1);
    await here.pass(second, 30 * SECOND);
    expect(minutesOf(alert, run).map(([minute]) => minute)).toEqual([2, 1]);
    expect(here.catalog.outbox.ofRun(run)).toHaveLength(1);
  });

  it('lets the last tick come five seconds after the end', async () => {
    const stream = here.openStream();
    const { run, alert } = await here.createRun(START, 'metrics', NO_DATA);
    await here.pass(stream, 90 * SECOND);
    await here.catalog.apply(run, [
      { timeUnixNano: unixNano(here.now), uid: 'b', instance: '', lifecycle: { status: 'completed' } },
    ]);
    stream.runChanged(run);
    await here.pass(stream, 4 * SECOND);
    expect(minutesOf(alert, run)).toHaveLength(1);
    await here.pass(stream, 2 * SECOND);
    expect(minutesOf(alert, run)).toEqual([
      [1.5, 'firing'],
      [1, 'firing'],
    ]);
  });
});

describe('the status of a run', () => {
  it('fires an alert when the run is lost, which is over when it lives again', async () => {
    const stream = here.openStream();
    const { run, alert } = await here.createRun(START, 'run', { status: 'lost' });
    stream.runChanged(run);
    await here.catalog.setLost(run);
    stream.runChanged(run);
    await settle();
    expect(await here.catalog.alerts.status(alert, run)).toBe('critical');
    here.now += MINUTE;
    await here.catalog.recordSigns([{ runId: run, instance: '', timeUnixNano: unixNano(here.now) }]);
    stream.runChanged(run);
    await settle();
    expect(await here.catalog.alerts.status(alert, run)).toBe('ok');
    expect(here.catalog.outbox.ofRun(run).map(({ state }) => state)).toEqual(['ok', 'firing']);
  });

  it.each([
    ['all', 'completed', 1],
    ['error', 'completed', 0],
    ['error', 'failed', 1],
    ['lost', 'failed', 0],
    ['none', 'failed', 0],
  ] as const)('with the setting %s is told when it is %s: %i message', async (notification, status, count) => {
    const stream = here.openStream();
    const run = randomId();
    const change = { timeUnixNano: unixNano(here.now), instance: '' };
    await here.catalog.apply(run, [{ ...change, uid: 'a', notification, lifecycle: { status } }]);
    stream.runChanged(run);
    stream.runChanged(run);
    await settle();
    expect(here.catalog.outbox.waiting('hook', 10)).toHaveLength(count);
  });

  it('is told again when the run is lost once more', async () => {
    const stream = here.openStream();
    const { run } = await here.createRun(START, 'run', { status: 'lost' });
    await here.catalog.apply(run, [{ timeUnixNano: unixNano(START), uid: 'b', instance: '', notification: 'lost' }]);
    for (const times of [1, 2]) {
      here.now += MINUTE;
      await here.catalog.setLost(run);
      stream.runChanged(run);
      await here.pass(stream, MINUTE);
      expect(here.catalog.outbox.ofRun(run).filter(({ state }) => state === 'lost')).toHaveLength(times);
      await here.catalog.recordSigns([{ runId: run, instance: '', timeUnixNano: unixNano(here.now) }]);
      stream.runChanged(run);
      await settle();
    }
  });

  it('and the last tick are not forgotten when the collector dies before they are written', async () => {
    const first = here.openStream();
    const { run, alert } = await here.createRun(START, 'metrics', NO_DATA);
    await here.pass(first, 90 * SECOND);
    const notification = { timeUnixNano: unixNano(START), uid: 'b', instance: '', notification: 'all' } as const;
    await here.catalog.apply(run, [notification]);
    await here.setStatus(run, 'failed');
    expect(here.catalog.alertStates.news()).toEqual([run]);
    // Nobody tells this one of the end.
    const second = here.openStream();
    await second.start();
    await here.pass(second, 10 * SECOND);
    expect(here.catalog.outbox.ofRun(run).map(({ state }) => state)).toContain('failed');
    expect(minutesOf(alert, run)[0]).toEqual([1.5, 'firing']);
    await here.pass(second, 10 * SECOND);
    expect(here.catalog.alertStates.news()).toEqual([]);
    const third = here.openStream();
    await third.start();
    await here.pass(third, 10 * SECOND);
    expect(here.catalog.outbox.ofRun(run)).toHaveLength(2);
  });

  it('is told when there is room again on a disk that was full at that moment', async () => {
    let isFull = true;
    const states = new Proxy(here.catalog.alertStates, {
      get: (target, key) => {
        if (key === 'save' && isFull) throw new Error('no space left');
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const stream = here.openStream({ states });
    const { run } = await here.createRun(START, 'run', { status: 'failed' });
    await here.catalog.apply(run, [{ timeUnixNano: unixNano(START), uid: 'b', instance: '', notification: 'all' }]);
    await here.setStatus(run, 'failed');
    stream.runChanged(run);
    await here.pass(stream, MINUTE);
    expect(here.catalog.outbox.ofRun(run)).toEqual([]);
    expect(here.errors.splice(0).length).toBeGreaterThan(0);
    isFull = false;
    await here.pass(stream, MINUTE);
    expect(here.catalog.outbox.ofRun(run).map(({ state }) => state)).toEqual(['failed', 'firing']);
    await here.pass(stream, 10 * SECOND);
    expect(here.catalog.alertStates.news()).toEqual([]);
  });

  it('forgets everything of a run that is deleted', async () => {
    const stream = here.openStream();
    const { run, alert } = await here.createRun(START, 'metrics', NO_DATA);
    await here.pass(stream, 66 * SECOND);
    await here.catalog.deleteRuns([run]);
    await here.pass(stream, 2 * MINUTE);
    expect(minutesOf(alert, run)).toEqual([]);
    expect(here.catalog.outbox.waiting('hook', 10)).toEqual([]);
    expect(stream.statistics.runs).toBe(0);
  });
});
