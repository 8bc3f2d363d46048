import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

describe('statistics by REST', () => {
  it('count what the asker has, from nothing on, and what is sent again once', async () => {
    const usage = async (query = '') => (await collector.ask('GET', `/stats?single=False${query}`)).json;
    const none = { runs: 0, alerts: 0, tags: 0, files: 0, volume: 0, events: 0, metrics: 0 };
    expect(await usage()).toEqual({ local: none });
    const { id: run } = (await collector.ask('POST', '/runs', { folder: '/stats', tags: ['a', 'b'] })).json;
    await collector.ask('POST', '/alerts', { name: 'told', source: 'user' });
    const values = { x: 1, y: 2 };
    const timestamp = '2026-01-01T00:00:00.0';
    for (let sending = 0; sending < 2; sending++) {
      await collector.post('/metrics', { run, metrics: [{ time: 1, timestamp, step: 1, values }] });
      await collector.post('/events', { run, events: [{ message: 'm', timestamp }] });
    }
    // What was received is written at the end.
    await collector.reopen();
    expect(await usage()).toEqual({ local: { ...none, runs: 1, alerts: 1, tags: 2, events: 1, metrics: 2 } });
    expect(await usage('&tenant=elsewhere')).toEqual({});
    expect((await collector.ask('GET', '/stats')).json).toMatchObject({ runs: { created: 1, running: 0 } });
  });
});

describe('a user by REST', () => {
  const body = (fullname: string) => ({
    user: { username: 'jo', fullname, email: 'jo@example.org', is_readonly: true },
  });
  const view = async (id: string) => (await collector.ask('GET', `/users/${id}`)).json;

  it('is made once, marked when deleted, and made anew under the same name', async () => {
    const made = await collector.ask('POST', '/users', body('First'));
    expect(made.status).toBe(200);
    const { id } = made.json;
    expect(await collector.ask('POST', '/users', body('Twin'))).toMatchObject({ status: 409, json: { id } });
    expect(await view(id)).toMatchObject({ fullname: 'First', is_enabled: true, is_deleted: false });

    expect((await collector.ask('DELETE', `/users/${id}`)).json).toEqual({});
    expect(await view(id)).toMatchObject({ is_enabled: false, is_deleted: true });

    expect(await collector.ask('POST', '/users', body('Second'))).toMatchObject({ status: 200, json: { id } });
    expect(await view(id)).toMatchObject({ fullname: 'Second', is_enabled: true, is_deleted: false });
  });

  it('is renamed as long as nothing knows it by its name', async () => {
    const { id } = (await collector.ask('POST', '/users', { user: { username: 'new' } })).json;
    expect((await collector.ask('PUT', `/users/${id}`, { username: 'newer' })).status).toBe(200);
    const local = (await collector.ask('POST', '/users', { user: { username: 'local' } })).json;
    const refused = await collector.ask('PUT', `/users/${local.id}`, { username: 'remote' });
    expect([refused.status, refused.json.detail]).toEqual([409, expect.stringContaining('has tokens or runs')]);
  });
});
