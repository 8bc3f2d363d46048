import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

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
});
