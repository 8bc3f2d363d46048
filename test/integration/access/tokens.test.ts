import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply, TestCollector } from '../../support/collector-app.ts';
import { TestCollector as Open } from '../../support/collector-app.ts';
import { startGuarded } from '../../support/guarded-collector.ts';

const DAY_SECONDS = 86_400;
const USERS = {
  ann: { username: 'ann', scopes: ['read', 'ingest'], lifetimeSeconds: DAY_SECONDS },
  bob: { username: 'bob', scopes: ['read'], lifetimeSeconds: DAY_SECONDS },
  root: { username: 'root', scopes: ['admin'], lifetimeSeconds: 400 * DAY_SECONDS },
} as const;
type Who = keyof typeof USERS;

let collector: TestCollector;
let tokens: Readonly<Record<Who, string>>;
const cookies = {} as Record<Who, string>;
const as = (who: Who, method: string, path: string, body?: unknown): Promise<Reply> =>
  collector.ask(method, path, body, { cookie: cookies[who] });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const lifetimeDays = ({ created, expires }: { created: string; expires: string }): number =>
  (Date.parse(`${expires}Z`) - Date.parse(`${created}Z`)) / DAY_SECONDS / 1000;

beforeAll(async () => {
  ({ collector, tokens } = await startGuarded(USERS));
  for (const who of Object.keys(USERS) as Who[]) {
    const { headers } = await collector.ask('POST', '/session', { token: tokens[who] });
    cookies[who] = headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  }
});
afterAll(() => collector[Symbol.asyncDispose]());

describe('tokens that are made on the page', () => {
  it('works at once, is told once, and stops when it is revoked', async () => {
    const made = (await as('ann', 'POST', '/tokens', { name: 'sweep B' })).json;
    expect(made).toMatchObject({ name: 'sweep B', user: 'ann', scopes: ['read', 'ingest'], revoked: null });
    const { status, json: run } = await collector.ask('POST', '/runs', { folder: '/t' }, bearer(made.token));
    expect(status).toBe(200);
    expect((await as('ann', 'GET', `/runs/${run.id}`)).json.user).toBe('ann');

    const list = (await as('ann', 'GET', '/tokens')).json;
    expect(list.data[0]).toMatchObject({ id: made.id, name: 'sweep B' });
    expect(JSON.stringify(list)).not.toContain(made.token);

    expect((await as('ann', 'DELETE', `/tokens/${made.id}`)).status).toBe(200);
    expect((await collector.ask('GET', '/runs', undefined, bearer(made.token))).status).toBe(401);
    expect((await as('ann', 'DELETE', `/tokens/${made.id}`)).status).toBe(404);
  });

  it('gives away no more, and for no longer, than its maker has', async () => {
    expect((await as('bob', 'POST', '/tokens', { name: 'more', scopes: ['ingest'] })).status).toBe(403);
    expect((await as('ann', 'POST', '/tokens', { name: 'more', scopes: ['admin'] })).status).toBe(403);
    const lent = (await as('bob', 'POST', '/tokens', { name: 'reads', lifetime_seconds: 30 * DAY_SECONDS })).json;
    expect(lent.scopes).toEqual(['read']);
    expect(lifetimeDays(lent)).toBeLessThan(1.01);
    const long = (await as('root', 'POST', '/tokens', { name: 'all', scopes: ['admin'] })).json;
    expect(lifetimeDays(long)).toBeCloseTo(90, 1);
  });

  it('is not made by a program that has only a token', async () => {
    const refused = await collector.ask('POST', '/tokens', { name: 'again' }, bearer(tokens.root));
    expect(refused.status).toBe(403);
    expect(refused.json.detail).toContain('sign in on the page');
  });

  it('is neither seen nor revoked by others, but by admins', async () => {
    const { id } = (await as('ann', 'POST', '/tokens', { name: 'mine' })).json;
    const seenBy = async (who: Who): Promise<boolean> =>
      (await as(who, 'GET', '/tokens')).json.data.some((token: { id: string }) => token.id === id);
    expect([await seenBy('ann'), await seenBy('bob'), await seenBy('root')]).toEqual([true, false, true]);
    expect((await as('bob', 'DELETE', `/tokens/${id}`)).status).toBe(404);
    expect((await as('root', 'DELETE', `/tokens/${id}`)).status).toBe(200);
  });

  it('ends the session that its revocation leaves without ground', async () => {
    const { token, id } = (await as('ann', 'POST', '/tokens', { name: 'session' })).json;
    const { headers } = await collector.ask('POST', '/session', { token });
    const cookie = headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    expect((await collector.ask('GET', '/runs', undefined, { cookie })).status).toBe(200);
    await as('ann', 'DELETE', `/tokens/${id}`);
    expect((await collector.ask('GET', '/runs', undefined, { cookie })).status).toBe(401);
    expect((await collector.ask('GET', '/session', undefined, { cookie })).json.username).toBeNull();
  });

  it.each([
    ['name', { name: '' }],
    ['scopes', { name: 'x', scopes: ['root'] }],
    ['scopes', { name: 'x', scopes: [] }],
    ['lifetime_seconds', { name: 'x', lifetime_seconds: 1 }],
  ])('names the field %s when it is wrong: %j', async (field, body) => {
    const { status, json } = await as('ann', 'POST', '/tokens', body);
    expect(status).toBe(422);
    expect(json.detail[0].loc.slice(0, 2)).toEqual(['body', field]);
  });

  it('needs no sign-in on an open loopback', async () => {
    await using open = await Open.start();
    const { status, json } = await open.ask('POST', '/tokens', { name: 'here', scopes: ['ingest'] });
    expect([status, json.user]).toEqual([200, 'local']);
  });
});
