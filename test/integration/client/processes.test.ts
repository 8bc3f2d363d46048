import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Run } from 'simvue-otel';
import { expect, onTestFinished, test } from 'vitest';
import { signalAll } from '../../../src/processes/child-program.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { OtlpSinkServer } from '../../support/otlp-sink.ts';
import { eventually, RestReader } from '../../support/rest-reader.ts';

const CRASHING = fileURLToPath(new URL('./programs/crashing-parent.mjs', import.meta.url));

async function script(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'simvue-script-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, 'solver.mjs');
  await writeFile(path, text);
  return path;
}

test('a program of the run: command, code, output and exit code are the run’s; close waits for its end', async () => {
  await using collector = await TestCollector.start();
  const rest = new RestReader(collector.url);
  const run = new Run({ url: collector.url, suppressErrors: false, disableResourcesMetrics: true });
  await run.init({ name: 'cfd' });
  const ends: unknown[] = [];
  void run.addProcess('solver', {
    executable: process.execPath,
    script: await script(
      'console.log(process.env.CASE); console.error("diverged"); setTimeout(() => process.exit(3), 300);',
    ),
    args: ['--fast'],
    env: { CASE: 'wing' },
    onCompletion: (end) => ends.push(end),
  });
  expect(await run.close()).toBe(true);
  expect(ends).toEqual([{ exitCode: 3, signal: null }]);
  const { json: artifacts } = await collector.ask('GET', `/runs/${run.id}/artifacts`);
  const rows = artifacts.map((one: { name: string; category: string }) => `${one.category} ${one.name}`);
  expect(rows.toSorted()).toEqual(['code solver.mjs', 'output cfd_solver.err', 'output cfd_solver.out']);
  const { metadata } = await rest.run(String(run.id));
  expect(metadata['solver_command']).toMatch(/solver\.mjs --fast$/);
  const { data } = await rest.events(String(run.id));
  expect(data.map(({ message }) => message)).toContain('solver ended with exit code 3');
});

test('the exit code is the state of a user alert; a program that cannot be started is a failure', async () => {
  await using sink = await OtlpSinkServer.start();
  const run = new Run({ url: sink.url, disableResourcesMetrics: true });
  await run.init();
  expect(await run.addProcess('good', { executable: 'true' })).toBe(true);
  expect(await run.addProcess('missing', { executable: '/no/such/program' })).toBe(false);
  await run.close();
  const states = sink.records.filter(({ eventName }) => eventName === 'simvue.alert.status');
  expect(states.map(({ attributes }) => [attributes['simvue.alert.name'], attributes['simvue.alert.status']])).toEqual([
    ['good_exit_status', 'ok'],
    ['missing_exit_status', 'critical'],
  ]);
});

test('of two programs with one identifier at a time the second is refused; after the first it is taken', async () => {
  await using sink = await OtlpSinkServer.start();
  const run = new Run({ url: sink.url, disableResourcesMetrics: true, suppressErrors: false });
  await run.init();
  const first = run.addProcess('solver', { executable: 'sleep', args: ['1000'] });
  await expect(run.addProcess('solver', { executable: 'true' })).rejects.toMatchObject({ code: 'SIMVUE_ERR_CONFLICT' });
  await eventually(
    async () => run.killProcess('solver').then(() => Promise.race([first, 'runs'])),
    (ended) => ended === true,
  );
  expect(await run.addProcess('solver', { executable: 'true' })).toBe(true);
  await run.close();
});

test('killing a program ends what it has started too', async () => {
  await using sink = await OtlpSinkServer.start();
  const run = new Run({ url: sink.url, disableResourcesMetrics: true });
  await run.init();
  const started = performance.now();
  const done = run.addProcess('tree', { executable: 'sh', args: ['-c', 'sleep 60 & sleep 60; true'] });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await run.killProcess('tree')).toBe(true);
  expect(await done).toBe(true);
  expect(performance.now() - started).toBeLessThan(30_000);
  await run.close();
  expect(sink.records.map(({ body }) => body)).toContain('tree ended with SIGTERM');
});

test.runIf(process.platform === 'linux')('a crash ends what a program of the run has started too', async () => {
  await using sink = await OtlpSinkServer.start();
  const pidFile = join(dirname(await script('')), 'pid');
  const child = spawn(process.execPath, [CRASHING, pidFile], {
    env: { ...process.env, SIMVUE_URL: sink.url },
    stdio: 'ignore',
  });
  expect(await once(child, 'close')).toEqual([1, null]);
  const pid = Number(await readFile(pidFile, 'utf8'));
  onTestFinished(() => signalAll([pid], 'SIGKILL'));
  expect(pid).toBeGreaterThan(1);
  // Where nobody waits for orphans, one that has ended stays as a zombie.
  const state = () => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone');
  await eventually(state, (stat) => stat === 'gone' || stat.includes(') Z '));
});
