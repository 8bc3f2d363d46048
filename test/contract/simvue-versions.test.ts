import { expect, test } from 'vitest';
import { CollectorProcess } from '../support/collector-process.ts';
import { SimvueClient } from '../support/simvue-client.ts';

test.concurrent('version 2.1 of the Python client writes a whole run and reads it back', async () => {
  await using collector = await CollectorProcess.start();
  await using client = await SimvueClient.of('2.1.2');
  const { run } = await client.run<{ run: string }>('simvue_earlier.py', collector.url);
  const written = await collector.rest.run(run);
  expect(written).toMatchObject({
    name: 'earlier',
    status: 'completed',
    metadata: { re: 1000, cells: 12 },
  });
  // The client sends a set.
  expect(written.tags.toSorted()).toEqual(['a', 'b']);
  expect(written.alerts.map(({ alert }) => alert.name).toSorted()).toEqual(['diverged', 'high', 'odd', 'quality']);
});

test.concurrent("Simvue's own command, simvue-cli, makes a run, writes to it and ends it", async () => {
  await using collector = await CollectorProcess.start();
  await using client = await SimvueClient.of('cli-1.4.0');
  const simvue = (...args: string[]) => client.command('simvue', ['--plain', ...args], collector.url);
  const run =
    (await simvue('run', 'create', '--name', 'typed', '--folder', '/cli', '--tag', 'a')).split('\n').at(-1) ?? '';
  await simvue('run', 'log.metrics', run, '{"x": 1.5}');
  await simvue('run', 'log.event', run, 'hello');
  await simvue('run', 'close', run);
  expect(await simvue('run', 'list', '--format', 'simple')).toBe(run);
  expect(await simvue('whoami')).toBe('local(default)');
  expect(await collector.rest.run(run)).toMatchObject({
    status: 'completed',
    tags: ['a'],
    metrics: { x: { last: 1.5 } },
  });
});
