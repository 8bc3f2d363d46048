import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Run } from 'simvue-otel';
import { describe, expect, test } from 'vitest';
import { TestProcess } from '../support/child-process.ts';
import { CollectorProcess } from '../support/collector-process.ts';
import { pythonOf } from '../support/python-environment.ts';
import { inRepository } from '../support/repository.ts';
import { eventually } from '../support/rest-reader.ts';
import { CLIENT_VERSIONS, SimvueClient } from '../support/simvue-client.ts';

const FIRST_LINE = /\{"id": "(\w{22})"\}\n/;
const JAVASCRIPT_STEPS = 500;

interface ManyRuns {
  readonly runs: readonly string[];
  readonly steps: number;
}

describe.concurrent.each(CLIENT_VERSIONS)('the Python client %s', (version) => {
  test.sequential('writes twenty runs at once from threads and processes, each its own', async () => {
    await using collector = await CollectorProcess.start();
    await using client = await SimvueClient.of(version);
    const { runs, steps } = await client.run<ManyRuns>('simvue_many.py', collector.url);
    expect(new Set(runs).size).toBe(20);
    const values = await collector.rest.metricValues(runs, ['value']);
    for (const [number, id] of runs.entries()) {
      expect(await collector.rest.run(id)).toMatchObject({
        name: `many-${String(number).padStart(2, '0')}`,
        status: 'completed',
        metadata: { number },
        metrics: { value: { count: steps, last: number * 1_000 + steps - 1 }, same: { count: steps } },
        events: { count: steps / 50 },
      });
      expect(values[id]?.['value']?.map(({ value }) => value)).toEqual(
        Array.from({ length: steps }, (_, step) => number * 1_000 + step),
      );
    }
  });

  test.sequential('keeps scripts, output and exit status of the processes of a run', async () => {
    await using collector = await CollectorProcess.start();
    await using client = await SimvueClient.of(version);
    expect(await client.run('simvue_processes.py', collector.url)).toEqual({ status: 'failed', killed: 'failed' });
  });

  test.sequential('that is killed leaves a lost run with every point it had sent', async () => {
    await using collector = await CollectorProcess.start();
    await using client = await SimvueClient.of(version);
    const program = client.start('simvue_writer.py', collector.url, { STOP: 'never' });
    const [, id = ''] = await program.waitForOutput(FIRST_LINE);
    const pointsOf = async () => (await collector.rest.metricValues([id], ['from.python']))[id]?.['from.python'] ?? [];
    await eventually(pointsOf, (points) => points.length > 50);
    await program.end('SIGKILL');
    const points = await pointsOf();
    expect(points.map(({ value }) => value)).toEqual(points.map(({ step }) => step));
    expect(points.map(({ step }) => step)).toEqual(points.map((_, index) => index));
    await collector.kill();
    await collector.restart();
    expect(await pointsOf()).toEqual(points);
    const run = await eventually(
      () => collector.rest.run(id),
      ({ status }) => status !== 'running',
    );
    expect(run).toMatchObject({ status: 'lost', endtime: expect.any(String) });
  });

  test.sequential('goes on when the collector is killed and comes back: every point and event once', async () => {
    await using collector = await CollectorProcess.start();
    await using client = await SimvueClient.of(version);
    const directory = await mkdtemp(join(tmpdir(), 'simvue-writers-'));
    const stop = join(directory, 'stop');
    const program = client.start('simvue_writer.py', collector.url, { STOP: stop });
    const [, id = ''] = await program.waitForOutput(FIRST_LINE);
    const stepsOf = async () =>
      ((await collector.rest.metricValues([id], ['from.python']))[id]?.['from.python'] ?? []).map(({ step }) => step);
    const before = await eventually(stepsOf, (steps) => steps.length > 50);
    await collector.kill();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await collector.restart();
    await eventually(stepsOf, (steps) => steps.length > before.length + 50);
    await writeFile(stop, '');
    const exit = await program.exited;
    await rm(directory, { recursive: true });
    expect(exit, exit.stderr).toMatchObject({ code: 0 });
    const { steps } = JSON.parse(exit.stdout.trimEnd().split('\n').at(-1) ?? '') as { steps: number };
    expect(await stepsOf()).toEqual(Array.from({ length: steps }, (_, step) => step));
    const messages = (await collector.rest.events(id)).data.map(({ message }) => message);
    expect(messages).toEqual(Array.from({ length: Math.ceil(steps / 20) }, (_, event) => `python at ${event * 20}`));
    expect(await collector.rest.run(id)).toMatchObject({ status: 'completed' });
  });

  test.sequential('shares a run with an OTLP program and with our Run, all at once', async () => {
    await using collector = await CollectorProcess.start();
    await using client = await SimvueClient.of(version);
    const directory = await mkdtemp(join(tmpdir(), 'simvue-writers-'));
    const stop = join(directory, 'stop');
    const program = client.start('simvue_writer.py', collector.url, { STOP: stop });
    const [, id = ''] = await program.waitForOutput(FIRST_LINE);

    const stock = new TestProcess(
      await pythonOf('opentelemetry'),
      [inRepository('test/contract/python/stock_program.py')],
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_RESOURCE_ATTRIBUTES: `service.name=solver,simvue.run.id=${id}`,
      },
    );
    const member = new Run({ url: collector.url, suppressErrors: false, disableResourcesMetrics: true });
    await member.init({ id, role: 'member' });
    for (let step = 0; step < JAVASCRIPT_STEPS; step++) member.logMetrics({ 'from.javascript': step });
    member.logEvent('javascript was here');
    expect(await member.close()).toBe(true);
    const exit = await stock.exited;
    expect(exit, exit.stderr).toMatchObject({ code: 0 });
    expect(await collector.rest.run(id)).toMatchObject({ status: 'running', name: 'writer' });

    await writeFile(stop, '');
    const { steps } = JSON.parse((await program.exited).stdout.trimEnd().split('\n').at(-1) ?? '') as { steps: number };
    await rm(directory, { recursive: true });
    const run = await collector.rest.run(id);
    expect(run).toMatchObject({
      name: 'writer',
      folder: '/contract/writer',
      status: 'completed',
      tags: ['python'],
      metadata: { writer: 1 },
      metrics: { 'from.python': { count: steps }, 'from.javascript': { count: JAVASCRIPT_STEPS } },
    });
    expect(Object.keys(run.metrics)).toContain('residual{field="U"}');
    expect((await collector.rest.runs()).count).toBe(1);
    const messages = (await collector.rest.events(id)).data.map(({ message }) => message);
    expect(messages).toEqual(expect.arrayContaining(['python at 0', 'javascript was here', 'did not converge']));
  });
});
