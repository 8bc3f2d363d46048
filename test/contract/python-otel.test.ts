import { beforeAll, expect, test } from 'vitest';
import type { SeriesView } from '../../collector/api/contract/telemetry.ts';
import { TestProcess } from '../support/child-process.ts';
import { CollectorProcess } from '../support/collector-process.ts';
import { pythonOf } from '../support/python-environment.ts';
import { inRepository } from '../support/repository.ts';

const ITERATIONS = 5;
let python: string;

beforeAll(async () => {
  python = await pythonOf('opentelemetry');
});

test('a stock Python SDK program becomes a run, told by its OTEL_* variables alone', async () => {
  await using collector = await CollectorProcess.start();
  const program = new TestProcess(python, [inRepository('test/contract/python/stock_program.py')], {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_RESOURCE_ATTRIBUTES: [
      'service.name=solver',
      'simvue.run.id=python-contract',
      'simvue.run.name=from-python',
      'simvue.run.folder=/contract/python',
      'simvue.run.tags=stock;python',
      'simvue.run.total_steps=10',
    ].join(','),
  });
  const exit = await program.exited;
  expect(exit, exit.stderr).toMatchObject({ code: 0 });
  expect(exit.stderr).not.toMatch(/error|failed/i);

  const { count, data } = await collector.rest.runs();
  expect(count).toBe(1);
  const run = data[0];
  expect(run).toMatchObject({
    name: 'from-python',
    folder: '/contract/python',
    external_id: 'python-contract',
    status: 'running',
  });
  expect(run?.tags.toSorted()).toEqual(['python', 'stock']);
  expect((await collector.rest.folders()).data.map((folder) => folder.path)).toContain('/contract/python');

  const runId = run?.id ?? '';
  const series = (await collector.rest.series(runId)).data;
  const named = (metric: string): SeriesView | undefined => series.find((one) => one.metric === metric);
  expect(named('residual')).toMatchObject({
    name: 'residual{field="U"}',
    unit: '1',
    temporality: 'gauge',
    min: 0.2,
    max: 1,
    last: 0.2,
  });
  expect(named('iterations')).toMatchObject({ temporality: 'cumulative', min: 1, last: ITERATIONS });
  expect(named('step.time.count')).toMatchObject({ last: ITERATIONS });
  expect(named('step.time.sum')).toMatchObject({ last: 12.5, unit: 's' });
  expect(named('step.time.min')).toMatchObject({ last: 0.5 });
  expect(named('step.time.max')).toMatchObject({ last: 4.5 });
  expect(named('step.time.avg')).toMatchObject({ last: 2.5 });

  const values = await collector.rest.plot(runId, named('residual')?.id ?? -1, 1000);
  // The SDK exports a gauge at every collection: its shutdown repeats the last value with a new time.
  expect(values.data[0]).toMatchObject({ kind: 'points', y: [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 5] });

  // What the bar on Home and the expected end in the overview are drawn from.
  const { total_steps: totalSteps, progress } = await collector.rest.run(runId);
  expect([totalSteps, progress?.from_step, progress?.step]).toEqual([10, 0, ITERATIONS - 1]);
  expect(progress?.steps_per_second).toBeGreaterThan(0);
  expect(progress?.expected_end).toMatch(/^\d{4}-/);

  const events = (await collector.rest.events(runId)).data;
  expect(events.map(({ message, log_level }) => [message, log_level])).toEqual([
    ...Array.from({ length: ITERATIONS }, (_, iteration) => [`iteration ${iteration}`, 'info']),
    ['details', 'debug'],
    ['slow convergence', 'warning'],
    ['did not converge', 'error'],
    ['giving up', 'critical'],
  ]);
  expect(events.find((event) => event.log_level === 'error')?.attributes).toMatchObject({ residual: 0.2 });
});
