import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestProcess } from '../../support/child-process.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { FaultyProxy } from '../../support/faulty-proxy.ts';
import {
  expectEachPointOnce,
  expectStatus,
  NUMBERED,
  NUMBERED_POINTS,
  runNumbered,
  startSync,
  temporarySpool,
} from '../../support/journal-end.ts';
import { eventually } from '../../support/rest-reader.ts';

const JOB = fileURLToPath(new URL('./programs/offline-job.mjs', import.meta.url));

let collector: CollectorProcess;

beforeAll(async () => {
  collector = await CollectorProcess.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

const newRunId = () => randomUUID().replaceAll('-', '').slice(0, 22);
const journalsIn = (spool: string) => readdirSync(spool).filter((name) => name !== 'rejected');

describe.concurrent('a job without a network', () => {
  test('needs no server; simvue sync sends it later, with the times of the job, once', async () => {
    await using spool = await temporarySpool();
    const id = newRunId();
    const offline = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_RUN_TOTAL_STEPS: '4000' };
    const before = Date.now();
    const job = await new TestProcess(process.execPath, [JOB, id, '2000'], offline).exited;
    const after = Date.now();
    expect(job).toMatchObject({ code: 0, stderr: '' });
    expect(journalsIn(spool.path)).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const first = await startSync([spool.path, '--url', collector.url], offline).exited;
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(/run "offline-job" \(\w{22}\): 2004 delivered, 2 artifacts stored/);
    expect(journalsIn(spool.path)).toEqual([]);
    const { rest } = collector;
    await expectEachPointOnce(rest, id);
    const run = await rest.run(id);
    expect(run).toMatchObject({ status: 'completed', folder: '/offline', tags: ['night'], metadata: { mesh: 'fine' } });
    expect(run.total_steps).toBe(4000);
    const [started, ended] = [Date.parse(`${run.started}Z`), Date.parse(`${run.endtime}Z`)];
    expect(started).toBeGreaterThanOrEqual(before);
    expect(ended).toBeGreaterThan(started);
    expect(ended).toBeLessThanOrEqual(after);
    const artifacts = await rest.get<{ name: string; category: string; checksum: string }[]>(`/runs/${id}/artifacts`);
    const checksum = createHash('sha256').update(readFileSync(JOB)).digest('hex');
    expect(artifacts).toHaveLength(2);
    expect(artifacts.find(({ category }) => category === 'code')).toMatchObject({ name: 'offline-job.mjs', checksum });
    expect(artifacts.find(({ category }) => category === 'output')).toMatchObject({ name: 'result' });
  });

  test('is followed by simvue sync --watch while it writes, without an end before its end', async () => {
    await using spool = await temporarySpool();
    const id = newRunId();
    const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: collector.url };
    const watch = startSync(['--watch'], environment);
    await using beside = await temporarySpool();
    const until = join(beside.path, 'end');
    const job = new TestProcess(process.execPath, [JOB, id, '2000', until], environment);
    await job.waitForOutput(/started/);
    const { rest } = collector;
    const seen = async () => (await rest.metricValues([id], ['x']))[id]?.['x']?.length ?? 0;
    await eventually(seen, (points) => points === 2000);
    expect((await rest.run(id)).status).toBe('running');
    writeFileSync(until, '');
    expect((await job.exited).code).toBe(0);
    await expectStatus(rest, id, 'completed');
    await eventually(
      async () => journalsIn(spool.path),
      (journals) => journals.length === 0,
    );
    expect((await watch.end('SIGTERM')).code).toBe(0);
    await expectEachPointOnce(rest, id);
  });
});

test.concurrent('runs above the limit of new runs wait in the journal, and are made when their data comes again', async () => {
  await using spool = await temporarySpool();
  await using strict = await CollectorProcess.start({ args: ['--max-new-runs', '1'] });
  const ids = [newRunId(), newRunId()];
  const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: strict.url };
  const jobs = await Promise.all(ids.map((id) => runNumbered('close', { ...environment, RUN_ID: id })));
  expect(jobs.map(({ stderr }) => stderr).join('')).toContain('too many new runs in a minute');
  expect((await strict.rest.runs()).count).toBe(1);
  await strict.stop();
  await strict.restart();
  expect((await startSync([], environment).exited).code).toBe(0);
  for (const id of ids) {
    await expectEachPointOnce(strict.rest, id);
    await expectStatus(strict.rest, id, 'completed');
  }
});

describe.concurrent('simvue sync', () => {
  test('two at once, and one killed between, send each point once', async () => {
    await using spool = await temporarySpool();
    await using proxy = await FaultyProxy.start(collector.url, 'down');
    const ids = [newRunId(), newRunId(), newRunId()];
    const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: proxy.url };
    await Promise.all(ids.map((id) => runNumbered('SIGKILL', { ...environment, RUN_ID: id })));
    proxy.condition = 'slow';
    const killed = startSync([], environment);
    await eventually(
      async () => journalsIn(spool.path).flatMap((journal) => readdirSync(join(spool.path, journal))),
      (files) => files.includes('sender.lock'),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    await killed.end('SIGKILL');
    proxy.condition = 'up';
    const both = await Promise.all([startSync([], environment).exited, startSync([], environment).exited]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    for (const id of ids) await expectEachPointOnce(collector.rest, id);
    expect((await startSync([], environment).exited).code).toBe(0);
    expect(journalsIn(spool.path)).toEqual([]);
    for (const id of ids) await expectEachPointOnce(collector.rest, id);
  });

  test('leaves what belongs to another address, says so, and exits with 1', async () => {
    await using spool = await temporarySpool();
    const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path };
    await runNumbered('SIGKILL', { ...environment, SIMVUE_URL: 'http://127.0.0.1:9', RUN_ID: newRunId() });
    const synced = await startSync(['--url', collector.url], environment).exited;
    expect(synced.code).toBe(1);
    expect(synced.stdout).toContain('belongs to http://127.0.0.1:9/v1/metrics');
    expect(journalsIn(spool.path)).toHaveLength(1);
  });

  test('exits with 1 and keeps everything when the server does not answer, with 2 for a wrong address or directory', async () => {
    await using spool = await temporarySpool();
    const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: 'http://127.0.0.1:9' };
    await Promise.all([1, 2, 3].map(() => runNumbered('SIGKILL', { ...environment, RUN_ID: newRunId() })));
    const synced = await startSync([], environment).exited;
    expect(synced.code).toBe(1);
    expect(synced.stderr).toContain('3 journals are not sent');
    expect(journalsIn(spool.path)).toHaveLength(3);
    expect((await startSync(['--url', 'nonsense'], environment).exited).code).toBe(2);
    const missing = await startSync([join(spool.path, 'misspelt')], environment).exited;
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no directory') });
  });
});

describe.concurrent('the next start', () => {
  test('delivers what a killed process left for the same address, and removes it', async () => {
    await using spool = await temporarySpool();
    await using proxy = await FaultyProxy.start(collector.url, 'down');
    const [killed, next] = [newRunId(), newRunId()];
    const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: proxy.url };
    await runNumbered('SIGKILL', { ...environment, RUN_ID: killed });
    proxy.condition = 'up';
    await runNumbered('close', { ...environment, RUN_ID: next });
    await expectEachPointOnce(collector.rest, killed);
    await expectEachPointOnce(collector.rest, next);
    expect(journalsIn(spool.path)).toEqual([]);
  });
});

describe.concurrent('a directory that cannot hold the journal', () => {
  test('beyond spoolMaxBytes data is dropped, counted, said once; the end is kept, the program ends as without us', async () => {
    await using spool = await temporarySpool();
    const id = newRunId();
    const RUN_CONFIG = JSON.stringify({ mode: 'offline', spoolMaxBytes: 100_000 });
    const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, RUN_ID: id, RUN_CONFIG };
    const job = await runNumbered('close', environment);
    expect(job.code).toBe(0);
    expect(job.stderr.match(/Data is dropped/g)).toHaveLength(1);
    const synced = await startSync(['--url', collector.url], environment).exited;
    expect(synced.code, synced.stderr).toBe(0);
    const { rest } = collector;
    await expectStatus(rest, id, 'completed');
    const values = (await rest.metricValues([id], ['x']))[id]?.['x'] ?? [];
    expect(values.length).toBeGreaterThan(500);
    expect(values.length).toBeLessThan(NUMBERED_POINTS);
    expect(values.every(({ step, value }, i) => step === i && value === i)).toBe(true);
  });

  test('on a full disk data is dropped, counted, said once; what was written before is sent, the program ends as without us', async () => {
    await using spool = await temporarySpool();
    const id = newRunId();
    const RUN_CONFIG = JSON.stringify({ mode: 'offline' });
    const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, RUN_ID: id, RUN_CONFIG };
    // Files of at most 64 KiB: the write that reaches the limit fails, as it does on a full disk.
    const limited = ['-c', 'ulimit -f 64; exec "$@"', 'limited', process.execPath, NUMBERED, 'close'];
    const job = await new TestProcess('bash', limited, environment).exited;
    expect(job).toMatchObject({ code: 0, signal: null });
    expect(job.stderr.match(/Data is dropped/g)).toHaveLength(1);
    expect(job.stderr.match(/The journal fails: EFBIG/g)).toHaveLength(1);
    expect((await startSync(['--url', collector.url], environment).exited).code).toBe(0);
    const values = (await collector.rest.metricValues([id], ['x']))[id]?.['x'] ?? [];
    expect(values.length).toBeGreaterThan(600);
    expect(values.length).toBeLessThan(NUMBERED_POINTS);
    expect(values.every(({ step, value }, i) => step === i && value === i)).toBe(true);
    await expectStatus(collector.rest, id, 'completed');
  });

  test('on a full disk an online run sends everything from memory', async () => {
    await using spool = await temporarySpool();
    const id = newRunId();
    const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: collector.url, RUN_ID: id };
    const limited = ['-c', 'ulimit -f 32; exec "$@"', 'limited', process.execPath, NUMBERED, 'close'];
    const job = await new TestProcess('bash', limited, environment).exited;
    expect(job.code, job.stderr).toBe(0);
    expect(job.stderr.match(/The journal fails: EFBIG/g)).toHaveLength(1);
    expect(job.stderr).not.toContain('dropped');
    await expectEachPointOnce(collector.rest, id);
    expect(journalsIn(spool.path)).toEqual([]);
  });

  test('an online run without a directory goes on from memory, with one warning', async () => {
    await using spool = await temporarySpool();
    const id = newRunId();
    const file = join(spool.path, 'a-file');
    writeFileSync(file, '');
    const job = await runNumbered('close', { SIMVUE_OFFLINE_DIRECTORY: file, SIMVUE_URL: collector.url, RUN_ID: id });
    expect(job.code).toBe(0);
    expect(job.stderr.match(/No journal/g)).toHaveLength(1);
    await expectEachPointOnce(collector.rest, id);
  });
});
