import { Run } from 'simvue-otel';
import { expect, test } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';
import { RestReader } from '../../support/rest-reader.ts';

const quiet = { disableResourcesMetrics: true } as const;

test('arrays are stored on the grid of their metric, beside the numbers of the same call', async () => {
  await using collector = await TestCollector.start();
  const run = new Run({ url: collector.url, suppressErrors: false, ...quiet });
  await run.init();
  void run.assignMetricToGrid(
    'field',
    'plane',
    [
      [0, 1, 2],
      [10, 20],
    ],
    ['x', 'y'],
  );
  for (let step = 0; step < 20; step++)
    run.logMetrics({
      loss: step,
      field: [
        [step, 1, 2],
        [3, 4, 5],
      ],
    });
  run.logMetrics({ profile: Float64Array.of(1, 2, 3) }, { step: 7, time: -1 });
  expect(await run.close()).toBe(true);

  const values = async (metric: string, step: number) =>
    (await collector.ask('GET', `/runs/${run.id}/metrics/${metric}/values?step=${step}`)).json;
  expect((await values('field', 19)).array).toEqual([
    [19, 1, 2],
    [3, 4, 5],
  ]);
  expect(await values('profile', 7)).toMatchObject({ array: [1, 2, 3], time: -1 });
  const { json: grids } = await collector.ask('GET', `/runs/${run.id}/grids`);
  expect(grids.map(({ name, metric }: { name: string; metric: string }) => [name, metric])).toEqual([
    ['plane', 'field'],
    ['profile', 'profile'],
  ]);
  expect(run.nextStep).toBe(21);
});

test('units travel with the values', async () => {
  await using collector = await TestCollector.start();
  const run = new Run({ url: collector.url, suppressErrors: false, ...quiet });
  await run.init();
  run.setMetricUnits({ pressure: 'Pa' });
  run.logMetrics({ pressure: 1e5, ratio: 1 });
  await run.close();
  const { data } = await new RestReader(collector.url).series(String(run.id));
  expect(Object.fromEntries(data.map(({ name, unit }) => [name, unit]))).toEqual({ pressure: 'Pa', ratio: '' });
});
