import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

const ask = (...request: Parameters<TestCollector['ask']>) => collector.ask(...request);
const THRESHOLD = {
  rule: 'is above',
  metric: 'loss',
  threshold: 0.45,
  window: 2,
  frequency: 1,
  aggregation: 'average',
};
const RANGE = { rule: 'is inside range', metric: 'acc', range_low: 1, range_high: 5, window: 1, frequency: 1 };
const metrics = (name: string, alert: object = THRESHOLD) => ({ name, source: 'metrics', alert, notification: 'none' });
const create = async (body: object): Promise<string> => (await ask('POST', '/alerts?deduplicate=True', body)).json.id;
const newRun = async (body: object = {}): Promise<string> =>
  (await ask('POST', '/runs', { folder: '/alerts', status: 'running', ...body })).json.id;
const view = async (id: string) => (await ask('GET', `/runs/${id}`)).json;

describe('an alert by REST', () => {
  it.each([
    ['a threshold', metrics('t', { ...THRESHOLD, threshold: 0 })],
    ['a range', metrics('r', { ...RANGE, aggregation: 'at least one' })],
    ['a pattern', { name: 'e', source: 'events', alert: { pattern: 'bad', frequency: 1 }, notification: 'email' }],
    ['a status that is told', { name: 'u', source: 'user', abort: true, description: 'by hand', enabled: false }],
  ])('on %s comes back with every key that clients read', async (_what, body) => {
    const id = await create(body);
    expect(id).toMatch(/^[A-Za-z0-9]{22}$/);
    expect((await ask('GET', `/alerts/${id}`)).json).toEqual({
      id,
      description: null,
      notification: 'none',
      enabled: true,
      abort: false,
      auto: false,
      run_tags: [],
      delay: 0,
      unit: 'minutes',
      alert: null,
      user: 'local',
      created: expect.stringMatching(/^\d{4}-.*\.\d{6}$/),
      ...body,
    });
  });

  it('of the same definition is the same alert, of another it is not', async () => {
    const id = await create(metrics('same'));
    const reordered = Object.fromEntries(Object.entries(THRESHOLD).reverse());
    expect(await create(metrics('same', reordered))).toBe(id);
    expect(await create(metrics('same', { ...THRESHOLD, threshold: 0.46 }))).not.toBe(id);
    expect((await ask('POST', '/alerts', metrics('same'))).json.id).not.toBe(id);
  });

  it('is changed, listed by name or time, and deleted from its runs', async () => {
    const id = await create(metrics('zz last'));
    const run = await newRun({ alerts: [id] });
    await ask('PUT', `/alerts/${id}`, { name: 'zz renamed', alert: { threshold: 9 }, abort: true });
    expect((await ask('GET', `/alerts/${id}`)).json).toMatchObject({
      name: 'zz renamed',
      abort: true,
      alert: { ...THRESHOLD, threshold: 9 },
    });
    const sorting = encodeURIComponent('[{"id":"name","desc":true}]');
    const { count, data } = (await ask('GET', `/alerts?offline=False&sorting=${sorting}`)).json;
    expect([count, data.length, data[0].id]).toEqual([count, count, id]);
    expect((await ask('GET', '/alerts?start=1&count=1')).json).toMatchObject({ count, data: [{}] });
    expect((await ask('DELETE', `/alerts/${id}`)).json).toEqual({});
    expect((await ask('GET', `/alerts/${id}`)).status).toBe(404);
    expect((await view(run)).alerts).toEqual([]);
  });

  it('becomes one with another rule, and keeps of the old one what the new one has too', async () => {
    const id = await create(metrics('another', { ...THRESHOLD, evaluate_partial_window: true }));
    const change = async (body: object) => (await ask('PUT', `/alerts/${id}`, body)).status;
    const rule = async () => (await ask('GET', `/alerts/${id}`)).json.alert;
    const timing = { metric: 'loss', window: 2, frequency: 1 };
    const range = { rule: 'is outside range', range_low: 0, range_high: 1 };
    expect(await change({ alert: range })).toBe(200);
    expect(await rule()).toEqual({ ...timing, ...range, aggregation: 'average', evaluate_partial_window: true });
    expect(await change({ alert: { rule: 'is not finite' } })).toBe(200);
    expect(await rule()).toEqual({ ...timing, rule: 'is not finite' });
    const refused = await ask('PUT', `/alerts/${id}`, { alert: { rule: 'is above', threshold: 1, range_low: 0 } });
    expect([refused.status, refused.json.detail[0].loc]).toEqual([422, ['body', 'alert', 'range_low']]);
    expect(await change({ source: 'events', alert: { pattern: 'nan', frequency: 1 } })).toBe(200);
    expect(await rule()).toEqual({ pattern: 'nan', frequency: 1 });
    expect(await change({ source: 'metrics', alert: { rule: 'constructor', ...timing } })).toBe(422);
  });

  it('is switched off and on by the text of a boolean, which the Python client writes', async () => {
    const id = await create(metrics('switched'));
    const isEnabled = async (enabled: unknown) => {
      const { status } = await ask('PUT', `/alerts/${id}`, { enabled });
      return status === 200 ? (await ask('GET', `/alerts/${id}`)).json.enabled : status;
    };
    expect([await isEnabled('False'), await isEnabled('true'), await isEnabled(false)]).toEqual([false, true, false]);
    expect(await isEnabled('perhaps')).toBe(422);
  });

  it('is attached to runs by their full list; an empty one changes nothing, an unknown id is named', async () => {
    const [a, b] = [await create(metrics('a')), await create(metrics('b'))];
    const run = await newRun({ alerts: [a] });
    await ask('PUT', `/runs/${run}`, { alerts: [a, b] });
    await ask('PUT', `/runs/${run}`, { alerts: [] });
    const attached = async () => (await view(run)).alerts.map((entry: { alert: { id: string } }) => entry.alert.id);
    expect(await attached()).toEqual([a, b]);
    const filters = encodeURIComponent('["folder.path == /alerts"]');
    const listed = (await ask('GET', `/runs?filters=${filters}`)).json.data.find(
      ({ id }: { id: string }) => id === run,
    );
    expect(listed.alerts.length).toBe(2);
    await ask('PUT', `/runs/${run}`, { alerts: [b] });
    expect(await attached()).toEqual([b]);
    const refused = await ask('PUT', `/runs/${run}`, { name: 'new', alerts: ['nope'] });
    expect([refused.status, refused.json.detail[0].loc]).toEqual([422, ['body', 'alerts']]);
    expect((await view(run)).name).not.toBe('new');
  });

  it('is attached one more by one, as often as one likes, and taken away', async () => {
    const run = await newRun({ alerts: [await create(metrics('first'))] });
    const ids = await Promise.all(Array.from({ length: 20 }, (_, i) => create(metrics(`one more ${i}`))));
    const one = async (method: 'PUT' | 'DELETE', id: string) => (await ask(method, `/runs/${run}/alerts/${id}`)).status;
    const names = async () => (await view(run)).alerts.map((entry: { alert: { name: string } }) => entry.alert.name);
    expect(await Promise.all([...ids, ...ids].map((id) => one('PUT', id)))).toEqual(Array(40).fill(200));
    expect((await names()).toSorted()).toEqual(['first', ...ids.map((_, i) => `one more ${i}`)].toSorted());
    expect(await one('DELETE', ids[3] ?? '')).toBe(200);
    expect(await names()).not.toContain('one more 3');
    expect(await one('PUT', ids[3] ?? '')).toBe(200);
    expect((await names()).at(-1)).toBe('one more 3');
    expect(await one('PUT', 'nope')).toBe(404);
  });

  it('that names tags is attached to runs that come with one of them, or get one', async () => {
    const automatic = { ...metrics('by tag'), auto: true, run_tags: ['v1', 'v2'] };
    const id = await create(automatic);
    const [fits, other] = [await newRun({ tags: ['v2'] }), await newRun({ tags: ['v3'] })];
    const attached = async (run: string) =>
      (await view(run)).alerts.map((entry: { alert: { id: string } }) => entry.alert.id);
    expect([await attached(fits), await attached(other)]).toEqual([[id], []]);
    await ask('PUT', `/runs/${other}`, { tags: ['v1'] });
    expect(await attached(other)).toEqual([id]);
    await ask('PUT', `/alerts/${id}`, { enabled: false });
    expect(await attached(await newRun({ tags: ['v1'] }))).toEqual([]);
  });

  it('has no status in a run until it is told, attached or not', async () => {
    const id = await create({ name: 'told', source: 'user' });
    const [run, other] = [await newRun({ alerts: [id] }), await newRun()];
    const status = async (of: string) => (await ask('GET', `/alerts/${id}/status/${of}`)).json;
    expect(await status(run)).toEqual({ status: null });
    expect((await view(run)).alerts[0].status).toBe(null);
    expect((await ask('PUT', `/alerts/${id}/status/${run}`, { status: 'ok' })).status).toBe(200);
    await ask('PUT', `/alerts/${id}/status/${other}`, { status: 'critical' });
    expect([await status(run), await status(other)]).toEqual([{ status: 'ok' }, { status: 'critical' }]);
    const [told] = (await view(run)).alerts;
    expect(told.status).toBe('ok');
    await ask('PUT', `/alerts/${id}/status/${run}`, { status: 'ok' });
    expect((await view(run)).alerts[0].since).toBe(told.since);
    await ask('PUT', `/alerts/${id}/status/${run}`, { status: 'critical' });
    expect((await view(run)).alerts[0].since > told.since).toBe(true);
    expect((await view(other)).alerts).toEqual([]);
  });

  it('that aborts stops its run when it is critical', async () => {
    const id = await create({ name: 'stop', source: 'user', abort: true });
    const run = await newRun({ alerts: [id] });
    await ask('PUT', `/alerts/${id}/status/${run}`, { status: 'ok' });
    expect((await ask('GET', `/runs/${run}/abort`)).json.status).toBe(false);
    await ask('PUT', `/alerts/${id}/status/${run}`, { status: 'critical' });
    expect((await ask('GET', `/runs/${run}/abort`)).json).toMatchObject({
      status: true,
      reason: 'alert "stop" is critical',
    });
  });

  it.each([
    ['no name', { source: 'user' }, ['body', 'name']],
    ['a source that is none', { name: 'x', source: 'logs' }, ['body', 'source']],
    ['no rule', { name: 'x', source: 'metrics' }, ['body', 'alert']],
    ['a rule for a user alert', { name: 'x', source: 'user', alert: THRESHOLD }, ['body', 'alert']],
    ['a rule that is none', metrics('x', { ...THRESHOLD, rule: 'is over' }), ['body', 'alert', 'rule']],
    ['no threshold', metrics('x', { ...THRESHOLD, threshold: undefined }), ['body', 'alert', 'threshold']],
    ['a range upside down', metrics('x', { ...RANGE, range_low: 9 }), ['body', 'alert', 'range_low']],
    ['half a range', metrics('x', { ...RANGE, range_high: undefined }), ['body', 'alert', 'range_high']],
    ['a window of 0', metrics('x', { ...THRESHOLD, window: 0 }), ['body', 'alert', 'window']],
    [
      'an aggregation that is none',
      metrics('x', { ...THRESHOLD, aggregation: 'median' }),
      ['body', 'alert', 'aggregation'],
    ],
    ['an unknown field', { name: 'x', source: 'user', colour: 'red' }, ['body', 'colour']],
  ])('with %s is refused, naming the field', async (_what, body, loc) => {
    const { status, json } = await ask('POST', '/alerts', body);
    expect([status, json.detail[0].loc]).toEqual([422, loc]);
  });
});
