import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TagView } from '../../../collector/api/contract/run.ts';
import type { TestCollector } from '../../support/collector-app.ts';
import { startGuarded } from '../../support/guarded-collector.ts';

const USERS = {
  ann: { username: 'ann', scopes: ['read', 'ingest'], tenant: 'one' },
  bob: { username: 'bob', scopes: ['read', 'ingest'], tenant: 'one' },
  carl: { username: 'carl', scopes: ['read', 'ingest'], tenant: 'two' },
  reader: { username: 'reader', scopes: ['read'] },
  writer: { username: 'writer', scopes: ['ingest'] },
  pipeline: { username: 'pipeline', scopes: ['ingest', 'ingest:any', 'ingest:delegate'] },
  admin: { username: 'root', scopes: ['admin'] },
  expired: { username: 'ann', scopes: ['read', 'ingest'], lifetimeSeconds: -60 },
  longExpired: { username: 'ann', scopes: ['read', 'ingest'], lifetimeSeconds: -90_000 },
  revoked: { username: 'ann', scopes: ['read', 'ingest'], isRevoked: true },
} as const;
type Who = keyof typeof USERS;

let collector: TestCollector;
let tokens: Readonly<Record<Who, string>>;
beforeAll(async () => {
  ({ collector, tokens } = await startGuarded(USERS));
});
afterAll(() => collector[Symbol.asyncDispose]());

const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };
const as = (who: Who, method: string, path: string, body?: unknown) =>
  collector.ask(method, path, body, bearer(tokens[who]));
const newRun = async (who: Who, body: object = {}): Promise<string> =>
  (await as(who, 'POST', '/runs', { folder: '/access', status: 'running', ...body })).json.id;
const otlp = async (token: string | undefined, attributes: Record<string, string>, encoding = 'json') => {
  const list = Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } }));
  const dataPoints = [{ timeUnixNano: String(Date.now() * 1e6), asDouble: 1 }];
  const scopeMetrics = [{ metrics: [{ name: 'loss', gauge: { dataPoints } }] }];
  const response = await fetch(`${collector.url}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf', ...bearer(token) },
    body: JSON.stringify({ resourceMetrics: [{ resource: { attributes: list }, scopeMetrics }] }),
  });
  return { status: response.status, text: await response.text() };
};

describe('who has no good token', () => {
  it.each<[string, () => string | undefined, number]>([
    ['without a token', () => undefined, 401],
    ['with a token of somewhere else', () => `${tokens.ann.slice(0, -4)}AAAA`, 401],
    ['with an expired token', () => tokens.expired, 401],
    ['with a revoked token', () => tokens.revoked, 401],
  ])('%s reads nothing and writes nothing', async (_who, token, status) => {
    for (const [method, path, body] of [
      ['GET', '/runs', undefined],
      ['GET', '/live', undefined],
      ['GET', '/whoami', undefined],
      ['POST', '/runs', { folder: '/x' }],
      ['POST', '/artifacts', {}],
      ['GET', '/storage', undefined],
    ] as const) {
      const answer = await collector.ask(method, path, body, bearer(token()));
      expect([method, path, answer.status, answer.headers.get('www-authenticate')]).toEqual([
        method,
        path,
        status,
        'Bearer',
      ]);
      expect(answer.json.detail).toContain('Unauthorised token');
    }
    expect((await fetch(`${collector.url}/metrics`, { headers: bearer(token()) })).status).toBe(status);
  });

  it('sees that a bad token is bad at the first call of every client', async () => {
    expect((await collector.ask('GET', '/version')).json).toEqual({ version: '1.5.0' });
    expect((await as('expired', 'GET', '/version')).status).toBe(401);
    expect((await as('ann', 'GET', '/version')).status).toBe(200);
  });

  it('sends OTLP in vain; a token that was good yesterday is answered 503, so that a Collector keeps its data', async () => {
    const resource = { 'simvue.run.id': 'guarded' };
    expect((await otlp(undefined, resource)).status).toBe(401);
    expect((await otlp('nonsense', resource)).status).toBe(401);
    expect((await otlp(tokens.expired, resource)).status).toBe(503);
    expect((await otlp(tokens.revoked, resource)).status).toBe(503);
    expect((await otlp(tokens.longExpired, resource)).status).toBe(401);
    const refused = await otlp(undefined, resource);
    expect(JSON.parse(refused.text)).toMatchObject({ message: expect.stringContaining('Unauthorised token') });
    const metrics = await (await fetch(`${collector.url}/metrics`, { headers: bearer(tokens.admin) })).text();
    expect(metrics).toMatch(/refused_credentials_total\{reason="expired"\} [1-9]/);
  });

  it('gets the page and the health, which hold no data', async () => {
    expect((await fetch(`${collector.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${collector.url}/`)).status).toBe(200);
    expect((await collector.ask('GET', '/session')).json).toEqual({ needs_token: true, username: null });
  });
});

describe('what a token does not allow', () => {
  it.each<[Who, string, string, unknown]>([
    ['reader', 'POST', '/runs', { folder: '/x' }],
    ['reader', 'POST', '/tags', { name: 'x' }],
    ['reader', 'POST', '/alerts', { name: 'x', source: 'user' }],
    ['ann', 'GET', '/users', undefined],
    ['ann', 'POST', '/users', { username: 'eve', is_admin: true }],
    ['ann', 'POST', '/tenants', { name: 'mine' }],
    ['ann', 'POST', '/storage', { name: 'mine', backend: 'File' }],
  ])('%s is forbidden to %s %s', async (who, method, path, body) => {
    const answer = await as(who, method, path, body);
    expect([answer.status, answer.json.detail]).toEqual([403, expect.stringContaining('You do not have permission')]);
  });

  it('is to write by OTLP without the scope', async () => {
    expect((await otlp(tokens.reader, { 'simvue.run.id': 'r' })).status).toBe(403);
    expect((await otlp(tokens.writer, { 'simvue.run.id': 'w' })).status).toBe(200);
  });
});

describe('a private run', () => {
  it('is not there for anybody else, on any read', async () => {
    const run = await newRun('ann', { name: 'secret', tags: ['hidden'] });
    const point = { time: 1, timestamp: '2026-01-01T00:00:00.000000', step: 1, values: { loss: 1 } };
    expect((await collector.post('/metrics', { run, metrics: [point] }, bearer(tokens.ann))).status).toBe(200);
    for (const who of ['bob', 'carl', 'reader', 'writer'] as const) {
      const reads = [
        `/runs/${run}`,
        `/runs/${run}/series`,
        `/runs/${run}/instances`,
        `/runs/${run}/abort`,
        `/runs/${run}/grids`,
        `/runs/${run}/plot?series=1`,
        `/runs/${run}/events`,
        `/runs/${run}/events/histogram`,
        `/events?run=${run}`,
        `/metrics/names?runs=["${run}"]`,
        `/points?runs=["${run}"]`,
        `/runs/${run}/metrics/names`,
        `/runs/${run}/metrics/loss/span`,
      ];
      for (const path of reads) expect([who, path, (await as(who, 'GET', path)).status]).toEqual([who, path, 404]);
      expect((await as(who, 'GET', `/metrics?runs=["${run}"]&metrics=["loss"]`)).json).toEqual({});
      expect((await as(who, 'GET', `/plots?series={"${run}":[1]}`)).json).toEqual({ data: {} });
      const listed = (await as(who, 'GET', '/runs')).json.data.map(({ id }: { id: string }) => id);
      expect(listed).not.toContain(run);
    }
    expect((await as('ann', 'GET', `/runs/${run}`)).json).toMatchObject({ user: 'ann', name: 'secret' });
    expect((await as('admin', 'GET', `/runs/${run}`)).status).toBe(200);
  });

  it('is not changed by others, who get a word when they may see it', async () => {
    const run = await newRun('ann', { visibility: { tenant: true } });
    const point = { time: 1, timestamp: '2026-01-01T00:00:00.000000', step: 1, values: { loss: 1 } };
    const writes: [string, string, unknown][] = [
      ['PUT', `/runs/${run}`, { name: 'mine' }],
      ['PUT', `/runs/${run}/abort`, { reason: 'x' }],
      ['PUT', `/runs/${run}/heartbeat`, undefined],
      ['DELETE', `/runs/${run}`, undefined],
    ];
    for (const [who, status] of [
      ['bob', 403],
      ['carl', 404],
    ] as const) {
      for (const [method, path, body] of writes)
        expect([who, path, (await as(who, method, path, body)).status]).toEqual([who, path, status]);
      expect((await collector.post('/metrics', { run, metrics: [point] }, bearer(tokens[who]))).status).toBe(status);
      expect((await collector.post(`/runs/${run}/metrics`, [], bearer(tokens[who]))).status).toBe(status);
    }
    const refused = await otlp(tokens.bob, { 'simvue.run.id': run });
    expect([refused.status, refused.text]).toEqual([200, expect.stringContaining('run belongs to another user')]);
    expect((await as('ann', 'GET', `/runs/${run}`)).json).toMatchObject({ metrics: {}, status: 'running' });
  });
});

describe('a tag', () => {
  it('is not taken from runs and folders of others, nor renamed in them', async () => {
    const run = await newRun('ann', { tags: ['shared'] });
    await newRun('bob', { tags: ['shared', 'of bob'] });
    const tagId = async (name: string) =>
      (await as('bob', 'GET', '/tags')).json.data.find((tag: { name: string }) => tag.name === name).id;
    const shared = `/tags/${await tagId('shared')}`;
    expect((await as('bob', 'PUT', shared, { name: 'mine' })).status).toBe(403);
    expect((await as('bob', 'DELETE', shared)).status).toBe(403);
    expect((await as('ann', 'GET', `/runs/${run}`)).json.tags).toEqual(['shared']);
    expect((await as('bob', 'DELETE', `/tags/${await tagId('of bob')}`)).status).toBe(200);
    expect((await as('admin', 'DELETE', shared)).status).toBe(200);
    expect((await as('ann', 'GET', `/runs/${run}`)).json.tags).toEqual([]);
  });
});

describe('a list of tags', () => {
  it('names and counts what hangs on runs that the asker may see, and the own tags', async () => {
    const [mine, tenants, all] = [['mine'], ['mine', 'of the tenant'], ['mine', 'of all']];
    await newRun('ann', { tags: mine });
    await newRun('ann', { tags: tenants, visibility: { tenant: true, public: false, users: [] } });
    const named = await newRun('ann', { tags: all, visibility: { tenant: false, public: false, users: ['carl'] } });
    await as('reader', 'POST', '/tags', { name: 'refused' });
    await as('carl', 'POST', '/tags', { name: 'without runs' });
    const shown = async (who: Who) => {
      const { json } = await as(who, 'GET', '/tags?count=1000');
      expect(json.count).toBe(json.data.length);
      const known = new Set([...tenants, ...all, 'without runs']);
      return Object.fromEntries(
        json.data.filter(({ name }: { name: string }) => known.has(name)).map((tag: TagView) => [tag.name, tag.runs]),
      );
    };
    expect(await shown('ann')).toEqual({ mine: 3, 'of the tenant': 1, 'of all': 1 });
    expect(await shown('bob')).toEqual({ mine: 1, 'of the tenant': 1 });
    expect(await shown('carl')).toEqual({ mine: 1, 'of all': 1, 'without runs': 0 });
    expect(await shown('reader')).toEqual({});
    expect(await shown('admin')).toEqual({ mine: 3, 'of the tenant': 1, 'of all': 1, 'without runs': 0 });
    await as('ann', 'PUT', `/runs/${named}`, { visibility: { tenant: false, public: true, users: [] } });
    expect(await shown('reader')).toEqual({ mine: 1, 'of all': 1 });
    expect((await as('reader', 'GET', '/stats')).json.runs).toMatchObject({ running: expect.any(Number) });
  });
});

describe('visibility', () => {
  it.each<[string, object, Who[]]>([
    ['the tenant', { tenant: true }, ['bob']],
    ['everybody', { public: true }, ['bob', 'carl', 'reader']],
    ['named users', { users: ['carl'] }, ['carl']],
    ['nobody', {}, []],
  ])('for %s shows the run to them, in the list too', async (_whom, visibility, whom) => {
    const run = await newRun('ann', { visibility });
    for (const who of ['bob', 'carl', 'reader', 'writer'] as const) {
      const isSeen = whom.includes(who);
      expect([who, (await as(who, 'GET', `/runs/${run}`)).status]).toEqual([who, isSeen ? 200 : 404]);
      const listed = (await as(who, 'GET', '/runs?count=1000')).json.data.map(({ id }: { id: string }) => id);
      expect([who, listed.includes(run)]).toEqual([who, isSeen]);
    }
  });
});

describe('the live stream', () => {
  it('tells each reader of the runs that it may read, deletions included', async () => {
    const open = async (who: Who) => {
      const response = await fetch(`${collector.url}/api/live`, { headers: bearer(tokens[who]) });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      const state = { text: '', stop: () => reader?.cancel() };
      (async () => {
        for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read())
          state.text += part.value;
      })();
      return state;
    };
    const [ann, bob] = [await open('ann'), await open('bob')];
    const hidden = await newRun('ann');
    const shared = await newRun('ann', { visibility: { tenant: true } });
    await as('ann', 'DELETE', `/runs/${hidden}`);
    await as('ann', 'DELETE', `/runs/${shared}`);
    await expect.poll(() => ann.text).toContain(hidden);
    await expect.poll(() => bob.text).toMatch(new RegExp(`${shared}[^}]*"deleted":true`));
    expect(bob.text).not.toContain(hidden);
    await Promise.all([ann.stop(), bob.stop()]);
  });
});

describe('a pipeline', () => {
  it('writes to runs of others with ingest:any', async () => {
    const run = await newRun('ann');
    expect((await otlp(tokens.pipeline, { 'simvue.run.id': run })).text).not.toContain('another user');
    expect((await as('ann', 'GET', `/runs/${run}`)).json).toMatchObject({
      user: 'ann',
      metrics: { loss: { count: 1 } },
    });
  });

  it('makes runs in the name of others with ingest:delegate, who else tries owns them itself', async () => {
    await otlp(tokens.pipeline, { 'simvue.run.id': 'for-bob', 'simvue.run.user': 'bob' });
    await otlp(tokens.writer, { 'simvue.run.id': 'not-for-bob', 'simvue.run.user': 'bob' });
    const owners = (await as('admin', 'GET', '/runs?count=1000')).json.data.map(
      (run: { external_id: string; user: string }) => [run.external_id, run.user],
    );
    expect(owners).toContainEqual(['for-bob', 'bob']);
    expect(owners).toContainEqual(['not-for-bob', 'writer']);
  });

  it('of two users with the same run id writes to two runs when they are of two tenants', async () => {
    expect((await otlp(tokens.ann, { 'simvue.run.id': 'case-1' })).text).not.toContain('another user');
    expect((await otlp(tokens.carl, { 'simvue.run.id': 'case-1' })).text).not.toContain('another user');
    expect((await otlp(tokens.bob, { 'simvue.run.id': 'case-1' })).text).toContain('another user');
  });

  it('is decided after a restart as before it', async () => {
    await collector.reopen();
    const runs = (await as('carl', 'GET', '/runs?count=1000')).json.data.filter(
      (run: { external_id: string }) => run.external_id === 'case-1',
    );
    expect(runs.map((run: { user: string }) => run.user)).toEqual(['carl']);
  });
});

describe('a browser', () => {
  const cookieOf = (headers: Headers): string => headers.get('set-cookie') ?? '';

  it('signs in with a token for a cookie that scripts and other sites do not get, and out again', async () => {
    const signedIn = await collector.ask('POST', '/session', { token: tokens.ann });
    expect([signedIn.status, signedIn.json]).toEqual([200, { needs_token: true, username: 'ann' }]);
    expect(cookieOf(signedIn.headers)).toMatch(
      /^simvue_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    const cookie = cookieOf(signedIn.headers).split(';', 1)[0] ?? '';
    expect((await collector.ask('GET', '/whoami', undefined, { cookie })).json).toMatchObject({
      username: 'ann',
      tenant: 'one',
    });
    expect((await collector.ask('GET', '/session', undefined, { cookie })).json.username).toBe('ann');
    await collector.ask('DELETE', '/session', undefined, { cookie });
    expect((await collector.ask('GET', '/whoami', undefined, { cookie })).status).toBe(401);
  });

  it('is refused with a bad token, and on a write that another site sends with its cookie', async () => {
    expect((await collector.ask('POST', '/session', { token: 'nope' })).status).toBe(401);
    const cookie =
      cookieOf((await collector.ask('POST', '/session', { token: tokens.ann })).headers).split(';', 1)[0] ?? '';
    const evil = await collector.ask('POST', '/runs', { folder: '/x' }, { cookie, origin: 'https://evil.example' });
    expect([evil.status, evil.json.detail]).toEqual([403, expect.stringContaining('Origin')]);
  });
});
