import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

const ID = /^[A-Za-z0-9]{22}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}$/;

let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

const create = async (body: object = {}): Promise<string> => {
  const { status, json } = await collector.ask('POST', '/runs', { folder: '/rest', ...body });
  expect([status, json]).toEqual([200, expect.objectContaining({ id: expect.stringMatching(ID) })]);
  return json.id;
};
const view = async (id: string) => (await collector.ask('GET', `/runs/${id}`)).json;

describe('a run by REST', () => {
  it('is made with everything its body says', async () => {
    const system = { cwd: '/home/me', hostname: 'vm', cpu: { arch: 'x86_64' } };
    const id = await create({
      name: 'demo-run',
      status: 'running',
      description: 'a demo',
      tags: ['alpha', 'beta'],
      metadata: { lr: 0.1, deep: { a: 1 }, 'dotted.key': true, __proto__x: null },
      system,
      visibility: { tenant: true, public: false, users: ['ann'] },
      ttl: 3600,
      heartbeat_timeout: 180,
      alerts: [],
      notifications: { state: 'error' },
    });
    expect(await view(id)).toMatchObject({
      id,
      name: 'demo-run',
      folder: '/rest',
      status: 'running',
      description: 'a demo',
      tags: ['alpha', 'beta'],
      metadata: { lr: 0.1, deep: { a: 1 }, 'dotted.key': true, __proto__x: null },
      system,
      visibility: { users: ['ann'], tenant: true, public: false },
      ttl: 3600,
      heartbeat_timeout: 180,
      notifications: { state: 'error' },
      user: 'local',
      started: expect.stringMatching(TIME),
      created: expect.stringMatching(TIME),
      endtime: null,
      ended: null,
      runtime: null,
      starred: false,
      alerts: [],
      metrics: {},
    });
  });

  it('without a name gets one, without a time-out is never lost', async () => {
    const run = await view(await create());
    expect(run).toMatchObject({
      status: 'created',
      heartbeat_timeout: null,
      started: null,
      system: null,
      metadata: {},
    });
    expect(run.name).toMatch(/^[a-z]+-[a-z]+$/);
  });

  it('in a batch comes back in order, and a wrong one makes none', async () => {
    const batch = [
      { name: 'b1', folder: '/batch/x', visibility: { tenant: true }, status: 'created' },
      { name: 'b2', folder: '/batch/x', tags: ['x'], visibility: { user: ['bob'] } },
    ];
    const { status, json } = await collector.ask('POST', '/runs', batch);
    expect([status, json.map((run: { name: string }) => run.name)]).toEqual([200, ['b1', 'b2']]);
    expect((await view(json[1].id)).visibility).toEqual({ users: ['bob'], tenant: false, public: false });
    const wrong = await collector.ask('POST', '/runs', [{ folder: '/batch/wrong' }, { name: 'no folder' }]);
    expect([wrong.status, wrong.json.detail[0].loc]).toEqual([422, ['body', '1', 'folder']]);
    const filters = encodeURIComponent('["folder.path == /batch/wrong"]');
    expect((await collector.ask('GET', `/runs?filters=${filters}`)).json.count).toBe(0);
  });

  it('merges metadata deeply and replaces tags', async () => {
    const id = await create({ metadata: { a: 1, simvue: { metrics: { x: { units: 'm' } } } }, tags: ['one'] });
    await collector.ask('PUT', `/runs/${id}`, { metadata: { a: 10, d: 'new' } });
    await collector.ask('PUT', `/runs/${id}`, { metadata: { simvue: { metrics: { y: { units: 's' } } } } });
    await collector.ask('PUT', `/runs/${id}`, { tags: ['two', 'three'] });
    const put = await collector.ask('PUT', `/runs/${id}`, { metadata: { a: 1 } });
    expect([put.status, put.json]).toEqual([200, { id }]);
    expect(await view(id)).toMatchObject({
      metadata: { a: 1, d: 'new', simvue: { metrics: { x: { units: 'm' }, y: { units: 's' } } } },
      tags: ['two', 'three'],
    });
  });

  it('keeps NaN and the infinities of Python metadata, and answers others with text', async () => {
    const id = await create();
    await collector.ask(
      'PUT',
      `/runs/${id}`,
      '{"metadata": {"x": NaN, "y": [-Infinity, "a NaN \\" Infinity"], "z": 1}}',
    );
    const bare = await fetch(`${collector.url}/api/runs/${id}`, { headers: { 'user-agent': 'Simvue Python client' } });
    expect(await bare.text()).toContain('"metadata":{"x":NaN,"y":[-Infinity,"a NaN \\" Infinity"],"z":1}');
    const browser = await fetch(`${collector.url}/api/runs/${id}`, { headers: { 'user-agent': 'Mozilla/5.0' } });
    expect(((await browser.json()) as { metadata: object }).metadata).toEqual({
      x: 'NaN',
      y: ['-Infinity', 'a NaN " Infinity'],
      z: 1,
    });
  });

  it.each([
    ['completed', '2026-11-20T23:16:09.587262'],
    ['failed', '2026-11-20T23:16:09.587262'],
    ['terminated', '2026-11-20T23:16:09.587262'],
  ])('that is %s has the end time it was given, and its run time', async (status, endtime) => {
    const id = await create({ status: 'running', started: '2026-11-20T23:16:05.000000' });
    await collector.ask('PUT', `/runs/${id}`, { status, endtime });
    expect(await view(id)).toMatchObject({ status, endtime, ended: endtime, runtime: '00:00:04.587262' });
  });

  it('keeps text to its end, whatever is in it, and is found by it', async () => {
    const body = { folder: '/nul\0/b', name: 'a\0b', description: 'c\0d', metadata: { key: 'e\0f' } };
    const { id } = (await collector.ask('POST', '/runs', body)).json;
    const event = { message: 'before\0after', timestamp: '2026-01-01T00:00:00.000000' };
    await collector.post('/events', { run: id, events: [event] });
    const [run] = (await collector.ask('GET', `/runs?filters=${encodeURIComponent('["name == a\\u0000b"]')}`)).json
      .data;
    expect(run).toMatchObject({ id, folder: '/nul␀/b', name: 'a␀b', description: 'c␀d', metadata: { key: 'e\0f' } });
    const events = (await collector.ask('GET', `/events?run=${id}`)).json.data;
    expect(events).toMatchObject([{ message: 'before␀after' }]);
  });

  it('is ended by the server when no end time is given, and runs again when it is told so', async () => {
    const id = await create({ status: 'running' });
    await collector.ask('PUT', `/runs/${id}`, { status: 'completed' });
    expect(await view(id)).toMatchObject({ status: 'completed', endtime: expect.stringMatching(TIME) });
    await collector.ask('PUT', `/runs/${id}`, { status: 'running', system: { cwd: '/again' } });
    expect(await view(id)).toMatchObject({ status: 'running', endtime: null, system: { cwd: '/again' } });
  });

  it('that is lost comes back with a heartbeat, an ended one does not', async () => {
    const id = await create({ status: 'running', heartbeat_timeout: 180 });
    await collector.ask('PUT', `/runs/${id}`, { status: 'lost' });
    expect(await view(id)).toMatchObject({ status: 'lost', endtime: expect.stringMatching(TIME) });
    expect((await collector.ask('PUT', `/runs/${id}/heartbeat`)).status).toBe(200);
    await expect.poll(async () => (await view(id)).status).toBe('running');
    await collector.ask('PUT', `/runs/${id}`, { status: 'completed' });
    expect((await collector.ask('PUT', `/runs/${id}/heartbeat`)).status).toBe(200);
    expect((await view(id)).status).toBe('completed');
  });

  it('is asked to stop, once, and not after its end', async () => {
    const id = await create({ status: 'running' });
    expect((await collector.ask('GET', `/runs/${id}/abort`)).json).toEqual({ status: false, reason: null, user: null });
    expect((await collector.ask('PUT', `/runs/${id}/abort`, { reason: 'diverged' })).status).toBe(200);
    await collector.ask('PUT', `/runs/${id}/abort`, { reason: 'second thought' });
    const asked = { status: true, reason: 'diverged', user: 'local' };
    expect((await collector.ask('GET', `/runs/${id}/abort`)).json).toEqual(asked);
    const ended = await create({ status: 'completed' });
    expect((await collector.ask('PUT', `/runs/${ended}/abort`, { reason: 'late' })).json.status).toBe(false);
    expect((await collector.ask('GET', `/runs/${ended}/abort`)).json.status).toBe(false);
  });

  it('has a star for whoever gave it one', async () => {
    const id = await create();
    const star = await collector.ask('PUT', `/runs/${id}/starred`, { starred: true });
    expect([star.status, (await view(id)).starred]).toEqual([200, true]);
    await collector.ask('PUT', `/runs/${id}/starred`, { starred: false });
    expect((await view(id)).starred).toBe(false);
  });

  it('that is deleted is gone: an object that Python takes for false, then 404', async () => {
    const id = await create();
    const deleted = await collector.ask('DELETE', `/runs/${id}`);
    expect([deleted.status, deleted.json]).toEqual([200, {}]);
    const gone = await collector.ask('GET', `/runs/${id}`);
    expect([gone.status, gone.json.detail]).toEqual([404, expect.stringContaining('was deleted')]);
    expect((await collector.ask('PUT', `/runs/${id}`, { name: 'x' })).status).toBe(404);
    expect((await collector.ask('DELETE', '/runs/0000000000000000000000')).status).toBe(404);
  });

  it('is the same after a restart', async () => {
    const id = await create({
      status: 'completed',
      tags: ['kept'],
      metadata: { a: { b: 1 } },
      started: '2026-01-01T00:00:00.1',
    });
    const before = await view(id);
    await collector.reopen();
    expect(await view(id)).toEqual(before);
  });

  it.each([
    ['an unknown field', { folder: '/x', colour: 'red' }, ['body', 'colour']],
    ['a folder without slash', { folder: 'x' }, ['body', 'folder']],
    ['a status that is none', { folder: '/x', status: 'done' }, ['body', 'status']],
    ['a name that is a number', { folder: '/x', name: 5 }, ['body', 'name']],
    ['a time that is none', { folder: '/x', started: 'yesterday' }, ['body', 'started']],
    ['a negative time to live', { folder: '/x', ttl: -1 }, ['body', 'ttl']],
    ['no folder', { name: 'x' }, ['body', 'folder']],
    ['metadata that is a list', { folder: '/x', metadata: [1] }, ['body', 'metadata']],
    ['a metadata value of 70 KB', { folder: '/x', metadata: { big: 'x'.repeat(70_000) } }, ['body', 'metadata', 'big']],
  ])('with %s is refused, naming the field', async (_what, body, loc) => {
    const { status, json } = await collector.ask('POST', '/runs', body);
    expect([status, json.detail[0].loc]).toEqual([422, loc]);
    expect(json.detail[0].msg).not.toBe('');
  });

  it('with a body that is not JSON is refused with what is wrong with it', async () => {
    const { status, json } = await collector.ask('POST', '/runs', '{"folder": ');
    expect([status, json.detail]).toEqual([422, expect.stringContaining('body must be JSON')]);
  });
});

describe('runs sorted by a metric', () => {
  it('are in the order of its last value, those without one last, page by page', async () => {
    const lasts = [3, undefined, -1, Number.POSITIVE_INFINITY, 3];
    for (const [index, last] of lasts.entries()) {
      const run = await create({ name: `m${index}`, folder: '/by-metric' });
      const at = (step: number, loss: number) => ({
        time: step,
        timestamp: `2026-01-01T00:00:0${step}.0`,
        step,
        values: { loss },
      });
      if (last !== undefined) await collector.post('/metrics', { run, metrics: [at(2, last), at(1, 100 + index)] });
    }
    const names = async (sorting: object[], page = '') => {
      const query = `filters=["folder.path == /by-metric"]&sorting=${encodeURIComponent(JSON.stringify(sorting))}${page}`;
      const { status, json } = await collector.ask('GET', `/runs?${query}`);
      return status === 200 ? json.data.map(({ name }: { name: string }) => name) : status;
    };
    const up = { id: 'metrics.loss', desc: false };
    const down = { id: 'metrics.loss', desc: true };
    expect(await names([up])).toEqual(['m2', 'm4', 'm0', 'm3', 'm1']);
    expect(await names([down, { id: 'name' }])).toEqual(['m3', 'm0', 'm4', 'm2', 'm1']);
    expect(await names([down, { id: 'name' }], '&start=1&count=2')).toEqual(['m0', 'm4']);
    expect(await names([{ id: 'name' }, down])).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
  });
});
