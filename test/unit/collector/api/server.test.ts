import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { SimvueError } from 'simvue-otel/errors';
import { afterAll, describe, expect, it } from 'vitest';
import { createPorts, createTestServer, runRow } from './ports.ts';

const host = 'localhost:4318';
const browser = { host, accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('every answer', () => {
  it.each(['/', '/api/runs', '/healthz', '/metrics', '/v1/nothing', '/assets/x.js', '/dashboard/runs/run/x'])(
    '%s is refused to another host, before anything is read',
    async (url) => {
      const { server } = createTestServer(createPorts());
      const answer = await server.inject({ url, headers: { host: 'rebound.example:4318' } });
      expect(answer.statusCode).toBe(403);
      expect(answer.json().detail).toContain('Host "rebound.example:4318" is not this collector');
    },
  );

  it('that a plug-in adds stands under the same rules and headers', async () => {
    const { server } = createTestServer(createPorts());
    server.post('/v1/metrics', () => ({}));
    const post = (headers: Record<string, string>) => server.inject({ method: 'POST', url: '/v1/metrics', headers });
    expect((await post({ host: 'rebound.example' })).statusCode).toBe(403);
    expect((await post({ host, origin: 'https://evil.example' })).statusCode).toBe(403);
    const answer = await post({ host });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  it.each([
    [new SimvueError('SIMVUE_ERR_STORE', 'disk full at /secret'), 503, 'Its log has the reason'],
    [new SimvueError('SIMVUE_ERR_OVERLOADED', 'busy sealing'), 503, 'busy sealing'],
    [new SimvueError('SIMVUE_ERR_MALFORMED', 'bad byte 7'), 400, 'bad byte 7'],
    [new SimvueError('SIMVUE_ERR_TOO_LARGE', 'over 32 MiB'), 413, 'over 32 MiB'],
    [new TypeError('undefined is not a function'), 503, 'Its log has the reason'],
    [Object.assign(new Error('odd'), { statusCode: 500 }), 503, 'Its log has the reason'],
    ['text', 503, 'Its log has the reason'],
  ])('to %s has no inner words', async (error, status, detail) => {
    const ports = createPorts();
    const { server } = createTestServer({
      ...ports,
      catalog: { ...ports.catalog, getRun: () => Promise.reject(error) },
    });
    const answer = await server.inject({ url: '/api/runs/a', headers: { host } });
    expect(answer.statusCode).toBe(status);
    expect(Object.keys(answer.json())).toEqual(['detail']);
    expect(answer.json().detail).toContain(detail);
    expect(answer.headers['retry-after']).toBe(status === 503 ? '2' : undefined);
  });

  it('to what is not there is JSON in words', async () => {
    const { server, get } = createTestServer(createPorts());
    expect(await get('/api/nosim/names')).toMatchObject({
      status: 404,
      json: { detail: expect.stringContaining('GET /api/nosim/names') },
    });
    const post = await server.inject({ method: 'POST', url: '/api/runs', headers: { host }, payload: { name: 'x' } });
    expect([post.statusCode, post.json().detail[0].loc]).toEqual([422, ['body', 'folder']]);
    expect((await get('/v1/nothing')).json).toEqual({
      detail: 'GET /v1/nothing is not served here: see GET /api/openapi.json',
    });
    expect(await get('/api/%zz')).toMatchObject({ status: 400, json: { detail: expect.stringContaining('/api/%zz') } });
  });
});

describe('a known path with another method', () => {
  it.each([
    ['PATCH', '/api/runs/abc', 'DELETE, GET, HEAD, PUT'],
    ['PUT', '/api/version', 'GET, HEAD'],
    ['PATCH', '/api/session', 'DELETE, GET, HEAD, POST'],
    ['POST', '/readyz', 'GET, HEAD'],
  ] as const)('%s %s is 405 with those that are served', async (method, url, allowed) => {
    const { server } = createTestServer(createPorts());
    const answer = await server.inject({ method, url, headers: { host } });
    expect([answer.statusCode, answer.headers['allow']]).toEqual([405, allowed]);
    expect(answer.json().detail).toBe(`${method} ${url}: this path takes ${allowed}`);
  });

  it('of which the one is served says what is not there', async () => {
    const { server } = createTestServer(createPorts());
    const answer = await server.inject({ method: 'PATCH', url: '/api/nothing', headers: { host } });
    expect([answer.statusCode, answer.headers['allow']]).toEqual([404, undefined]);
  });
});

describe('while nothing can be written', () => {
  const waiting = () => createTestServer(createPorts({ runs: [runRow()] }), { readiness: () => 'the disk is full' });

  it('the process lives, is not ready and says why', async () => {
    const { get } = waiting();
    expect((await get('/healthz')).status).toBe(200);
    expect(await get('/readyz')).toMatchObject({ status: 503, json: { detail: 'the disk is full' } });
    expect((await createTestServer(createPorts()).get('/readyz')).json).toEqual({ status: 'ready' });
  });

  it('reads are served', async () => {
    const { get } = waiting();
    expect(await get('/api/runs')).toMatchObject({ status: 200, json: { count: 1 } });
  });
});

it('own metrics are served as Prometheus reads them', async () => {
  const { server } = createTestServer(createPorts());
  const answer = await server.inject({ url: '/metrics', headers: { host } });
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(answer.body).toContain('# TYPE simvue_collector_received_items_total counter');
});

describe('the page', () => {
  const webDirectory = mkdtempSync(join(tmpdir(), 'simvue-page-'));
  const script = 'console.log("a page")';
  mkdirSync(join(webDirectory, 'assets'));
  writeFileSync(join(webDirectory, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(webDirectory, 'theme.js'), '1');
  writeFileSync(join(webDirectory, 'assets', 'index-1a2b.js'), script);
  writeFileSync(join(webDirectory, 'assets', 'index-1a2b.js.gz'), gzipSync(script));
  afterAll(() => rmSync(webDirectory, { recursive: true }));
  const { server } = createTestServer(createPorts(), { webDirectory });
  const get = (url: string, headers: Record<string, string> = browser) => server.inject({ url, headers });

  it.each(['/', '/runs/aaaaaaaaaaaaaaaaaaaaaa?tab=metrics', '/runs', '/anything/deep'])(
    '%s is the application',
    async (url) => {
      const answer = await get(url);
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(answer.body).toContain('<title>page</title>');
      expect(answer.headers['cache-control']).toBe('no-cache');
    },
  );

  it('may run no script but its own files, nor be framed', async () => {
    const policy = String((await get('/')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
  });

  it('files with a hash in their names never change, the others are asked for again', async () => {
    const asset = await get('/assets/index-1a2b.js', { host });
    expect([asset.body, asset.headers['cache-control']]).toEqual([script, 'public, max-age=31536000, immutable']);
    expect((await get('/theme.js', { host })).headers['cache-control']).toBe('no-cache');
  });

  it('compressed twins are sent to who takes them', async () => {
    const answer = await get('/assets/index-1a2b.js', { host, 'accept-encoding': 'gzip, deflate, br' });
    expect(answer.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': expect.stringContaining('javascript'),
    });
    expect(answer.rawPayload).toEqual(gzipSync(script));
  });

  it.each([
    ['/assets/gone.js', browser],
    ['/gone.png', { host, accept: 'image/*' }],
    ['/assets', { host, accept: 'image/*' }],
    ['/../../etc/passwd', { host, accept: 'image/*' }],
    ['/..%2f..%2fetc%2fpasswd', { host, accept: 'image/*' }],
  ])('%s is not there', async (url, headers) => {
    const answer = await get(url, headers);
    expect([403, 404]).toContain(answer.statusCode);
    expect(answer.body).not.toContain('root:');
  });

  it('the link that Simvue clients print leads to the run, and nowhere else', async () => {
    expect((await get('/dashboard/runs/run/aaaaaaaaaaaaaaaaaaaaaa')).headers['location']).toBe(
      '/runs/aaaaaaaaaaaaaaaaaaaaaa',
    );
    expect((await get('/dashboard/runs/run/%2F%2Fevil.example')).headers['location']).toBe('/runs/%2F%2Fevil.example');
  });

  it('that is not built answers which command builds it', async () => {
    const { server: bare } = createTestServer(createPorts());
    const answer = await bare.inject({ url: '/', headers: browser });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([503, 'text/plain; charset=utf-8']);
    expect(answer.body).toContain('npm run build');
  });
});
