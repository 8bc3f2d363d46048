import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlertStream } from '../../../collector/pipeline/alert-stream.ts';
import { randomId } from '../../../collector/pipeline/run-id.ts';
import type { AlertRule } from '../../../collector/store/alert-store.ts';
import type { CatalogStore } from '../../../collector/store/catalog-store.ts';
import { openCatalog } from '../../../collector/store/sqlite-catalog.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const START = Date.UTC(2026, 0, 1);
const unixNano = (milliseconds: number): bigint => BigInt(milliseconds) * 1_000_000n;

let [directory, now] = ['', START];
let catalog: CatalogStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'simvue-wall-'));
  now = START;
  catalog = openCatalog(join(directory, 'catalog.db'), () => unixNano(now));
});
afterEach(async () => {
  await catalog.close();
  await rm(directory, { recursive: true });
});

/** Alerts over a catalogue that is real and a store of points that is empty. */
function openStream(): AlertStream {
  const stream = new AlertStream({
    alerts: catalog.alerts,
    states: catalog.alertStates,
    findRun: (id) => catalog.findRun(id),
    telemetry: { openRun: async () => [], points: async () => [] },
    arena: { block: () => expect.unreachable() },
    channels: { has: (name) => name === 'hook', forRuns: ['hook'] },
    unit: 'minutes',
    clock: () => now,
    onRunChanged: () => undefined,
    onMessages: () => undefined,
    onPosition: () => undefined,
    onError: (error) => expect.unreachable(String(error)),
  });
  return stream;
}

/** A run that started at some time, with an alert. */
async function createRun(
  startedAt: number,
  source: 'metrics' | 'run',
  rule: AlertRule,
): Promise<{ run: string; alert: string }> {
  const run = randomId();
  const change = { timeUnixNano: unixNano(startedAt), uid: 'a', instance: '' };
  await catalog.apply(run, [{ ...change, startedUnixNano: unixNano(startedAt), lifecycle: { status: 'running' } }]);
  const definition = {
    name: 'a',
    source,
    rule,
    description: null,
    notification: 'hook',
    enabled: true,
    abort: true,
    auto: false,
    runTags: [],
    delay: 0,
  };
  const { id } = await catalog.alerts.create(definition, { user: 'u', tenant: 'default' }, true);
  await catalog.alerts.attach(run, [id]);
  return { run, alert: id };
}

/** Lets wall time pass, a tick of the stream each second, and what was evaluated be written. */
async function pass(stream: AlertStream, milliseconds: number): Promise<void> {
  for (const until = now + milliseconds; now < until; ) {
    now += SECOND;
    stream.tick();
  }
  await sleep(5);
}
const NO_DATA: AlertRule = { rule: 'has no data', metric: 'loss', window: 1, frequency: 1 };
const minutesOf = (alert: string, run: string) =>
  catalog.alertStates
    .evaluations(alert, run)
    .map(({ timeUnixNano, verdict }) => [Number(timeUnixNano - unixNano(START)) / 1e6 / MINUTE, verdict]);

describe('wall time', () => {
  it('evaluates a live run that sends nothing five seconds past each tick, stops it and tells its channel once', async () => {
    const stream = openStream();
    const { run, alert } = await createRun(START, 'metrics', NO_DATA);
    await pass(stream, 64 * SECOND);
    expect(minutesOf(alert, run)).toEqual([]);
    await pass(stream, 2 * SECOND);
    expect(minutesOf(alert, run)).toEqual([[1, 'firing']]);
    expect(await catalog.alerts.status(alert, run)).toBe('critical');
    expect(await catalog.abortOf(run)).toEqual({ reason: 'alert "a" is critical', user: 'u' });
    await pass(stream, 3 * MINUTE);
    expect(minutesOf(alert, run).map(([minute]) => minute)).toEqual([4, 3, 2, 1]);
    expect(catalog.outbox.ofRun(run)).toMatchObject([{ channel: 'hook', state: 'firing', attempts: 0 }]);
  });

  it('means nothing to a run that is filled in later', async () => {
    const stream = openStream();
    const { run, alert } = await createRun(START - 60 * MINUTE, 'metrics', NO_DATA);
    await pass(stream, 10 * MINUTE);
    expect(minutesOf(alert, run)).toEqual([]);
  });

  it('means nothing for half a minute after a restart, and then goes on where it was', async () => {
    const first = openStream();
    const { run, alert } = await createRun(START, 'metrics', NO_DATA);
    await pass(first, 70 * SECOND);
    await first.close();
    now += 50 * SECOND;
    const second = openStream();
    await second.start();
    await pass(second, 29 * SECOND);
    expect(minutesOf(alert, run)).toHaveLength(1);
    await pass(second, 30 * SECOND);
    expect(minutesOf(alert, run).map(([minute]) => minute)).toEqual([2, 1]);
    expect(catalog.outbox.ofRun(run)).toHaveLength(1);
  });

  it('lets the last tick come five seconds after the end', async () => {
    const stream = openStream();
    const { run, alert } = await createRun(START, 'metrics', NO_DATA);
    await pass(stream, 90 * SECOND);
    await catalog.apply(run, [
      { timeUnixNano: unixNano(now), uid: 'b', instance: '', lifecycle: { status: 'completed' } },
    ]);
    stream.runChanged(run);
    await pass(stream, 4 * SECOND);
    expect(minutesOf(alert, run)).toHaveLength(1);
    await pass(stream, 2 * SECOND);
    expect(minutesOf(alert, run)).toEqual([
      [1.5, 'firing'],
      [1, 'firing'],
    ]);
  });
});

describe('the status of a run', () => {
  it('fires an alert when the run is lost, which is over when it lives again', async () => {
    const stream = openStream();
    const { run, alert } = await createRun(START, 'run', { status: 'lost' });
    stream.runChanged(run);
    await catalog.setLost(run);
    stream.runChanged(run);
    await sleep(5);
    expect(await catalog.alerts.status(alert, run)).toBe('critical');
    now += MINUTE;
    await catalog.recordSigns([{ runId: run, instance: '', timeUnixNano: unixNano(now) }]);
    stream.runChanged(run);
    await sleep(5);
    expect(await catalog.alerts.status(alert, run)).toBe('ok');
    expect(catalog.outbox.ofRun(run).map(({ state }) => state)).toEqual(['ok', 'firing']);
  });

  it.each([
    ['all', 'completed', 1],
    ['error', 'completed', 0],
    ['error', 'failed', 1],
    ['lost', 'failed', 0],
    ['none', 'failed', 0],
  ] as const)('with the setting %s is told when it is %s: %i message', async (notification, status, count) => {
    const stream = openStream();
    const run = randomId();
    const change = { timeUnixNano: unixNano(now), instance: '' };
    await catalog.apply(run, [{ ...change, uid: 'a', notification, lifecycle: { status } }]);
    stream.runChanged(run);
    stream.runChanged(run);
    expect(catalog.outbox.waiting('hook', 10)).toHaveLength(count);
  });

  it('forgets everything of a run that is deleted', async () => {
    const stream = openStream();
    const { run, alert } = await createRun(START, 'metrics', NO_DATA);
    await pass(stream, 66 * SECOND);
    await catalog.deleteRuns([run]);
    await pass(stream, 2 * MINUTE);
    expect(minutesOf(alert, run)).toEqual([]);
    expect(catalog.outbox.waiting('hook', 10)).toEqual([]);
    expect(stream.statistics.runs).toBe(0);
  });
});
