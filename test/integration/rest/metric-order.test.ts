import { expect, it } from 'vitest';
import type { RunList } from '../../../collector/api/contract/run.ts';
import { TestCollector } from '../../support/collector-app.ts';

const RUNS = 1_200;
const RUNS_A_REQUEST = 400;
const lossOf = (index: number): number => (index * 7919) % RUNS;
const nameOf = (index: number): string => `ordered-${index}`;

function metrics(points: readonly (readonly [index: number, value: number, seconds: number])[]) {
  return points.map(([index, asDouble, seconds]) => ({
    resource: { attributes: [{ key: 'simvue.run.id', value: { stringValue: nameOf(index) } }] },
    scopeMetrics: [
      {
        metrics: [
          { name: 'loss', gauge: { dataPoints: [{ timeUnixNano: `${1_700_000_000 + seconds}000000000`, asDouble }] } },
        ],
      },
    ],
  }));
}

it('thousands of runs are listed in the order of a last value, as it is at the time of asking', async () => {
  await using collector = await TestCollector.start();
  const send = async (points: Parameters<typeof metrics>[0]): Promise<void> => {
    const response = await fetch(`${collector.url}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceMetrics: metrics(points) }),
    });
    expect([response.status, await response.text()]).toEqual([200, '{}']);
  };
  const indexes = Array.from({ length: RUNS }, (_, index) => index);
  for (let first = 0; first < RUNS; first += RUNS_A_REQUEST) {
    await send(indexes.slice(first, first + RUNS_A_REQUEST).map((index) => [index, lossOf(index), index]));
  }
  const { json: bare } = await collector.ask('POST', '/runs', { folder: '/', name: 'without' });
  const list = async (start: number, count: number, desc: boolean) => {
    const sorting = JSON.stringify([{ id: 'metrics.loss', desc }]);
    const query = new URLSearchParams({ start: `${start}`, count: `${count}`, sorting });
    const { json } = await collector.ask('GET', `/runs?${query}`);
    const { count: total, data } = json as RunList;
    return { total, last: data.map(({ metrics: found }) => found?.['loss']?.last), ids: data.map(({ id }) => id) };
  };

  const sorted = indexes.map(lossOf).sort((a, b) => a - b);
  expect(await list(1_000, 50, false)).toMatchObject({ total: RUNS + 1, last: sorted.slice(1_000, 1_050) });
  expect(await list(0, 3, true)).toMatchObject({ last: [RUNS - 1, RUNS - 2, RUNS - 3] });
  expect((await list(RUNS - 1, 10, false)).ids.at(-1)).toBe(bare.id);

  await send([[0, RUNS + 5, RUNS]]);
  const [best] = (await list(0, 2, true)).ids;
  expect(await list(0, 2, true)).toMatchObject({ last: [RUNS + 5, RUNS - 1] });
  expect((await collector.ask('DELETE', `/runs/${best}`)).status).toBe(200);
  expect(await list(0, 2, true)).toMatchObject({ total: RUNS, last: [RUNS - 1, RUNS - 2] });
});
