import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Run } from 'simvue-otel';
import { expect, test } from 'vitest';
import type { RunView } from '../../../collector/api/contract/run.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { FaultyProxy } from '../../support/faulty-proxy.ts';
import { eventually, RestReader } from '../../support/rest-reader.ts';

interface Stored {
  readonly name: string;
  readonly category: string;
  readonly uploaded: boolean;
  readonly checksum: string;
  readonly mime_type: string;
  readonly url: string;
}

const WAIT_MILLIS = 40_000;
const exportTo = (url: string, deletions = false) => ({
  exports: [{ url, token: undefined, tokenFile: undefined, deletions }],
});

async function startRun(url: string, name: string): Promise<Run> {
  const run = new Run({ url, disableResourcesMetrics: true, suppressErrors: false, disableProvenance: true });
  await run.init({ name, visibility: 'public' });
  return run;
}

async function metricsOf(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** Nothing waits to be forwarded any more. */
async function drained(url: string): Promise<void> {
  const done = (text: string) =>
    /export_waiting_runs\{.*\} 0$/m.test(text) && /export_queue_records\{.*\} 0$/m.test(text);
  await eventually(() => metricsOf(url), done, WAIT_MILLIS);
}

/** The run at the target, once it has ended. */
async function forwarded(rest: RestReader, name: string): Promise<RunView> {
  const filters = [`name == ${name}`, 'status == completed'];
  const { data } = await eventually(
    () => rest.runs({ filters }),
    ({ count }) => count > 0,
    WAIT_MILLIS,
  );
  expect(data).toHaveLength(1);
  return rest.run(data[0]?.id as string);
}

async function artifactsOf(rest: RestReader, runId: string): Promise<readonly Stored[]> {
  return rest.get<Stored[]>(`/runs/${runId}/artifacts`);
}

async function digestOf(url: string): Promise<string> {
  return createHash('sha256')
    .update(Buffer.from(await (await fetch(url)).arrayBuffer()))
    .digest('hex');
}

test('artifacts, alerts with their states, arrays on their grids and visibility arrive at the target, and what changes later', async () => {
  await using target = await TestCollector.start();
  await using source = await TestCollector.start(exportTo(target.url));
  const run = await startRun(source.url, 'whole');
  run.addAlert({ name: 'hot', rule: 'is above', metric: 'loss', threshold: 1e6 });
  run.createUserAlert({ name: 'mesh', description: 'checked by eye' });
  run.logAlert('mesh', 'critical');
  await run.assignMetricToGrid('field', 'beam', [[0, 1, 2]], ['x']);
  for (let i = 0; i < 40; i++) run.logMetrics({ loss: i, field: [i, i + 0.5, Number.NaN] });
  await run.saveObject(new Float64Array([1, 2, 3]), 'output', { name: 'residuals', metadata: { unit: 'Pa' } });
  await run.saveObject('', 'input', { name: 'empty' });
  expect(await run.close()).toBe(true);
  await drained(source.url);

  const rest = new RestReader(target.url);
  const there = await forwarded(rest, 'whole');
  expect(there.visibility).toEqual({ users: [], tenant: false, public: true });
  const alerts = there.alerts.map(({ alert, status }) => [alert.name, alert.source, alert.notification, status]);
  expect(alerts).toEqual([
    ['hot', 'user', 'none', null],
    ['mesh', 'user', 'none', 'critical'],
  ]);
  expect(there.alerts[0]?.alert.description).toContain('"rule":"is above"');
  const artifacts = await artifactsOf(rest, there.id);
  expect(artifacts.map(({ name, category, uploaded }) => [name, category, uploaded]).sort()).toEqual([
    ['empty', 'input', true],
    ['residuals', 'output', true],
  ]);
  for (const { url, checksum } of artifacts) expect(await digestOf(url)).toBe(checksum);
  expect(await rest.get(`/runs/${there.id}/grids`)).toMatchObject([{ name: 'beam', metric: 'field' }]);
  expect(await rest.get(`/runs/${there.id}/metrics/field/steps`)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(await rest.get(`/runs/${there.id}/metrics/field/values`, { step: '7' })).toMatchObject({
    array: [7, 7.5, 'NaN'],
  });

  const [mesh] = (await source.ask('GET', '/alerts')).json.data.filter(
    (alert: { name: string }) => alert.name === 'mesh',
  );
  await source.ask('PUT', `/alerts/${mesh.id}/status/${run.id}`, { status: 'ok' });
  await source.ask('PUT', `/runs/${run.id}`, { visibility: { users: ['somebody'], tenant: false, public: false } });
  const changed = await eventually(
    () => rest.run(there.id),
    ({ alerts, visibility }) => alerts[1]?.status === 'ok' && !visibility.public,
  );
  expect(changed.visibility.users).toEqual([]);
});

test('what is said of folders of the runs, and of those above them, arrives at the target, and what changes later', async () => {
  await using target = await TestCollector.start();
  await using source = await TestCollector.start(exportTo(target.url));
  const folderOf = async (collector: TestCollector, path: string) => {
    const query = new URLSearchParams({ filters: JSON.stringify([`path == ${path}`]), start: '0', count: '1' });
    return (await collector.ask('GET', `/folders?${query}`)).json.data[0];
  };
  const said = (path: string) =>
    eventually(
      () => folderOf(target, path),
      (folder) => folder?.tags.length > 0,
      WAIT_MILLIS,
    );
  const change = async (path: string, details: unknown) => {
    const { id } = await folderOf(source, path);
    expect((await source.ask('PUT', `/folders/${id}`, details)).status).toBe(200);
  };
  await source.ask('POST', '/folders', { path: '/lab' });
  await source.ask('POST', '/folders', { path: '/other' });
  await change('/lab', { tags: ['physics'], description: 'of the second floor' });
  await change('/other', { tags: ['of no run'] });
  const run = new Run({ url: source.url, disableResourcesMetrics: true, suppressErrors: false });
  await run.init({ name: 'in a folder', folder: '/lab/heat' });
  run.setFolderDetails({ metadata: { mesh: { cells: 4 }, solver: 'cg' }, tags: ['a', 'b'], description: 'plates' });
  expect(await run.close()).toBe(true);
  const heat = { metadata: { 'mesh.cells': 4, solver: 'cg' }, tags: ['a', 'b'], description: 'plates' };
  expect(await said('/lab/heat')).toMatchObject(heat);
  expect(await said('/lab')).toMatchObject({ tags: ['physics'], description: 'of the second floor' });

  await source.reopen();
  await change('/lab/heat', { tags: ['c'], metadata: { solver: 'gmres' } });
  const later = await eventually(
    () => folderOf(target, '/lab/heat'),
    ({ tags }) => tags.includes('c'),
    WAIT_MILLIS,
  );
  expect(later).toMatchObject({ tags: ['c'], metadata: { 'mesh.cells': 4, solver: 'gmres' }, description: 'plates' });
  expect(await folderOf(target, '/other')).toBeUndefined();
  await eventually(
    () => metricsOf(source.url),
    (text) => /export_waiting_folders\{.*\} 0$/m.test(text),
  );
});

test('kill -9 of both collectors while all of it is on its way loses nothing and doubles nothing', async () => {
  await using target = await CollectorProcess.start();
  await using way = await FaultyProxy.start(target.url, 'down');
  await using source = await CollectorProcess.start({ args: ['--export', `simvue=${way.url}`] });
  const run = await startRun(source.url, 'killed');
  const digests = new Map<string, string>();
  for (let i = 0; i < 24; i++) {
    const bytes = Buffer.alloc(i * 40_000, `artifact ${i} `);
    digests.set(`artifact ${i}`, createHash('sha256').update(bytes).digest('hex'));
    void run.saveObject(bytes, 'output', { name: `artifact ${i}` });
    run.createUserAlert({ name: `alert ${i}` });
    run.logAlert(`alert ${i}`, i % 2 === 0 ? 'ok' : 'critical');
    for (let k = 0; k < 10; k++) run.logMetrics({ loss: i, field: [i, k] });
  }
  expect(await run.close({ timeoutMs: 60_000 })).toBe(true);
  way.condition = 'up';
  await sleep(Math.random() * 500);
  await source.kill();
  await source.restart();
  await sleep(Math.random() * 500);
  await target.kill();
  await source.kill();
  await Promise.all([target.restart(), source.restart()]);
  await drained(source.url);

  const there = await forwarded(target.rest, 'killed');
  const artifacts = await artifactsOf(target.rest, there.id);
  expect(Object.fromEntries(artifacts.map(({ name, checksum }) => [name, checksum]))).toEqual(
    Object.fromEntries(digests),
  );
  expect(artifacts).toHaveLength(24);
  for (const { url, checksum } of artifacts) expect(await digestOf(url)).toBe(checksum);
  expect(there.alerts.map(({ alert, status }) => [alert.name, status])).toEqual(
    Array.from({ length: 24 }, (_, i) => [`alert ${i}`, i % 2 === 0 ? 'ok' : 'critical']),
  );
  expect(there.metrics['loss']?.count).toBe(240);
  expect(there.metrics['field']?.count).toBe(240);
  expect((await target.rest.get<{ count: number }>('/alerts')).count).toBe(24);
}, 120_000);

test('what the target refuses is counted once, and holds up nothing else', async () => {
  await using target = await TestCollector.start({ maxArtifactBytes: 1000 });
  await using source = await TestCollector.start(exportTo(target.url));
  const run = await startRun(source.url, 'refused');
  await run.saveObject(Buffer.alloc(2000), 'output', { name: 'large' });
  await run.saveObject('small', 'output', { name: 'small' });
  await run.close();
  await drained(source.url);
  const rest = new RestReader(target.url);
  const { id } = await forwarded(rest, 'refused');
  expect((await artifactsOf(rest, id)).map(({ name }) => name)).toEqual(['small']);
  expect(await metricsOf(source.url)).toMatch(
    /export_refused_items_total\{.*reason="artifact: SIMVUE_ERR_TOO_LARGE".*\} 1$/m,
  );
});

test('content that the disk has damaged since it was received does not become the record elsewhere', async () => {
  await using target = await TestCollector.start();
  await using way = await FaultyProxy.start(target.url, 'down');
  await using source = await TestCollector.start(exportTo(way.url));
  const run = await startRun(source.url, 'damaged');
  await run.saveObject('what was received', 'output', { name: 'damaged' });
  await run.saveObject('sound', 'output', { name: 'sound' });
  await run.close();
  const held: { id: string; name: string }[] = (await source.ask('GET', `/runs/${run.id}/artifacts`)).json;
  const id = held.find(({ name }) => name === 'damaged')?.id ?? '';
  await writeFile(join(source.dataDirectory, 'artifacts', id.slice(0, 2), id.slice(2)), 'WHAT was received');
  way.condition = 'up';
  await drained(source.url);
  const rest = new RestReader(target.url);
  const there = await forwarded(rest, 'damaged');
  const artifacts = await artifactsOf(rest, there.id);
  expect(artifacts.map(({ name }) => name)).toEqual(['sound']);
  expect(await metricsOf(source.url)).toMatch(/reason="artifact: SIMVUE_ERR_\w+".*\} 1$/m);
});

test.each([true, false])('with deletions=yes a run that is deleted here is deleted there: %s', async (deletions) => {
  await using target = await TestCollector.start();
  await using source = await TestCollector.start(exportTo(target.url, deletions));
  const [kept, gone] = [await startRun(source.url, 'kept'), await startRun(source.url, 'gone')];
  for (const run of [kept, gone]) await run.close();
  const rest = new RestReader(target.url);
  for (const name of ['kept', 'gone']) await forwarded(rest, name);
  await drained(source.url);
  await source.ask('DELETE', `/runs/${gone.id}`);
  if (deletions) {
    const list = await eventually(
      () => rest.runs(),
      ({ count }) => count === 1,
      WAIT_MILLIS,
    );
    expect(list.data.map(({ name }) => name)).toEqual(['kept']);
    return;
  }
  const last = await startRun(source.url, 'last');
  await last.close();
  await forwarded(rest, 'last');
  expect((await rest.runs()).count).toBe(3);
});
