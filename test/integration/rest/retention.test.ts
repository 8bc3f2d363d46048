import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

it('a run whose retention is over is deleted with its data, and what still comes for it is refused', async () => {
  await using collector = await TestCollector.start();
  const make = async (body: object): Promise<string> =>
    (await collector.ask('POST', '/runs', { folder: '/kept', status: 'running', ...body })).json.id;
  const metrics = (run: string) => ({
    run,
    metrics: [{ timestamp: '2026-01-31T12:00:00.000000', step: 1, time: 1, values: { loss: 1 } }],
  });
  const [short, long, running] = [await make({ ttl: 1 }), await make({ ttl: 3600 }), await make({ ttl: 1 })];
  for (const id of [short, long, running]) expect((await collector.post('/metrics', metrics(id))).status).toBe(200);
  for (const id of [short, long]) await collector.ask('PUT', `/runs/${id}`, { status: 'completed' });
  await sleep(1_100);
  await collector.reopen();

  await expect.poll(async () => (await collector.ask('GET', `/runs/${short}`)).json.detail).toContain('was deleted');
  expect((await collector.post('/metrics', metrics(short))).status).toBe(404);
  expect((await collector.ask('GET', `/metrics?runs=["${short}"]`)).json).toEqual({});
  for (const id of [long, running]) {
    expect((await collector.ask('GET', `/runs/${id}`)).json).toMatchObject({ metrics: { loss: { count: 1 } } });
  }
});
