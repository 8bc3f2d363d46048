import { Client } from 'simvue-otel';
import { expect, test } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';
import { startDemoProgram } from '../../support/demo-process.ts';
import { eventually } from '../../support/rest-reader.ts';

test('the program of the tutorial (seed 000) leaves what the tutorial shows (B4 to B11, B18)', async () => {
  await using collector = await TestCollector.start();
  const program = startDemoProgram(collector.url, 12, 0.05);
  const { code, stderr } = await program.exited;
  expect([code, stderr]).toEqual([0, '']);
  await using client = new Client({ url: collector.url });
  const [run] = await client.getRuns();
  const id = String(run?.id);
  expect(run).toMatchObject({
    folder: '/rand_nums',
    status: 'completed',
    tags: ['random-numbers', 'v1', 'completed'],
    description: expect.stringContaining('random integers'),
    metadata: { number_of_iterations: 12, mean: expect.any(Number) },
  });
  const artifacts = await client.getArtifacts(id);
  expect(artifacts.map(({ category, name }) => `${category} ${name}`).toSorted()).toEqual([
    'code random-numbers.js',
    'output all_random_numbers',
    'output averages_out.json',
    'output percentage_changes_in_mean',
  ]);
  const numbers = await client.getArtifact(id, 'all_random_numbers');
  const [logged] = await client.getMetricValues({ runIds: [id], metrics: ['random_number'] });
  expect(numbers).toEqual({ kind: 'numbers', values: logged?.values, shape: [12] });
  expect(await client.getArtifact(id, 'averages_out.json')).toMatchObject({
    kind: 'json',
    value: { mean: run?.metadata['mean'] },
  });
  const events = await client.getEvents(id);
  expect(events.filter(({ log_level }) => log_level === 'debug')).toHaveLength(12);
  const divisions = events.filter(({ message }) => message.startsWith('Division by Zero Error')).length;
  const [statistic] = await client.getMetricValues({ runIds: [id], metrics: ['new_stat'] });
  expect((statistic?.values.length ?? 0) + divisions).toBe(12);
  // In the first iteration median and mode are the same number.
  const state = async () => Object.fromEntries((await client.getAlerts(id)).map(({ name, status }) => [name, status]));
  const fired = await eventually(state, ({ zero_division_error }) => zero_division_error === 'critical');
  expect(fired).toEqual({ mean_outside_acceptable_range: null, zero_division_error: 'critical' });
  const folder = (await client.getFolders(['path == /rand_nums']))[0];
  expect(folder).toMatchObject({ tags: ['random-numbers'], metadata: { environment: 'testing' } });
  expect(await client.getMetricNames(id)).toContain('resources/cpu.usage.percent');
});
