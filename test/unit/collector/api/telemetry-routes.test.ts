import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import {
  EventHistogramSchema,
  EventListSchema,
  PlotSchema,
  SeriesListSchema,
} from '../../../../collector/api/contract/telemetry.ts';
import { createPorts, createTestServer, eventRecord, runRow, SECOND, T0, type TestSeries } from './ports.ts';

const RUN = runRow();
const OTHER = runRow({ id: 'bbbbbbbbbbbbbbbbbbbbbb' });
const list = (...names: string[]) => encodeURIComponent(JSON.stringify(names));
const withSeries = (series: TestSeries[], other: TestSeries[] = []) =>
  createPorts({ runs: [RUN, OTHER], series: { [RUN.id]: series, [OTHER.id]: other } });
const wave = (length: number): TestSeries => ({
  id: 1,
  name: 'wave',
  points: Array.from({ length }, (_, x) => [x, Math.sin(x)] as const),
});

describe('GET /api/metrics', () => {
  it('gives values by run and metric, ascending in x, instances merged, without what is empty or unknown', async () => {
    const { get } = createTestServer(
      withSeries([
        {
          id: 1,
          name: 'loss',
          instance: 'a',
          points: [
            [0, 1],
            [4, 2],
          ],
        },
        { id: 2, name: 'loss', instance: 'b', points: [[1, 3]] },
        { id: 3, name: 'empty', points: [] },
      ]),
    );
    const query = `runs=${list(RUN.id, OTHER.id, 'never')}&metrics=${list('empty', 'loss', 'grid')}&xaxis=step&count=100&start=0`;
    expect((await get(`/api/metrics?${query}`)).json).toEqual({
      [RUN.id]: {
        loss: [
          { step: 0, value: 1 },
          { step: 1, value: 3 },
          { step: 4, value: 2 },
        ],
      },
    });
  });

  it('gives an empty object when there is nothing', async () => {
    const { get } = createTestServer(withSeries([]));
    expect((await get(`/api/metrics?runs=${list(RUN.id)}&metrics=${list('a')}`)).body).toBe('{}');
  });

  it('carries NaN and infinities as the bare tokens that Python reads', async () => {
    const points = [
      [0, NaN],
      [1, Infinity],
      [2, -Infinity],
      [3, 1e-300],
    ] as const;
    const { get } = createTestServer(withSeries([{ id: 1, name: 'a', points }]));
    const { body } = await get(`/api/metrics?runs=${list(RUN.id)}&xaxis=time`);
    expect(body).toBe(
      `{"${RUN.id}":{"a":[{"time":0,"value":NaN},{"time":1,"value":Infinity},{"time":2,"value":-Infinity},{"time":3,"value":1e-300}]}}`,
    );
  });

  it('writes timestamps to the microsecond, without zone', async () => {
    const seconds = Number(T0 / 1000n) / 1e6;
    const { get } = createTestServer(withSeries([{ id: 1, name: 'a', points: [[seconds, 1]] }]));
    const { json } = await get(`/api/metrics?runs=${list(RUN.id)}&xaxis=timestamp`);
    expect(json).toEqual({ [RUN.id]: { a: [{ timestamp: '2026-01-31T12:00:00.123456', value: 1 }] } });
  });

  it('gives every point up to max_points, and real extremes above it', async () => {
    const { get } = createTestServer(withSeries([wave(1500)]));
    const read = async (maxPoints: number) => {
      const { json } = await get(`/api/metrics?runs=${list(RUN.id)}&max_points=${maxPoints}`);
      return (json as Record<string, { wave: { step: number; value: number }[] }>)[RUN.id]?.wave ?? [];
    };
    expect(await read(3000)).toHaveLength(1500);
    expect(await read(1500)).toHaveLength(1500);
    const thinned = await read(100);
    expect(thinned.length).toBeLessThanOrEqual(100);
    for (const { step, value } of thinned) expect(value).toBe(Math.sin(step));
    const values = wave(1500).points.map(([, value]) => value);
    expect(Math.max(...thinned.map(({ value }) => value))).toBe(Math.max(...values));
    expect(Math.min(...thinned.map(({ value }) => value))).toBe(Math.min(...values));
  });

  it('stays within max_points when there are more instances than points', async () => {
    const series = Array.from({ length: 30 }, (_, id) => ({ ...wave(50), id, instance: String(id) }));
    const { get } = createTestServer(withSeries(series));
    const { json } = await get(`/api/metrics?runs=${list(RUN.id)}&max_points=10`);
    expect((json as Record<string, { wave: unknown[] }>)[RUN.id]?.wave.length).toBeLessThanOrEqual(10);
  });

  it('aggregates over runs, non-finite values left out', async () => {
    const { get } = createTestServer(
      withSeries(
        [
          {
            id: 1,
            name: 'a',
            points: [
              [0, 1],
              [1, NaN],
              [2, NaN],
            ],
          },
        ],
        [
          {
            id: 1,
            name: 'a',
            points: [
              [0, 3],
              [1, 5],
            ],
          },
        ],
      ),
    );
    const { body } = await get(
      `/api/metrics?runs=${list(RUN.id, OTHER.id)}&metrics=${list('a')}&aggregate=True&xaxis=step`,
    );
    expect(body).toBe(
      '{"a":[{"step":0,"average":2,"min":1,"max":3},{"step":1,"average":5,"min":5,"max":5},{"step":2,"average":NaN,"min":NaN,"max":NaN}]}',
    );
  });

  it('aggregates step by step while the steps fit, and joins neighbours when they do not', async () => {
    const { get } = createTestServer(withSeries([wave(400)], [wave(400)]));
    const read = async (maxPoints: number) => {
      const url = `/api/metrics?runs=${list(RUN.id, OTHER.id)}&aggregate=True&max_points=${maxPoints}`;
      return ((await get(url)).json as { wave: { step: number; average: number; min: number; max: number }[] }).wave;
    };
    const exact = await read(400);
    expect(exact).toEqual(wave(400).points.map(([step, v]) => ({ step, average: v, min: v, max: v })));
    const joined = await read(40);
    expect(joined).toHaveLength(40);
    expect(joined[1]?.step).toBe(10);
    expect(Math.max(...joined.map(({ max }) => max))).toBe(Math.max(...exact.map(({ max }) => max)));
  });

  it.each([
    '',
    'runs=x',
    'runs={}',
    'runs=[1]',
    'runs=[]&xaxis=epoch',
    'runs=[]&max_points=0',
    'runs=[]&aggregate=True&xaxis=timestamp',
  ])('%j is a 422', async (query) => {
    expect((await createTestServer(withSeries([])).get(`/api/metrics?${query}`)).status).toBe(422);
  });

  it.each(['metrics', 'points'])(
    'of /api/%s answers 503, not half a document, when the store fails at once',
    async (path) => {
      const ports = withSeries([wave(3)]);
      const failing = {
        ...ports,
        telemetry: { ...ports.telemetry, summaries: () => Promise.reject(new Error('disk /secret')) },
      };
      const { server } = createTestServer(failing);
      const answer = await server.inject({ url: `/api/${path}?runs=${list(RUN.id)}`, headers: { host: 'localhost' } });
      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '2']);
      expect(answer.body).not.toContain('secret');
    },
  );
});

it('metric names are those with data, of one run or of several', async () => {
  const { get } = createTestServer(
    withSeries([wave(1), { id: 2, name: 'b', points: [] }], [{ id: 1, name: 'c', points: [[0, 1]] }]),
  );
  expect((await get(`/api/runs/${RUN.id}/metrics/names`)).json).toEqual(['wave']);
  expect((await get(`/api/metrics/names?runs=${list(RUN.id, OTHER.id)}`)).json).toEqual(['wave', 'c']);
});

describe("the page's own reads", () => {
  it('series tell their last value in words when it is not a number', async () => {
    const { get } = createTestServer(
      withSeries([
        {
          id: 7,
          name: 'a',
          instance: 'one',
          points: [
            [0, 2],
            [1, -Infinity],
          ],
        },
      ]),
    );
    const { json } = await get(`/api/runs/${RUN.id}/series`);
    expect(Value.Check(SeriesListSchema, json)).toBe(true);
    expect(json).toMatchObject({
      data: [{ id: 7, name: 'a', mean: 2, last: null, last_text: '-Infinity', last_step: 1, non_finite: 1 }],
    });
  });

  it('a plot has exact points with named NaN, or buckets with null where no finite value is', async () => {
    const points = [
      [0, 1],
      [1, NaN],
      [2, Infinity],
      [3, -Infinity],
    ] as const;
    const { get } = createTestServer(withSeries([{ id: 7, name: 'a', points }]));
    const exact = (await get(`/api/runs/${RUN.id}/plot?series=7&series=7&xaxis=step`)).json;
    expect(exact).toEqual({
      data: [{ series: 7, kind: 'points', total: 4, x: [0, 1, 2, 3], y: [1, 'NaN', 'Infinity', '-Infinity'] }],
    });
    const buckets = (await get(`/api/runs/${RUN.id}/plot?series=7&max_points=2`)).json;
    expect(Value.Check(PlotSchema, exact) && Value.Check(PlotSchema, buckets)).toBe(true);
    expect(buckets).toMatchObject({
      data: [{ kind: 'buckets', mean: [1, null], min: [1, null], count: [2, 2], non_finite: [1, 2] }],
    });
  });

  it('a plot passes range, axis and origin to the store', async () => {
    const ports = withSeries([wave(3)]);
    const { get } = createTestServer(ports);
    await get(`/api/runs/${RUN.id}/plot?series=1&series=2&xaxis=time&from=-1.5&to=2e3&max_points=700&totals=True`);
    expect(ports.asked.plot).toEqual([
      {
        runId: RUN.id,
        seriesIds: [1, 2],
        axis: 'time',
        originUnixNano: T0,
        totals: true,
        from: -1.5,
        to: 2000,
        maxPoints: 700,
      },
    ]);
    expect((await get(`/api/runs/${RUN.id}/plot`)).status).toBe(422);
  });

  it('events carry all that the record has, newest first when asked', async () => {
    const events = {
      [RUN.id]: [eventRecord(0), eventRecord(1, { severityNumber: 17, eventName: 'e', attributes: { k: [1] } })],
    };
    const ports = createPorts({ runs: [RUN], events });
    const { get } = createTestServer(ports);
    const { json } = await get(
      `/api/runs/${RUN.id}/events?order=desc&level=warning&contains=event&from=2026-01-01T00:00:00Z&count=1`,
    );
    expect(Value.Check(EventListSchema, json)).toBe(true);
    expect(json).toEqual({
      count: 2,
      data: [
        {
          timestamp: '2026-01-31T12:00:01.123456',
          message: 'event 1',
          log_level: 'error',
          event_name: 'e',
          attributes: { k: [1] },
          instance: 'one',
          alerts: [],
        },
      ],
    });
    expect(ports.asked.events[0]).toMatchObject({
      minSeverity: 13,
      descending: true,
      fromUnixNano: 1_767_225_600n * SECOND,
    });
    expect((await get(`/api/runs/${RUN.id}/events?from=yesterday`)).status).toBe(422);
    expect((await get(`/api/runs/${RUN.id}/events?level=loud`)).status).toBe(422);
  });

  it('the histogram spans the life of the run and all its events with bins of a round width', async () => {
    const events = { [RUN.id]: [eventRecord(-5), eventRecord(100)] };
    const ports = createPorts({ runs: [RUN], events });
    const { get } = createTestServer(ports);
    const { json } = await get(`/api/runs/${RUN.id}/events/histogram?bins=30`);
    expect(Value.Check(EventHistogramSchema, json)).toBe(true);
    const start = T0 - (T0 % SECOND);
    expect(ports.asked.histogram).toEqual([[RUN.id, start - 5n * SECOND, start + 105n * SECOND - 1n, 22]]);
    await get(`/api/runs/${RUN.id}/events/histogram?bins=7&from=2026-01-01T00:00:00&to=2026-01-01T00:00:10`);
    const from = 1_767_225_600n * SECOND;
    expect(ports.asked.histogram[1]).toEqual([RUN.id, from, from + 10n * SECOND, 7]);
    const wrong = `/api/runs/${RUN.id}/events/histogram?from=2026-01-02T00:00:00&to=2026-01-01T00:00:00`;
    expect((await get(wrong)).status).toBe(422);
  });
});
