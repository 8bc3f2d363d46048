import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { type Plot, type Plots, PlotsSchema } from '../../../../collector/api/contract/telemetry.ts';
import { createPorts, createTestServer, runRow, T0, type TestSeries } from './ports.ts';

const wave = (id: number, length: number): TestSeries => ({
  id,
  name: `wave ${id}`,
  points: Array.from({ length }, (_, x) => [x, x % 7 === 3 ? Number.NaN : Math.sin(x + id)] as const),
});
const ids = Array.from({ length: 20 }, (_, index) => String.fromCharCode(97 + index).repeat(22));
const ports = () =>
  createPorts({
    runs: ids.map((id) => runRow({ id })),
    series: Object.fromEntries(ids.map((id, index) => [id, [wave(1, 5 + index), wave(2, 3)]])),
  });
const query = (series: unknown) => `series=${encodeURIComponent(JSON.stringify(series))}`;

describe('GET /api/plots', () => {
  it('is for each run what the plot of that run is, in the order asked for', async () => {
    const { get } = createTestServer(ports());
    const asked = Object.fromEntries([...ids].reverse().map((id, index) => [id, index % 2 === 0 ? [1] : [2, 1, 1]]));
    const view = 'xaxis=time&from=0&to=9&max_points=4';
    const answer = await get(`/api/plots?${query(asked)}&${view}`);
    const json = answer.json as Plots;
    expect(answer.status).toBe(200);
    expect(Value.Check(PlotsSchema, json)).toBe(true);
    expect(Object.keys(json.data)).toEqual(Object.keys(asked));
    for (const [id, series] of Object.entries(asked)) {
      const alone = await get(`/api/runs/${id}/plot?${series.map((one) => `series=${one}`).join('&')}&${view}`);
      expect(json.data[id]).toEqual((alone.json as Plot).data);
    }
  });

  it('leaves out runs that are not there, and asks the store only for what is named', async () => {
    const store = ports();
    const { get } = createTestServer(store);
    const [first = ''] = ids;
    expect((await get(`/api/plots?${query({ never: [1], [first]: [2] })}`)).json).toMatchObject({
      data: { [first]: [{ series: 2 }] },
    });
    expect((await get(`/api/plots?${query({ never: [1] })}`)).body).toBe('{"data":{}}');
    expect(store.asked.plot).toMatchObject([
      { runId: first, seriesIds: [2], axis: 'step', originUnixNano: T0, maxPoints: 1000 },
    ]);
  });

  it.each([
    ['no object', [1]],
    ['no run', {}],
    ['no series', { a: [] }],
    ['an id that is none', { a: [1.5] }],
    ['too many runs', Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`run ${index}`, [1]]))],
    ['too many series', { a: Array.from({ length: 201 }, (_, index) => index) }],
  ])('is refused with %s', async (_what, series) => {
    const { get } = createTestServer(ports());
    const { status, json } = await get(`/api/plots?${query(series)}`);
    expect(status).toBe(422);
    expect(json).toMatchObject({ detail: [{ loc: ['query', 'series'] }] });
  });
});
