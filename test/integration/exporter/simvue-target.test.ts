import { setTimeout as sleep } from 'node:timers/promises';
import { Run } from 'simvue-otel';
import { expect, test } from 'vitest';
import type { RunView } from '../../../collector/api/contract/run.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { driveRestRun, restValue } from '../../support/rest-load.ts';
import { eventually, RestReader } from '../../support/rest-reader.ts';

const exportTo = (target: CollectorProcess) => ({ args: ['--export', `simvue=${target.url}/api`] });

/** The run at the target, once it is there and satisfies. */
async function forwarded(
  target: CollectorProcess,
  name: string,
  satisfies: (run: RunView) => boolean,
): Promise<RunView> {
  const find = async (): Promise<RunView | undefined> => {
    const { data } = await target.rest.runs({ filters: [`name == ${name}`] });
    return data[0] === undefined ? undefined : target.rest.run(data[0].id);
  };
  return (await eventually(find, (run) => run !== undefined && satisfies(run))) as RunView;
}

/** @returns its id. */
async function shortRun(url: string): Promise<string> {
  const run = new Run({ url, disableResourcesMetrics: true, suppressErrors: false });
  await run.init({ name: 'short' });
  run.logMetrics({ loss: 1 });
  await run.close();
  return run.id as string;
}

async function selfMetric(collector: { readonly url: string }, name: string): Promise<number> {
  const text = await (await fetch(`${collector.url}/metrics`)).text();
  return Number(new RegExp(`^simvue_collector_export_${name}\\{.*\\} (\\S+)$`, 'm').exec(text)?.[1]);
}

test('a run arrives at the target with its points, events, folder, tags, metadata, end, and what is edited later', async () => {
  await using target = await CollectorProcess.start();
  await using source = await CollectorProcess.start(exportTo(target));
  const run = new Run({ url: source.url, disableResourcesMetrics: true, suppressErrors: false });
  await run.init({ name: 'to be forwarded', folder: '/a/b', tags: ['x', 'y'], metadata: { lr: 0.1 }, totalSteps: 100 });
  for (let i = 0; i < 100; i++) run.logMetrics({ loss: 1 / (i + 1), 'p.mean': i });
  run.logEvent('half way');
  await run.close();

  const there = await forwarded(target, 'to be forwarded', ({ status }) => status === 'completed');
  // The end of a run and its points are requests of their own, whose order is nobody's.
  await expect.poll(() => selfMetric(source, 'sent_items_total'), { timeout: 20_000 }).toBe(201);
  const here = await source.rest.run(run.id as string);
  expect(there).toMatchObject({ folder: '/a/b', tags: ['x', 'y'], metadata: { lr: 0.1 }, total_steps: 100 });
  expect([there.started, there.endtime, there.system]).toEqual([here.started, here.endtime, here.system]);
  const values = (await target.rest.metricValues([there.id], ['loss', 'p.mean']))[there.id];
  expect(values?.['loss']).toEqual(Array.from({ length: 100 }, (_, i) => ({ step: i, value: 1 / (i + 1) })));
  expect(values?.['p.mean']).toHaveLength(100);
  expect((await target.rest.events(there.id)).data.map(({ message }) => message)).toEqual(['half way']);

  await fetch(`${source.url}/api/runs/${run.id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tags: ['z'], metadata: { verdict: 'good' }, folder: '/c' }),
  });
  const edited = await forwarded(target, 'to be forwarded', ({ tags }) => tags.includes('z'));
  expect(edited).toMatchObject({ status: 'completed', folder: '/c', metadata: { lr: 0.1, verdict: 'good' } });
  expect(await selfMetric(source, 'failures')).toBe(0);
});

test('of a queue that is full the oldest goes, counted, while what is received is stored here', async () => {
  await using source = await TestCollector.start({
    exports: [{ url: 'http://127.0.0.1:9', token: 'secret', tokenFile: undefined, deletions: false }],
    maxExportQueueBytes: 0,
  });
  const [first, second] = [await shortRun(source.url), await shortRun(source.url)];
  await expect.poll(() => selfMetric(source, 'failures')).toBeGreaterThan(0);
  const third = await shortRun(source.url);
  await expect.poll(() => selfMetric(source, 'dropped_records_total')).toBeGreaterThan(0);
  await expect.poll(() => selfMetric(source, 'queue_records')).toBe(0);
  const rest = new RestReader(source.url);
  for (const id of [first, second, third]) expect((await rest.run(id)).metrics['loss']?.count).toBe(1);
});

test('kill -9 of the forwarding collector, and a target that is down meanwhile, lose and double nothing', async () => {
  await using target = await CollectorProcess.start();
  await using source = await CollectorProcess.start(exportTo(target));
  let isOver = false;
  let rounds = 0;
  const drive = () =>
    driveRestRun(
      source.url,
      () => isOver,
      () => rounds++,
    );
  const driving = Promise.all([drive(), drive(), drive()]);
  const furtherRounds = async (count: number): Promise<void> => {
    const before = rounds;
    await expect.poll(() => rounds, { timeout: 20_000 }).toBeGreaterThan(before + count);
  };
  await furtherRounds(3);
  await target.kill();
  await expect.poll(() => selfMetric(source, 'failures')).toBeGreaterThan(0);
  await furtherRounds(3);
  await source.kill();
  await source.restart();
  await furtherRounds(3);
  await target.restart();
  await sleep(Math.random() * 300);
  await source.kill();
  await source.restart();
  isOver = true;
  const runs = await driving;
  await eventually(
    () => selfMetric(source, 'queue_records'),
    (records) => records === 0,
  );

  expect((await target.rest.runs()).count).toBe(runs.length);
  for (const { id, steps, round } of runs) {
    const { name } = await source.rest.run(id);
    const there = await forwarded(target, name, ({ metadata }) => metadata['round'] === round);
    const values = (await target.rest.metricValues([there.id], ['loss']))[there.id];
    expect(values?.['loss']).toEqual(
      Array.from({ length: steps }, (_, i) => ({ step: i, value: restValue('loss', i) })),
    );
    const { data } = await target.rest.events(there.id);
    expect(data.map(({ message }) => message)).toEqual(Array.from({ length: steps }, (_, i) => `step ${i}`));
  }
}, 60_000);
