import { join } from 'node:path';
import { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';
import { artifactBody } from '../../support/artifact-client.ts';
import type { TestCollector } from '../../support/collector-app.ts';
import { GrpcClient } from '../../support/grpc-client.ts';
import { startGuarded } from '../../support/guarded-collector.ts';

const scopes = ['read', 'ingest'] as const;
const USERS = {
  root: { username: 'root', scopes: ['admin'], tenant: 'closed' },
  ann: { username: 'ann', scopes, tenant: 'small' },
  bob: { username: 'bob', scopes, tenant: 'slow' },
  carl: { username: 'carl', scopes, tenant: 'full' },
  dora: { username: 'dora', scopes, tenant: 'closed' },
} as const;
type Who = keyof typeof USERS;

let collector: TestCollector;
let tokens: Readonly<Record<Who, string>>;
const bearer = (who: Who) => ({ authorization: `Bearer ${tokens[who]}` });
const as = (who: Who, method: string, path: string, body?: unknown) => collector.ask(method, path, body, bearer(who));
const run = { folder: '/limits', status: 'running' };
const metrics = (id: string) => ({
  run: id,
  metrics: [{ timestamp: '2026-01-31T12:00:00.000000', step: 1, time: 1, values: { loss: 1 } }],
});

beforeAll(async () => {
  ({ collector, tokens } = await startGuarded(USERS, { grpcPort: 0 }));
  for (const limits of [
    { name: 'small', max_runs: 3 },
    { name: 'slow', max_request_rate: 1 },
    { name: 'full', max_data_volume: 1 },
    { name: 'closed', is_enabled: false },
  ])
    expect((await as('root', 'POST', '/tenants', limits)).status).toBe(200);
});
afterAll(() => collector[Symbol.asyncDispose]());

describe('limits of a tenant', () => {
  it('max_runs: further runs wait until others are deleted; a batch is taken whole or not at all', async () => {
    const { id } = (await as('ann', 'POST', '/runs', run)).json;
    expect((await as('ann', 'POST', '/runs', [run, run, run])).status).toBe(503);
    expect((await as('ann', 'POST', '/runs', [run, run])).status).toBe(200);
    const refused = await as('ann', 'POST', '/runs', run);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    expect(refused.json.detail).toContain('may have 3 runs');
    expect((await as('ann', 'GET', '/runs')).json.count).toBe(3);
    expect((await collector.post('/metrics', metrics(id), bearer('ann'))).status).toBe(200);
    await as('ann', 'DELETE', `/runs/${id}`);
    expect((await as('ann', 'POST', '/runs', run)).status).toBe(200);
  });

  it('max_runs: of many that come at once no more are made than there is room for', async () => {
    const [{ id }] = (await as('ann', 'GET', '/runs')).json.data;
    await as('ann', 'DELETE', `/runs/${id}`);
    const answers = await Promise.all(Array.from({ length: 12 }, () => as('ann', 'POST', '/runs', run)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(11).fill(503)]);
  });

  it('max_runs over OTLP: the data of a run too many is refused with the reason, that of the others is stored', async () => {
    const resource = (id: string) => ({ attributes: [{ key: 'simvue.run.id', value: { stringValue: id } }] });
    const point = { timeUnixNano: '1769860800000000000', asDouble: 1 };
    const scopeMetrics = [{ metrics: [{ name: 'loss', gauge: { dataPoints: [point] } }] }];
    const response = await fetch(`${collector.url}/v1/metrics`, {
      method: 'POST',
      headers: { ...bearer('ann'), 'content-type': 'application/json' },
      body: JSON.stringify({ resourceMetrics: [{ resource: resource('one too many'), scopeMetrics }] }),
    });
    expect([response.status, await response.json()]).toEqual([
      200,
      { partialSuccess: { rejectedDataPoints: '1', errorMessage: expect.stringContaining('may have 3 runs') } },
    ]);
  });

  it('max_request_rate: of all its users and tokens together, answered as the Python client bears it', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => as('bob', 'GET', '/runs')));
    const late = answers.filter(({ status }) => status !== 200);
    expect(late.length).toBeGreaterThan(10);
    expect(new Set(late.map(({ status }) => status))).toEqual(new Set([503]));
    expect(late[0]?.json.detail).toContain('too many requests of the tenant slow');
  });

  it('max_data_volume: data waits with its sender, reading and deleting go on', async () => {
    const { id } = (await as('carl', 'POST', '/runs', run)).json;
    const announced = (size: number) => as('carl', 'POST', '/artifacts', artifactBody(Buffer.alloc(0), { size }));
    expect((await announced(2 ** 30)).status).toBe(503);
    const small = (await announced(10)).json;
    const catalog = openCatalog(join(collector.dataDirectory, 'catalog.db'), () => 1n);
    await catalog.usage.addReceived([{ runId: id, tenant: 'full', bytes: 2 ** 30, points: 1, events: 0 }]);
    await catalog.close();

    const refused = await collector.post('/metrics', metrics(id), bearer('carl'));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    expect(refused.json.detail).toContain('may have 1 GiB');
    const otlp = await fetch(`${collector.url}/v1/metrics`, {
      method: 'POST',
      headers: { ...bearer('carl'), 'content-type': 'application/json' },
      body: '{}',
    });
    expect([otlp.status, await otlp.json()]).toEqual([503, expect.objectContaining({ code: 14 })]);
    using client = new GrpcClient(collector.grpcTarget.replace('0.0.0.0', '127.0.0.1'));
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${tokens.carl}`);
    expect((await client.export('metrics', Buffer.alloc(0), metadata)).code).toBe(14);
    expect((await fetch(small.url, { method: 'POST', body: new FormData() })).status).toBe(503);
    expect((await as('carl', 'GET', `/runs/${id}`)).status).toBe(200);
    expect((await as('carl', 'DELETE', `/runs/${id}`)).status).toBe(200);
    const next = (await as('carl', 'POST', '/runs', run)).json;
    expect((await collector.post('/metrics', metrics(next.id), bearer('carl'))).status).toBe(200);
  });

  it('belong to its name, which no other may take, and which it keeps while it has users or runs', async () => {
    const idOf = async (name: string) =>
      (await as('root', 'GET', '/tenants')).json.data.find((tenant: { name: string }) => tenant.name === name).id;
    const rename = async (from: string, to: string) =>
      (await as('root', 'PUT', `/tenants/${await idOf(from)}`, { name: to })).status;
    expect((await as('root', 'POST', '/tenants', { name: 'empty' })).status).toBe(200);
    expect(await rename('empty', 'small')).toBe(409);
    expect(await rename('small', 'large')).toBe(409);
    expect(await rename('empty', 'void')).toBe(200);
    const ann = (await as('root', 'GET', '/users')).json.data.find(
      (user: { username: string }) => user.username === 'ann',
    );
    expect((await as('root', 'PUT', `/users/${ann.id}`, { username: 'bob' })).status).toBe(409);
    expect((await as('root', 'GET', `/users/bob`)).json.tenant).toBe('slow');
  });

  it('is_enabled: nobody of a disabled tenant gets in but who could enable it again', async () => {
    const refused = await as('dora', 'GET', '/runs');
    expect([refused.status, refused.json.detail]).toEqual([401, 'the tenant closed is disabled']);
    expect((await as('root', 'GET', '/whoami')).json).toMatchObject({ username: 'root', tenant: 'closed' });
  });
});
