import { fileURLToPath } from 'node:url';
import { Run } from 'simvue-otel';
import { expect, test } from 'vitest';
import { TestProcess } from '../../support/child-process.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { startSync, temporarySpool } from '../../support/journal-end.ts';
import { eventually, RestReader } from '../../support/rest-reader.ts';

const quiet = { suppressErrors: false, disableResourcesMetrics: true } as const;

test('a created run is taken up by its name, and is the same run (B21)', async () => {
  await using collector = await TestCollector.start();
  const rest = new RestReader(collector.url);
  const first = new Run({ url: collector.url, ...quiet });
  await first.init({ name: 'waiting', folder: '/jobs', running: false, tags: ['q'] });
  await expect(first.saveObject(1, 'output', { name: 'early' })).rejects.toThrow('output needs a run that is running');
  expect(first.logEvent('submitted')).toBe(true);
  await first.close();
  expect(await rest.run(String(first.id))).toMatchObject({ status: 'created', started: null, tags: ['q'] });

  const second = new Run({ url: collector.url, ...quiet });
  expect(await second.reconnect('waiting')).toBe(true);
  expect([second.id, second.name, second.folder, second.status]).toEqual([first.id, 'waiting', '/jobs', 'running']);
  second.logMetrics({ x: 1 });
  await second.close();
  expect(await rest.run(String(first.id))).toMatchObject({ status: 'completed', tags: ['q'] });
});

test('a name that two created runs have is refused with their ids; one that no run has, too (K8)', async () => {
  await using collector = await TestCollector.start();
  const ids = await Promise.all(
    ['twin', 'twin'].map(async (name) => {
      const { json } = await collector.ask('POST', '/runs', { name, folder: '/', status: 'created' });
      return json.id as string;
    }),
  );
  const run = new Run({ url: collector.url, ...quiet });
  await expect(run.reconnect('twin')).rejects.toThrow(new RegExp(ids.toSorted().join('|')));
  await expect(run.reconnect('nobody')).rejects.toMatchObject({ code: 'SIMVUE_ERR_NOT_FOUND' });
  expect(await run.reconnect(ids[0] ?? '')).toBe(true);
  await run.close();
});

test('the next attempt of a run that was asked to stop is not', async () => {
  await using collector = await TestCollector.start();
  const before = new Run({ url: collector.url, ...quiet });
  await before.init({ id: 'case-8', name: 'case 8' });
  const path = `/runs/${before.id}/abort`;
  await eventually(
    () => collector.ask('PUT', path, { reason: 'diverges' }),
    ({ status }) => status === 200,
  );
  before.setStatus('terminated');
  await before.close();
  expect((await collector.ask('GET', path)).json.status).toBe(true);
  const after = new Run({ url: collector.url, ...quiet });
  expect(await after.reconnect('case-8')).toBe(true);
  const asked = async () => (await collector.ask('GET', path)).json.status;
  expect(await eventually(asked, (status) => !status)).toBe(false);
  await after.close();
});

test('a restart from a checkpoint is another attempt of the run, whose steps go on from there', async () => {
  await using collector = await TestCollector.start();
  const rest = new RestReader(collector.url);
  const before = new Run({ url: collector.url, ...quiet });
  await before.init({ id: 'case-7', name: 'case 7' });
  for (let step = 0; step < 5; step++) before.logMetrics({ x: step });
  before.setStatus('failed');
  await before.close();

  const after = new Run({ url: collector.url, ...quiet });
  expect(await after.reconnect('case-7', { firstStep: 3 })).toBe(true);
  expect(after.nextStep).toBe(3);
  expect(after.duration).toBeGreaterThan(0);
  expect(after.duration).toBeLessThan(60);
  after.logMetrics({ x: 30 });
  expect(after.nextStep).toBe(4);
  await after.close();
  const run = await rest.run(String(after.id));
  expect(run).toMatchObject({ status: 'completed', attempt: 2, name: 'case 7' });
  const values = (await rest.metricValues([run.id], ['x']))[run.id]?.['x'] ?? [];
  expect(values.map(({ step }) => step)).toEqual([0, 1, 2, 3, 3, 4]);
});

test.concurrent('an abort reaches the program: callback, programs ended, run terminated; nothing is recorded afterwards', async () => {
  await using collector = await TestCollector.start();
  const rest = new RestReader(collector.url);
  const reasons: string[] = [];
  const onAbort = (reason: string) => void reasons.push(reason);
  const run = new Run({ url: collector.url, disableResourcesMetrics: true, abortOnAlert: 'run', onAbort });
  await run.init();
  const sleeping = run.addProcess('sleeper', { executable: 'sleep', args: ['60'] });
  await eventually(
    () => collector.ask('GET', `/runs/${run.id}`),
    ({ status }) => status === 200,
  );
  await collector.ask('PUT', `/runs/${run.id}/abort`, { reason: 'diverges' });
  await eventually(
    async () => run.status,
    (status) => status === 'terminated',
  );
  await sleeping;
  await run.close();
  expect(reasons).toEqual(['diverges']);
  expect(run.logMetrics({ x: 1 })).toBe(false);
  expect((await rest.run(String(run.id))).status).toBe('terminated');
  const { data } = await rest.events(String(run.id));
  expect(data.map(({ message }) => message)).toContain('Aborted: diverges');
}, 30_000);

test.concurrent('a run tells where it comes from, and what the program says about it has precedence', async () => {
  await using collector = await TestCollector.start();
  const run = new Run({ url: collector.url, ...quiet, disableProvenance: false });
  await run.init({ metadata: { git: { dirty: 'unknown' } } });
  await run.close();
  const { system, metadata } = await new RestReader(collector.url).run(String(run.id));
  expect(metadata['git.dirty']).toBe('unknown');
  expect(metadata).toMatchObject({
    'lock.file': 'package-lock.json',
  });
  expect(system).toMatchObject({
    'host.cpu.model.name': expect.any(String),
    'process.runtime.name': 'nodejs',
    'process.command_args': expect.any(Array),
  });
});

test.concurrent('an alert that is to abort ends the program with SIGTERM, its run terminated', async () => {
  await using collector = await TestCollector.start();
  const program = new TestProcess(
    process.execPath,
    [fileURLToPath(new URL('./programs/diverging.mjs', import.meta.url))],
    { SIMVUE_URL: collector.url },
  );
  const { code, signal, stdout } = await program.exited;
  expect([code, signal, stdout.trim()]).toEqual([null, 'SIGTERM', 'saving']);
  const [run] = (await new RestReader(collector.url).runs()).data;
  expect(run).toMatchObject({ name: 'diverging', status: 'terminated' });
}, 40_000);

test.concurrent.each([
  ['top-level await of nothing', 13, ['before the end', expect.stringContaining('never settles')]],
  ['exit code 5 by a listener of exit', 5, ['before the end']],
])('a program that ends without a word is judged by its last exit code: %s', async (way, exitCode, messages) => {
  await using collector = await TestCollector.start();
  await using spool = await temporarySpool();
  const id = `ends-with-${exitCode}`.padEnd(22, '0').replaceAll('-', '0');
  const environment = { SIMVUE_URL: collector.url, SIMVUE_OFFLINE_DIRECTORY: spool.path, RUN_ID: id };
  const program = fileURLToPath(new URL('./programs/ends.mjs', import.meta.url));
  expect((await new TestProcess(process.execPath, [program, way], environment).exited).code).toBe(exitCode);
  // What a slow machine did not send at the very end.
  await startSync([spool.path], environment).exited;
  const rest = new RestReader(collector.url);
  expect(await rest.run(id)).toMatchObject({ status: 'failed' });
  expect((await rest.events(id)).data.map(({ message }) => message)).toEqual(messages);
  expect((await rest.metricValues([id], ['x']))[id]?.['x']).toHaveLength(500);
});
