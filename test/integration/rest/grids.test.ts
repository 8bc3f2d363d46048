import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

let collector: TestCollector;
let run: string;
beforeAll(async () => {
  collector = await TestCollector.start();
  run = (await collector.ask('POST', '/runs', { folder: '/grids', status: 'running' })).json.id;
});
afterAll(() => collector[Symbol.asyncDispose]());

const TIMESTAMP = '2026-11-20T23:16:01.386252';
const entry = (metric: string, step: number, array: unknown, change: object = {}) => ({
  time: 2.5,
  timestamp: TIMESTAMP,
  step,
  array,
  grid: 'g',
  metric,
  ...change,
});
const send = (...entries: unknown[]) => collector.post(`/runs/${run}/metrics`, entries);
const path = (metric: string, what: string) => `/runs/${run}/metrics/${metric}/${what}`;

describe('a multi-dimensional metric by REST', () => {
  it('has a grid, and arrays that come back as they were sent, after a restart too', async () => {
    const grid = {
      name: 'g1',
      grid: [
        [0, 1, 2],
        [10, 20],
      ],
      labels: ['x', 'y'],
    };
    const { id } = (await collector.ask('POST', '/grids', grid)).json;
    expect((await collector.ask('GET', `/grids/${id}`)).json).toMatchObject({ id, ...grid });
    expect((await collector.ask('PUT', `/runs/${run}/grids/${id}`, { metric: 'field/x' })).status).toBe(200);
    expect((await collector.ask('GET', `/runs/${run}/grids`)).json).toEqual([{ id, name: 'g1', metric: 'field/x' }]);
    const array = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    expect(
      (
        await send(
          entry('field/x', 1, array),
          entry('field/x', 2, [
            [7, 8, 9],
            [10, 11, 12],
          ]),
        )
      ).status,
    ).toBe(200);
    await collector.reopen();
    expect((await collector.ask('GET', `${path('field/x', 'values')}?step=1&count=100&start=0`)).json).toEqual({
      array,
      step: 1,
      time: 2.5,
      timestamp: TIMESTAMP,
      grid: id,
    });
    expect((await collector.ask('GET', path('field/x', 'span'))).json).toMatchObject([
      { min_step: 1, max_step: 2, max_timestamp: TIMESTAMP },
    ]);
    expect((await collector.ask('GET', `/runs/${run}`)).json.metrics['field/x']).toMatchObject({ count: 2, step: 2 });
  });

  it('has as many dimensions as its grid has axes, up to four', async () => {
    const grid = { name: 'deep', grid: [[0, 1], [0, 1, 2], [5]], labels: ['x', 'y', 'z'] };
    const { status, json } = await collector.ask('POST', '/grids', grid);
    expect(status).toBe(200);
    expect((await collector.ask('GET', `/grids/${json.id}`)).json).toMatchObject(grid);
    const array = [
      [[1], [2], [3]],
      [[4], [5], [6]],
    ];
    const five = Array.from({ length: 5 }).reduce<unknown>((inner) => [inner], 1);
    expect((await send(entry('deep', 1, array))).status).toBe(200);
    expect((await collector.ask('GET', `${path('deep', 'values')}?step=1`)).json.array).toEqual(array);
    expect((await send(entry('deep', 2, five))).json.detail).toContain('[0]: array has more than 4 dimensions');
  });

  it('is stored once however often it is sent', async () => {
    for (let i = 0; i < 3; i++) await send(entry('twice', 1, [1, 2]));
    const { id } = (await collector.ask('POST', '/grids', { name: 'g2', grid: [[0, 1]], labels: ['x'] })).json;
    await collector.ask('PUT', `/runs/${run}/grids/${id}`, { metric: 'twice' });
    expect((await collector.ask('GET', `/runs/${run}`)).json.metrics.twice.count).toBe(1);
    expect((await collector.ask('DELETE', `/grids/${id}`)).json).toEqual({});
    expect((await collector.ask('GET', `/grids/${id}`)).status).toBe(404);
  });

  it('keeps every finite number, NaN and the infinities to the bit', async () => {
    let step = 0;
    const number = fc.oneof(
      fc.double(),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 20 }), async (array) => {
        step++;
        await send(entry('law', step, array));
        const url = `${collector.url}/api${path('law', 'values')}?step=${step}`;
        const text = await (await fetch(url, { headers: { 'user-agent': 'python' } })).text();
        const numbers = /\[(.*?)\]/.exec(text)?.[1]?.split(',').map(Number);
        expect(numbers).toEqual(array.map((value) => (Object.is(value, -0) ? 0 : value)));
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['a string among its numbers', entry('m', 1, [1, 'x']), '[0]: array holds something that is not a number'],
    ['rows of different lengths', entry('m', 1, [[1], [1, 2]]), '[0]: array has rows of different lengths'],
    ['a number beside a row', entry('m', 1, [[1], 2]), '[0]: array holds something that is not a number'],
    ['empty rows', entry('m', 1, [[], []]), '[0]: array is empty'],
    ['no step', entry('m', 1, [1], { step: null }), '[0]: step is missing'],
    ['50,001 values', entry('m', 1, Array(50_001).fill(1)), '[0]: array has 50001 values'],
    ['no name', entry('', 1, [1]), '[0]: metric has no name'],
  ])('with %s is refused, naming entry and field', async (_what, bad, detail) => {
    const { status, json } = await send(bad);
    expect([status, json.detail]).toEqual([422, expect.stringContaining(detail)]);
  });

  it('of an unknown run or in a body that is no list is refused', async () => {
    const body = encode([entry('m', 1, [1])]);
    expect((await collector.post(`/runs/${'0'.repeat(22)}/metrics`, body)).status).toBe(404);
    expect((await collector.post(`/runs/${run}/metrics`, { a: 1 })).status).toBe(422);
    expect((await collector.ask('GET', `${path('never', 'values')}?step=1`)).status).toBe(404);
    expect((await collector.ask('GET', path('twice', 'values'))).json.detail[0].loc).toEqual(['query', 'step']);
  });
});
