import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRun, saveArtifact } from '../../support/artifact-client.ts';
import { TestCollector } from '../../support/collector-app.ts';

const EMBEDDED = 'default000000000000000';
const FILE = { name: 'disk', backend: 'File', disable_check: true, is_tenant_useable: true, is_enabled: true };
const S3 = {
  name: 'bucket store',
  backend: 'S3',
  disable_check: true,
  is_tenant_useable: false,
  is_default: false,
  is_enabled: false,
  config: {
    endpoint_url: 'https://not-a-real-url.invalid/',
    region_name: 'fictionsville',
    access_key_id: 'dummy_key',
    secret_access_key: 'not_a_key',
    bucket: 'dummy_bucket',
  },
};
let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());
const ask: TestCollector['ask'] = (...request) => collector.ask(...request);

describe('storage', () => {
  it('has an embedded one from the start, in a bare list', async () => {
    const { status, json } = await ask('GET', '/storage');
    expect(status).toBe(200);
    expect(json[0]).toMatchObject({ id: EMBEDDED, backend: 'File', is_default: true, is_enabled: true });
  });

  it('says what the data directory takes, by kind, and which runs sent the most', async () => {
    const run = await createRun(collector);
    const before = (await ask('GET', '/storage/usage')).json;
    await saveArtifact(collector, Buffer.alloc(5000, 'a'), {}, { id: run, category: 'input' });
    await collector.post('/events', {
      run,
      events: [{ message: 'big'.repeat(1000), timestamp: '2026-01-01T00:00:00.000000' }],
    });
    await ask('PUT', `/runs/${run}`, { ttl: 3600, status: 'completed' });
    // What runs sent is counted when the collector closes, at the latest.
    await collector.reopen();
    const { status, json } = await ask('GET', '/storage/usage');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      path: collector.dataDirectory,
      artifacts: before.artifacts + 5000,
      expiring: { runs: 1, next: expect.stringMatching(/^\d{4}-/) },
    });
    expect(json.largest.find(({ id }: { id: string }) => id === run).received).toBeGreaterThan(3000);
    for (const kind of ['points', 'log', 'catalogue', 'free']) expect(json[kind]).toBeGreaterThan(0);
    expect(json.free).toBeLessThanOrEqual(json.total);
    await ask('PUT', `/runs/${run}`, { ttl: Number.MAX_SAFE_INTEGER });
    expect((await ask('GET', '/storage/usage')).json.expiring).toMatchObject({ next: expect.stringMatching(/^2262-/) });
    await ask('DELETE', `/runs/${run}`);
    expect((await ask('GET', '/storage/usage')).json).toMatchObject({
      artifacts: before.artifacts,
      expiring: { runs: 0, next: null },
    });
  });

  it('of S3 is kept without being contacted, and never shows its secrets', async () => {
    const { status, json } = await ask('POST', '/storage', S3);
    expect([status, json]).toEqual([200, { id: expect.stringMatching(/^[A-Za-z0-9]{22}$/) }]);
    const view = await ask('GET', `/storage/${json.id}`);
    expect(view.json).toEqual({
      id: json.id,
      name: 'bucket store',
      backend: 'S3',
      config: { endpoint_url: 'https://not-a-real-url.invalid/', region_name: 'fictionsville', bucket: 'dummy_bucket' },
      is_default: false,
      is_tenant_useable: false,
      is_enabled: false,
      created: expect.any(String),
      user: 'local',
    });
    expect(JSON.stringify([view.json, (await ask('GET', '/storage')).json])).not.toMatch(/dummy_key|not_a_key/);
    expect((await ask('PUT', `/storage/${json.id}`, { name: 'other', is_enabled: true })).status).toBe(200);
    expect((await ask('GET', `/storage/${json.id}`)).json).toMatchObject({ name: 'other', is_enabled: true });
    expect(await ask('DELETE', `/storage/${json.id}`)).toMatchObject({ status: 200, json: {} });
    expect((await ask('GET', `/storage/${json.id}`)).status).toBe(404);
  });

  it('has one default, which takes new artifacts when it can hold them', async () => {
    const { id } = (await ask('POST', '/storage', { ...FILE, is_default: true })).json;
    const defaults = (await ask('GET', '/storage')).json.filter((view: { is_default: boolean }) => view.is_default);
    expect(defaults.map((view: { id: string }) => view.id)).toEqual([id]);
    const run = await createRun(collector);
    const held = await saveArtifact(collector, Buffer.from('a'), {}, { id: run, category: 'input' });
    expect(held.storage_id).toBe(id);

    const s3 = (await ask('POST', '/storage', { ...S3, is_default: true, is_enabled: true })).json.id;
    expect((await saveArtifact(collector, Buffer.from('b'))).storage_id).toBe(EMBEDDED);
    const inUse = await ask('DELETE', `/storage/${id}`);
    expect([inUse.status, inUse.json.detail]).toEqual([409, expect.stringContaining('holds artifacts')]);
    const isDefault = await ask('DELETE', `/storage/${s3}`);
    expect([isDefault.status, isDefault.json.detail]).toEqual([409, expect.stringContaining('the default')]);
    expect((await ask('PUT', `/storage/${s3}`, { is_default: false })).status).toBe(409);

    await ask('PUT', `/storage/${EMBEDDED}`, { is_default: true });
    await ask('DELETE', `/runs/${run}`);
    expect((await ask('DELETE', `/storage/${id}`)).status).toBe(200);
    expect((await ask('DELETE', `/storage/${EMBEDDED}`)).status).toBe(409);
  });

  it.each([
    ['backend', { ...FILE, backend: 'Tape' }],
    ['config', { ...S3, config: undefined }],
    ['name', { ...FILE, name: '' }],
    ['bucket', { ...S3, config: { ...S3.config, bucket: 5 } }],
  ])('with a wrong %s is a 422 that names it', async (field, body) => {
    const { status, json } = await ask('POST', '/storage', body);
    expect([status, json.detail[0].loc]).toEqual([422, expect.arrayContaining([field])]);
  });
});
