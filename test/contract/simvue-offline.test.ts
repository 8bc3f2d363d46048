import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunView } from '../../collector/api/contract/run.ts';
import { CollectorProcess } from '../support/collector-process.ts';
import { CLIENT_VERSIONS, SimvueClient } from '../support/simvue-client.ts';

const SMALL_RUNS = 12;

describe.concurrent.each(CLIENT_VERSIONS)('what the Python client %s staged offline', (version) => {
  test.sequential('is sent by simvue-sender as if it had been logged online, once', async () => {
    await using collector = await CollectorProcess.start();
    await using client = await SimvueClient.of(version);
    const cache = await mkdtemp(join(tmpdir(), 'simvue-offline-'));
    await client.run('simvue_offline.py', collector.url, { SIMVUE_OFFLINE_DIRECTORY: cache });
    expect((await collector.rest.runs()).count, 'before it is sent').toBe(0);
    await client.send(cache, collector.url);
    await client.send(cache, collector.url);
    await rm(cache, { recursive: true });

    const { rest } = collector;
    const { count, data } = await rest.runs();
    expect(count).toBe(SMALL_RUNS + 4);
    const named = (name: string): RunView => data.find((run) => run.name === name) as RunView;
    const whole = await rest.run(named('whole').id);
    expect(whole).toMatchObject({
      status: 'completed',
      folder: '/contract/offline',
      description: 'offline',
      ttl: 3600,
      metadata: { a: 1, b: { c: 2 } },
      metrics: { loss: { count: 40, min: 1 / 40 }, n: { last: 39 } },
      events: { count: 2 },
    });
    expect(whole.tags.toSorted()).toEqual(['t1', 't2']);
    expect(whole.started).not.toBeNull();
    const statuses = new Map(whole.alerts.map(({ alert, status }) => [alert.name, status]));
    expect([...statuses.keys()].sort()).toEqual(['off events', 'off loss', 'off range', 'off user']);
    // A status that is told before the run is sent gets lost in the client.
    expect(statuses.get('off user')).toBeNull();
    expect((await rest.events(whole.id)).data.map(({ message, log_level }) => [message, log_level])).toEqual([
      ['first', 'info'],
      ['bad second', 'error'],
    ]);
    const artifacts = await rest.get<{ name: string; category: string; url: string }[]>(`/runs/${whole.id}/artifacts`);
    expect(artifacts.map(({ name, category }) => [name, category]).sort()).toEqual([
      ['array', 'output'],
      ['in.txt', 'input'],
    ]);
    const text = await fetch(artifacts.find(({ name }) => name === 'in.txt')?.url ?? '');
    expect(await text.text()).toBe('data in');
    expect(await rest.get(`/runs/${whole.id}/metrics/field/values`, { step: '1' })).toMatchObject({
      array: [
        [1, 1],
        [1, 1],
        [1, 1],
      ],
    });
    for (let number = 0; number < SMALL_RUNS; number++) {
      const small = await rest.run(named(`small-${String(number).padStart(2, '0')}`).id);
      expect(small).toMatchObject({
        status: 'completed',
        metrics: { n: { count: 1, last: number } },
        events: { count: 1 },
      });
    }
    expect(named('fails')).toMatchObject({ status: 'failed' });
    expect(named('goes on')).toMatchObject({ status: 'running' });
    expect(named('created only')).toMatchObject({ status: 'created', metadata: { object: true } });
    const folders = (await rest.folders()).data;
    expect(folders.find(({ path }) => path === '/contract/offline')).toMatchObject({
      metadata: { where: 'here' },
      tags: ['ft'],
      description: 'of the folder',
    });
    expect(folders.map(({ path }) => path)).toContain('/contract/offline/staged');
  });

  test.sequential('goes on in a directory that a sender has visited; a file that was saved twice is there twice', async () => {
    await using collector = await CollectorProcess.start();
    await using client = await SimvueClient.of(version);
    const cache = await mkdtemp(join(tmpdir(), 'simvue-offline-'));
    const environment = { SIMVUE_OFFLINE_DIRECTORY: cache };
    await client.send(cache, collector.url);
    for (let job = 0; job < 2; job++) {
      await client.run('simvue_offline_again.py', collector.url, environment);
      await client.send(cache, collector.url);
    }
    await rm(cache, { recursive: true });
    const { data } = await collector.rest.runs();
    expect(data).toMatchObject([{ name: 'again', metrics: { x: { count: 1 } } }, { name: 'again' }]);
    const twice = { name: 'twice.txt', uploaded: true };
    for (const { id } of data) expect(await collector.rest.get(`/runs/${id}/artifacts`)).toMatchObject([twice, twice]);
  });

  test.sequential('is sent in parts while the run goes on, and whole when it has ended', async () => {
    await using collector = await CollectorProcess.start();
    await using client = await SimvueClient.of(version);
    const cache = await mkdtemp(join(tmpdir(), 'simvue-offline-'));
    const stop = join(cache, 'stop');
    const environment = { STOP: stop, RUN_MODE: 'offline', SIMVUE_OFFLINE_DIRECTORY: cache };
    const program = client.start('simvue_writer.py', collector.url, environment);
    await program.waitForOutput(/"id": "offline_/);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await client.send(cache, collector.url);
    const [first] = (await collector.rest.runs()).data;
    const id = first?.id ?? '';
    const stepsOf = async () =>
      ((await collector.rest.metricValues([id], ['from.python']))[id]?.['from.python'] ?? []).map(({ step }) => step);
    expect(first).toMatchObject({ name: 'writer', status: 'running' });
    expect((await stepsOf()).length).toBeGreaterThan(0);

    await writeFile(stop, '');
    const exit = await program.exited;
    expect(exit, exit.stderr).toMatchObject({ code: 0 });
    await client.send(cache, collector.url);
    await rm(cache, { recursive: true });
    const { steps } = JSON.parse(exit.stdout.trimEnd().split('\n').at(-1) ?? '') as { steps: number };
    expect(await stepsOf()).toEqual(Array.from({ length: steps }, (_, step) => step));
    expect((await collector.rest.runs()).data).toMatchObject([{ id, status: 'completed', tags: ['python'] }]);
  });
});
