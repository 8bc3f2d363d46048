import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { InstanceListSchema, RunListSchema, RunViewSchema } from '../../../../collector/api/contract/run.ts';
import type { LiveSink } from '../../../../collector/api/live-subscriber.ts';
import { createPorts, createTestServer, eventRecord, runRow, SECOND, T0 } from './ports.ts';

const RUN = runRow();
const runs = (count: number) =>
  Array.from({ length: count }, (_, index) => runRow({ id: String(index).padStart(22, 'r'), name: `run ${index}` }));

describe('who is there', () => {
  it('a Simvue client finds a version it accepts, and our header', async () => {
    const { server } = createTestServer(createPorts());
    const answer = await server.inject({ url: '/api/version', headers: { host: 'localhost' } });
    expect(answer.json()).toEqual({ version: '1.5.0' });
    expect(answer.headers).toMatchObject({ 'simvue-otel-collector': '1.2.3', 'cache-control': 'no-store' });
  });

  it('whoami and stats have the keys that clients read', async () => {
    const { get } = createTestServer(createPorts({ runs: [RUN, runRow({ id: 'b', status: 'lost' })] }));
    expect((await get('/api/whoami')).json).toEqual({
      username: 'local',
      tenant: 'default',
      is_admin: true,
      is_manager: true,
      user: 'local',
      scopes: ['admin'],
    });
    expect((await get('/api/stats')).json).toEqual({
      runs: { created: 0, running: 1, completed: 0, failed: 0, terminated: 0, lost: 1, data: 0 },
    });
  });
});

describe('list of runs', () => {
  it('gives the total, the page, and every key of the run view', async () => {
    const { get } = createTestServer(createPorts({ runs: runs(5) }));
    const { json } = await get('/api/runs?start=3&count=1');
    expect(Value.Check(RunListSchema, json)).toBe(true);
    expect(json).toMatchObject({ count: 5, data: [{ name: 'run 3', alerts: [], metrics: {}, events: {} }] });
    expect(Object.keys((json as { data: object[] }).data[0] ?? {})).toEqual(
      // What is counted run by run is in the view of one only.
      expect.arrayContaining(Object.keys(RunViewSchema.properties).filter((key) => key !== 'artifact_count')),
    );
  });

  it('past the end the page is empty and the count stays the total', async () => {
    const { get } = createTestServer(createPorts({ runs: runs(5) }));
    expect((await get('/api/runs?start=100&count=100')).json).toEqual({ count: 5, data: [] });
    expect((await get('/api/runs?count=0')).json).toEqual({ count: 5, data: [] });
  });

  it('asks the catalogue for no more than a page', async () => {
    const ports = createPorts();
    const { get } = createTestServer(ports);
    await get('/api/runs');
    await get('/api/runs?count=1000000');
    expect(ports.asked.list.map(({ start, count }) => [start, count])).toEqual([
      [0, 100],
      [0, 1000],
    ]);
  });

  it('passes filters and sorting on, and ignores what it does not know', async () => {
    const ports = createPorts();
    const { get } = createTestServer(ports);
    const filters = encodeURIComponent('["status == running","has tag.LES"]');
    const sorting = encodeURIComponent('[{"id":"endtime","desc":true}]');
    const query = `filters=${filters}&sorting=${sorting}&attributes=null&return_basic=True&return_alerts=False`;
    expect((await get(`/api/runs?${query}`)).status).toBe(200);
    expect(ports.asked.list).toEqual([
      {
        filters: [
          { kind: 'status', operator: '==', status: 'running' },
          { kind: 'tag', tag: 'LES' },
        ],
        sort: [{ column: 'ended', descending: true }],
        start: 0,
        count: 100,
      },
    ]);
  });

  it('adds metric summaries when asked', async () => {
    const series = {
      [RUN.id]: [
        {
          id: 1,
          name: 'loss',
          points: [
            [0, 2],
            [1, 1],
          ] as const,
        },
      ],
    };
    const { get } = createTestServer(createPorts({ runs: [RUN], series }));
    expect((await get('/api/runs?return_metrics=False')).json).toMatchObject({ data: [{ metrics: {} }] });
    expect((await get('/api/runs?return_metrics=True')).json).toMatchObject({
      data: [{ metrics: { loss: { last: 1 } } }],
    });
  });

  it.each([
    ['start=-1', 'start', 'must be >= 0'],
    ['count=many', 'count', 'must be integer'],
    ['return_metrics=maybe', 'return_metrics', 'True, true, 1, False, false, 0'],
    [`filters=${encodeURIComponent('["starred == x"]')}`, 'filters', 'supported: starred'],
    ['sorting=x', 'sorting', 'must be JSON'],
  ])('%s is a 422 that names the parameter and what is wrong', async (query, parameter, message) => {
    const { get } = createTestServer(createPorts());
    const { status, json } = await get(`/api/runs?${query}`);
    expect(status).toBe(422);
    const [entry] = (json as { detail: { type: string; loc: string[]; msg: string }[] }).detail;
    expect(entry?.loc.slice(0, 2)).toEqual(['query', parameter]);
    expect(entry?.msg).toContain(message);
  });
});

describe('one run', () => {
  it('has every key of the view, summaries of all instances, and the newest event', async () => {
    const series = {
      [RUN.id]: [
        {
          id: 1,
          name: 'loss',
          instance: 'a',
          points: [
            [0, 3],
            [1, 1],
          ] as const,
        },
        {
          id: 2,
          name: 'loss',
          instance: 'b',
          points: [
            [2, 5],
            [3, NaN],
          ] as const,
        },
        { id: 3, name: '__proto__', points: [[0, 1]] as const },
        { id: 4, name: 'nothing yet', points: [] },
      ],
    };
    const events = { [RUN.id]: [eventRecord(0), eventRecord(7)] };
    const { get } = createTestServer(createPorts({ runs: [RUN], series, events }));
    const { json } = await get(`/api/runs/${RUN.id}`);
    expect(Value.Check(RunViewSchema, json)).toBe(true);
    expect(json).toMatchObject({
      created: '2026-01-31T12:00:00.123456',
      endtime: null,
      system: null,
      events: { count: 2, last: '2026-01-31T12:00:07.123456' },
    });
    const { metrics } = json as { metrics: Record<string, unknown> };
    expect(Object.keys(metrics)).toEqual(['loss', '__proto__']);
    expect(metrics['loss']).toEqual({
      count: 4,
      min: 1,
      max: 5,
      average: 3,
      last: null,
      step: 3,
      time: 3,
      timestamp: '2026-01-31T12:00:03.123456',
    });
  });

  it('with thousands of metrics is the same JSON, of the length that its header says', async () => {
    const points = [[0, 1]] as const;
    const series = { [RUN.id]: Array.from({ length: 2000 }, (_, id) => ({ id, name: `größe ${id}`, points })) };
    const { server } = createTestServer(createPorts({ runs: [RUN], series }));
    const { body, headers } = await server.inject({ url: `/api/runs/${RUN.id}`, headers: { host: '127.0.0.1' } });
    const { metrics } = JSON.parse(body) as { metrics: Record<string, unknown> };
    expect(Object.keys(metrics)).toEqual(series[RUN.id]?.map(({ name }) => name));
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
    });
  });

  it.each<[string, bigint | null, string | null]>([
    ['has no runtime while it runs', null, null],
    ['has a runtime to the microsecond', T0 + 3_661_000_001_000n, '01:01:01.000001'],
    ['has no runtime from a day on, which clients cannot read', T0 + 86_400n * SECOND, null],
  ])('%s', async (_title, endedUnixNano, runtime) => {
    const { get } = createTestServer(createPorts({ runs: [runRow({ endedUnixNano })] }));
    expect((await get(`/api/runs/${RUN.id}`)).json).toMatchObject({ runtime });
  });

  it('that is not there is a 404 in words', async () => {
    const { get } = createTestServer(createPorts({ deleted: new Set(['gone']) }));
    expect(await get('/api/runs/nope')).toMatchObject({
      status: 404,
      json: { detail: 'run "nope" is not known here: check the id' },
    });
    expect((await get('/api/runs/gone')).json).toEqual({ detail: 'run "gone" was deleted' });
    for (const rest of ['series', 'events', 'instances', 'events/histogram', 'metrics/names', 'plot?series=1']) {
      expect((await get(`/api/runs/nope/${rest}`)).status, rest).toBe(404);
    }
  });

  it('lists its writers', async () => {
    const { get } = createTestServer(createPorts({ runs: [RUN] }));
    const { json } = await get(`/api/runs/${RUN.id}/instances`);
    expect(Value.Check(InstanceListSchema, json)).toBe(true);
    expect(json).toMatchObject({ data: [{ instance: 'one', role: 'owner' }] });
  });
});

describe('deleting a run', () => {
  const remove = { method: 'DELETE', url: `/api/runs/${RUN.id}`, headers: { host: 'localhost:4318' } } as const;

  it('removes it everywhere, tells the readers, and answers an empty object', async () => {
    const ports = createPorts({ runs: [RUN] });
    const { server, live } = createTestServer(ports);
    const told: string[] = [];
    const sink: LiveSink = { write: (text) => told.push(text) > 0, end: () => undefined, abort: () => undefined };
    live.subscribe(sink, []);
    expect((await server.inject(remove)).body).toBe('{}');
    expect(ports.asked.done).toEqual(['catalog', 'resolver', 'telemetry'].map((part) => `${part} ${RUN.id}`));
    await expect
      .poll(() => told.join(''))
      .toContain(`"id":"${RUN.id}","points":0,"events":0,"state":true,"deleted":true`);
    await server.close();
  });

  it('finishes when it is asked again, and knows what never was', async () => {
    const ports = createPorts({ runs: [RUN] });
    const { server } = createTestServer(ports);
    await server.inject(remove);
    expect((await server.inject(remove)).statusCode).toBe(200);
    expect(ports.asked.done.filter((entry) => entry.startsWith('telemetry'))).toHaveLength(2);
    expect((await server.inject({ ...remove, url: '/api/runs/never' })).statusCode).toBe(404);
  });

  it('is refused to a page of another origin', async () => {
    const ports = createPorts({ runs: [RUN] });
    const { server } = createTestServer(ports);
    const headers = { ...remove.headers, origin: 'http://localhost:3000' };
    const answer = await server.inject({ ...remove, headers });
    expect([answer.statusCode, ports.runs.length]).toEqual([403, 1]);
  });
});
