import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Run } from 'simvue-otel';
import { exportRunLog, getTrackerContext, importRunLog, trackEnvironment, trackThis } from 'simvue-otel/magnus';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';
import { inRepository } from '../../support/repository.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

const fixture = (name: string) => readFile(inRepository('test/fixtures/magnus', `${name}.json`), 'utf8');
const connect = () => ({ url: collector.url });

async function trackedRun(work: (run: Run) => void | Promise<void>): Promise<string> {
  const run = new Run({ ...connect(), suppressErrors: false, disableResourcesMetrics: true });
  await run.init({ name: 'tracked', folder: '/experiment' });
  await work(run);
  await run.close();
  return String(run.id);
}

async function metricsIn(runId: string): Promise<unknown> {
  return (await exportRunLog(runId, connect())).steps['tracked']?.user_defined_metrics;
}

test("the seed's program: values by step, numbers as metrics, everything else as metadata and in the run log", async () => {
  const id = await trackedRun((run) => {
    using _context = getTrackerContext(run);
    trackThis({ spam: 'hello', eggs: { ham: 'world' }, answer: 42.0, is_it_true: false });
    trackThis({ spam: 'hey', eggs: { ham: 'universe' } }, { step: 1 });
  });
  expect(await metricsIn(id)).toEqual({
    spam: { 0: 'hello', 1: 'hey' },
    eggs: { 0: { ham: 'world' }, 1: { ham: 'universe' } },
    answer: 42,
    is_it_true: false,
  });
  const { metadata, metrics } = (await collector.ask('GET', `/runs/${id}`)).json;
  expect(metadata).toMatchObject({
    spam: 'hello',
    spam_1: 'hey',
    'eggs.ham': 'world',
    'eggs_1.ham': 'universe',
    is_it_true: false,
  });
  expect(Object.keys(metrics)).toEqual(['answer']);
});

test('variables of the environment are tracked as the API tracks, steps from their suffix', async () => {
  const id = await trackedRun((run) => {
    trackEnvironment(run, {
      MAGNUS_TRACK_spam_STEP_0: 'hello',
      MAGNUS_TRACK_spam_STEP_1: 'hey',
      SIMVUE_TRACK_ANSWER_STEP_3: '42.0',
      MAGNUS_TRACK_eggs: '{"ham": "world"}',
      MAGNUS_TRACK_flag: 'true',
      MAGNUS_TRACK_loss: 'NaN',
    });
  });
  expect(await metricsIn(id)).toEqual({
    spam: { 0: 'hello', 1: 'hey' },
    answer: { 3: 42 },
    eggs: { ham: 'world' },
    flag: 'true',
    loss: Number.NaN,
  });
});

test('objects are tracked as what toJSON says; what JSON cannot hold is refused', async () => {
  await trackedRun((run) => {
    trackThis({ model: { toJSON: () => ({ learningRate: 0.1 }) }, big: 12n, when: new Date(0) }, { run });
    expect(() => trackThis({ f: () => undefined }, { run })).toThrow('"f" is of type function');
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(() => trackThis({ cycle }, { run })).toThrow('cannot be tracked');
  }).then(async (id) =>
    expect(await metricsIn(id)).toEqual({ model: { learningRate: 0.1 }, big: 12, when: '1970-01-01T00:00:00.000Z' }),
  );
});

test('a context is that of its block; without one trackThis says what to do', async () => {
  using _none = getTrackerContext();
  expect(() => trackThis({ a: 1 })).toThrow('--import simvue-otel/register');
});

test('values of a run that fails are kept', async () => {
  const id = await trackedRun((run) => {
    trackThis({ answer: 42 }, { run });
    run.setStatus('failed');
  });
  const log = await exportRunLog(id, connect());
  expect(log).toMatchObject({ status: 'FAIL', tag: 'experiment' });
  expect(log.steps['tracked']).toMatchObject({
    status: 'FAIL',
    step_type: 'task',
    user_defined_metrics: { answer: 42 },
    attempts: [{ attempt_number: 1, status: 'FAIL', duration: expect.stringMatching(/^0:00:0\d\.\d{6}$/) }],
  });
});

test.each(['blazing-colden-0544', 'syrupy-jang-1528'])(
  "the seed's run log %s is imported and exported again without loss, once",
  async (name) => {
    const text = await fixture(name);
    expect(await importRunLog(text, connect())).toBe(name);
    expect(await exportRunLog(name, connect())).toEqual(JSON.parse(text));
    await expect(importRunLog(text, connect())).rejects.toMatchObject({ code: 'SIMVUE_ERR_CONFLICT' });
    const run = (await collector.ask('GET', `/runs/${name}`)).json;
    const first = Object.values(JSON.parse(text).steps as Record<string, { attempts: { start_time: string }[] }>)[0];
    expect(run).toMatchObject({ name, status: 'completed', folder: '/', external_id: name });
    expect(run.started).toBe(first?.attempts[0]?.start_time.replace(' ', 'T'));
    expect(run.metrics.answer).toMatchObject({ count: 1, last: 42, step: 0 });
    expect(run.metadata['git.url']).toBe('https://github.com/AstraZeneca/magnus-core.git');
  },
);

test('a log with a tag, branches and several tracking steps: the tag is the folder, each step keeps its values, files of the catalogue are kept', async () => {
  const log = JSON.parse(await fixture('blazing-colden-0544'));
  const directory = await mkdtemp(join(tmpdir(), 'simvue-catalog-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await mkdir(join(directory, dirname(log.steps.shell.data_catalog[0].catalog_relative_path)));
  await writeFile(join(directory, log.steps.shell.data_catalog[0].catalog_relative_path), 'hello\n');
  const inner = {
    ...log.steps.shell,
    internal_name: 'map.x.inner',
    user_defined_metrics: { answer: { 5: 1.5 } },
    data_catalog: [],
  };
  Object.assign(log, { run_id: 'tagged-run', tag: 'grouped', status: 'FAIL' });
  log.steps.success.branches = { 'map.x': { internal_name: 'map.x', status: 'SUCCESS', steps: { inner } } };
  const text = JSON.stringify(log);
  await importRunLog(text, { ...connect(), catalogDirectory: directory });
  expect(await exportRunLog('tagged-run', connect())).toEqual(log);
  const run = (await collector.ask('GET', '/runs/tagged-run')).json;
  expect(run).toMatchObject({ folder: '/grouped', status: 'failed' });
  expect(Object.keys(run.metrics).toSorted()).toEqual(['map.x.inner/answer', 'shell/answer']);
  const artifacts = (await collector.ask('GET', '/runs/tagged-run/artifacts')).json as {
    name: string;
    category: string;
  }[];
  expect(artifacts).toContainEqual(expect.objectContaining({ name: 'shell.execution.log', category: 'output' }));
});

test('what is not a run log is refused before anything is made', async () => {
  for (const text of ['', '[]', '{"run_id": "x"}', 'null']) {
    await expect(importRunLog(text, connect())).rejects.toMatchObject({ code: 'SIMVUE_ERR_INVALID_ARGUMENT' });
  }
});
