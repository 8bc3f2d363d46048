import { createHash, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { Run } from 'simvue-otel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CollectorProcess } from '../../support/collector-process.ts';
import { FaultyProxy } from '../../support/faulty-proxy.ts';
import { expectEachPointOnce, runNumbered, startSync, temporarySpool } from '../../support/journal-end.ts';
import { eventually } from '../../support/rest-reader.ts';

interface AlertOfRun {
  readonly status: string | null;
  readonly alert: { readonly id: string; readonly name: string; readonly alert: unknown };
}

let collector: CollectorProcess;
beforeAll(async () => {
  collector = await CollectorProcess.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

test.concurrent.each([
  [{}, 180],
  [{ timeout: 20 }, 20],
  [{ timeout: null }, null],
])(
  "with transport: 'simvue' a run that is started with %j is lost after %j seconds without a sign of life",
  async (options, seconds) => {
    const id = randomUUID();
    await using run = new Run({ transport: 'simvue', url: collector.url, suppressErrors: false, journal: 'memory' });
    await run.init({ id, ...options });
    const { data } = await eventually(
      () => runsBehind(id),
      ({ count }) => count === 1,
    );
    expect(data).toMatchObject([{ status: 'running', heartbeat_timeout: seconds }]);
  },
);

test.concurrent("with transport: 'simvue' metadata given as null at init is null at the server", async () => {
  const id = randomUUID();
  await using run = new Run({ transport: 'simvue', url: collector.url, suppressErrors: false, journal: 'memory' });
  await run.init({ id, metadata: { none: null, one: 1, nested: { none: null } } });
  const { data } = await eventually(
    () => runsBehind(id),
    ({ count }) => count === 1,
  );
  const { metadata } = await collector.rest.run(data[0]?.id ?? '');
  expect(metadata).toMatchObject({ none: null, one: 1, 'nested.none': null });
});

test.concurrent("with transport: 'simvue' artifacts are stored and the abort of the run at the server is heard", async () => {
  await using spool = await temporarySpool();
  const id = randomUUID();
  const reasons: string[] = [];
  const config = { transport: 'simvue', url: collector.url, spoolDirectory: spool.path, abortOnAlert: 'run' } as const;
  const run = new Run({ ...config, suppressErrors: false, onAbort: (reason) => void reasons.push(reason) });
  await run.init({ id });
  expect(await run.saveObject({ a: 1 }, 'output', { name: 'state' })).toBe(true);
  const { data } = await eventually(
    () => runsBehind(id),
    ({ count }) => count === 1,
  );
  const path = `/api/runs/${data[0]?.id}`;
  expect(await collector.rest.get(`/runs/${data[0]?.id}/artifacts`)).toMatchObject([{ name: 'state' }]);
  const abort = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"reason":"enough"}' };
  expect((await fetch(`${collector.url}${path}/abort`, abort)).status).toBe(200);
  await eventually(
    async () => reasons,
    ({ length }) => length > 0,
  );
  expect(reasons).toEqual([expect.stringContaining('enough')]);
  await run.close();
});

test.concurrent("with transport: 'simvue' alerts are defined at the server, once for all runs, and hear their state from the program", async () => {
  const config = { transport: 'simvue', url: collector.url, journal: 'memory', disableResourcesMetrics: true } as const;
  const alertsOf = async (id: string) => {
    const { data } = await runsBehind(id);
    return (await collector.rest.run(data[0]?.id ?? '')).alerts as unknown as AlertOfRun[];
  };
  const ids: string[][] = [];
  for (const id of [randomUUID(), randomUUID()]) {
    const run = new Run({ ...config, suppressErrors: false });
    await run.init({ id });
    run.addAlert({ name: 'too high', rule: 'is above', metric: 'x', threshold: 0, frequency: 2, triggerAbort: true });
    run.addAlert({ name: 'odd', rule: 'is outside range', metric: 'x', rangeLow: 0, rangeHigh: 1, aggregation: 'all' });
    run.addAlert({ name: 'silent', rule: 'has no data', metric: 'x', delay: 5 });
    run.createEventAlert({ name: 'diverged', pattern: 'nan$', patternType: 'regex', window: 3 });
    run.createUserAlert({ name: 'mesh', description: 'too coarse' });
    run.logAlert('mesh', 'critical');
    run.addAlert({ name: 'mine', source: 'run', rule: 'failed' });
    expect(await run.close()).toBe(true);
    const alerts = await alertsOf(id);
    const named = new Map(alerts.map(({ alert, status }) => [alert.name, { ...alert, status }]));
    expect([...named.keys()].sort()).toEqual(['diverged', 'mesh', 'mine', 'odd', 'silent', 'too high']);
    expect(named.get('too high')).toMatchObject({
      source: 'metrics',
      abort: true,
      alert: { rule: 'is above', metric: 'x', threshold: 0, frequency: 2, window: 2, aggregation: 'average' },
    });
    expect(named.get('odd')?.alert).toMatchObject({ range_low: 0, range_high: 1, aggregation: 'all' });
    expect(named.get('silent')).toMatchObject({ delay: 5, alert: { rule: 'has no data' } });
    expect(named.get('diverged')?.alert).toMatchObject({ pattern: 'nan$', pattern_type: 'regex', window: 3 });
    expect(named.get('mesh')).toMatchObject({ source: 'user', description: 'too coarse', status: 'critical' });
    expect(named.get('mine')).toMatchObject({ source: 'run', alert: { status: 'failed' } });
    ids.push(alerts.map(({ alert }) => alert.id).sort());
  }
  expect(ids[1]).toEqual(ids[0]);
});

test.concurrent("with transport: 'simvue' alerts of every source, their states and the visibility arrive", async () => {
  await using spool = await temporarySpool();
  const id = randomUUID();
  const run = new Run({ transport: 'simvue', url: collector.url, spoolDirectory: spool.path, suppressErrors: false });
  await run.init({ id, visibility: 'public' });
  run.addAlert({ name: 'high', rule: 'is above', metric: 'loss', threshold: 1, notification: 'email' });
  run.addAlert({ name: 'high', rule: 'is above', metric: 'loss', threshold: 2, window: 3, triggerAbort: true });
  run.createMetricRangeAlert({ name: 'range', metric: 'q', rule: 'is inside range', rangeLow: 0, rangeHigh: 1 });
  run.createEventAlert({ name: 'fatal', pattern: 'FATAL', patternType: 'regex', frequency: 2 });
  run.addAlert({ name: 'silent', rule: 'has no data', metric: 'loss' });
  run.addAlert({ name: 'gone', source: 'run', rule: 'lost' });
  run.createUserAlert({ name: 'mesh' });
  run.logAlert('mesh', 'critical');
  run.logAlert('nobody', 'critical');
  expect(await run.close({ timeoutMs: 40_000 })).toBe(true);
  expect(run.counters).toMatchObject({ rejected: 1 });
  const { data } = await runsBehind(id);
  const { alerts, visibility } = (await collector.rest.get(`/runs/${data[0]?.id}`)) as {
    alerts: readonly { status: unknown; alert: { name: string; alert: unknown; abort: boolean } }[];
    visibility: unknown;
  };
  expect(visibility).toEqual({ public: true, tenant: false, users: [] });
  const window = { window: 1, frequency: 1 };
  expect(alerts.map(({ alert }) => [alert.name, alert.alert, alert.abort])).toEqual([
    ['high', expect.objectContaining({ threshold: 2, window: 3, frequency: 1, aggregation: 'average' }), true],
    ['range', expect.objectContaining({ range_low: 0, range_high: 1, ...window }), false],
    ['fatal', { pattern: 'FATAL', pattern_type: 'regex', frequency: 2 }, false],
    ['silent', { rule: 'has no data', metric: 'loss', ...window }, false],
    ['gone', { status: 'lost' }, false],
    ['mesh', null, false],
  ]);
  expect(alerts.at(-1)).toMatchObject({ status: 'critical' });
});

test.concurrent("with transport: 'simvue' an artifact that waits in the journal is sent by simvue sync", async () => {
  await using spool = await temporarySpool();
  await using proxy = await FaultyProxy.start(collector.url, 'down');
  const id = randomUUID();
  const run = new Run({ transport: 'simvue', url: proxy.url, spoolDirectory: spool.path });
  await run.init({ id });
  void run.saveObject({ a: 1 }, 'output', { name: 'state' });
  expect(await run.close({ timeoutMs: 500 })).toBe(false);
  proxy.condition = 'up';
  const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: proxy.url };
  await eventually(
    () => startSync([], environment).exited,
    ({ code }) => code === 0,
    40_000,
  );
  const { data } = await runsBehind(id);
  expect(data).toMatchObject([{ status: 'completed' }]);
  expect(await collector.rest.get(`/runs/${data[0]?.id}/artifacts`)).toMatchObject([{ name: 'state' }]);
});

/** Runs at the server that stand for one of ours. */
function runsBehind(id: string) {
  const key = createHash('sha256').update(id).digest('hex').slice(0, 32);
  return collector.rest.runs({ filters: [`metadata.otel_run_key == ${key}`] });
}

describe.concurrent("the journal of a run with transport: 'simvue'", () => {
  test.each([
    // Nobody tells of a killed program's end: the server notices after a while.
    ['SIGKILL', 'up', ['running', 'lost']],
    ['SIGKILL', 'down', ['running', 'lost']],
    ['throw', 'down', ['failed']],
  ] as const)(
    'after %s with the server %s has what is left; sync brings each point once, and the status is %s',
    async (way, condition, statuses) => {
      await using spool = await temporarySpool();
      await using proxy = await FaultyProxy.start(collector.url, condition);
      const id = randomUUID();
      const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: proxy.url };
      const config = { RUN_ID: id, RUN_TIMEOUT: '600', RUN_CONFIG: JSON.stringify({ transport: 'simvue' }) };
      await runNumbered(way, { ...environment, ...config });
      proxy.condition = 'up';
      // A slow machine may not answer the first one in time.
      const sync = () => startSync([], environment).exited;
      await eventually(sync, ({ code }) => code === 0, 40_000);
      expect(await sync()).toMatchObject({ code: 0 });
      expect(readdirSync(spool.path)).toEqual([]);
      const { data } = await runsBehind(id);
      expect(data).toMatchObject([{ name: 'numbered', status: expect.toBeOneOf([...statuses]) }]);
      await expectEachPointOnce(collector.rest, data[0]?.id ?? '');
    },
  );
});
