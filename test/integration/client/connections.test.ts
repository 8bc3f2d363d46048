import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Run } from 'simvue-otel';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { writeCertificate } from '../../support/certificates.ts';
import { startGuarded } from '../../support/guarded-collector.ts';
import { OtlpSinkServer } from '../../support/otlp-sink.ts';

let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'simvue-connections-'));
  const authority = await writeCertificate(folder, 'ca');
  await writeCertificate(folder, 'localhost', authority);
  await writeCertificate(folder, 'carol', authority);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a collector that wants certificates takes the data and the artifacts of who has one, and serves them', async () => {
  const tls = { certificateFile: file('localhost.pem'), keyFile: file('localhost.key'), clientCaFile: file('ca.pem') };
  const { collector } = await startGuarded({}, { tls, isInsecure: false });
  await using _ = collector;
  const identity = {
    url: collector.url.replace('127.0.0.1', 'localhost'),
    caCertificate: file('ca.pem'),
    clientCertificate: file('carol.pem'),
    clientKey: file('carol.key'),
  };
  const run = new Run({ ...identity, suppressErrors: false, disableResourcesMetrics: true, journal: 'memory' });
  await run.init({ name: 'secured' });
  await expect.poll(() => run.url).toBe(`${identity.url}/runs/${run.id}`);
  run.logMetrics({ x: 1 });
  expect(await run.saveObject('text', 'code', { name: 'note' })).toBe(true);
  expect(await run.close()).toBe(true);
  await using client = new Client(identity);
  expect(await client.getRun(String(run.id))).toMatchObject({ name: 'secured', user: 'carol', status: 'completed' });
  expect(await client.getArtifact(String(run.id), 'note')).toEqual({ kind: 'text', text: 'text' });
  await using stranger = new Client({ url: identity.url });
  await expect(stranger.getRuns()).rejects.toThrow('certificate');
});

test('a certificate without its key, or a file that is not there, is told at the start', async () => {
  const options = { suppressErrors: false } as const;
  const half = new Run({ ...options, url: 'https://h', clientCertificate: file('carol.pem') });
  await expect(half.init()).rejects.toThrow('need each other');
  const missing = new Run({ ...options, url: 'https://h', caCertificate: file('none.pem') });
  await expect(missing.init()).rejects.toMatchObject({ code: 'SIMVUE_ERR_CONFIG' });
});

test('data goes through the proxy of the environment, save to this machine', async () => {
  await using sink = await OtlpSinkServer.start();
  const wanted: string[] = [];
  const proxy = createServer().listen(0, '127.0.0.1');
  proxy.on('connect', (request, socket) => {
    wanted.push(request.url ?? '');
    const tunnel = connect(Number(new URL(sink.url).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      tunnel.pipe(socket).pipe(tunnel);
    });
    for (const end of [socket, tunnel]) end.on('error', () => tunnel.destroy());
  });
  await once(proxy, 'listening');
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  try {
    const config = { suppressErrors: false, disableResourcesMetrics: true, journal: 'memory' } as const;
    const far = new Run({ ...config, url: 'http://collector.test' });
    await far.init();
    far.logMetrics({ far: 1 });
    expect(await far.close()).toBe(true);
    const proxied = wanted.length;
    const near = new Run({ ...config, url: sink.url });
    await near.init();
    near.logMetrics({ near: 1 });
    expect(await near.close()).toBe(true);
    expect(sink.points.map(({ name }) => name)).toEqual(['far', 'near']);
    expect(new Set(wanted)).toEqual(new Set(['collector.test:80']));
    expect(wanted).toHaveLength(proxied);
  } finally {
    vi.unstubAllEnvs();
    proxy.closeAllConnections();
    proxy.close();
  }
});
