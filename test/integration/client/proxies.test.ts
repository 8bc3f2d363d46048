import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeCertificate } from '../../support/certificates.ts';
import { TestProcess } from '../../support/child-process.ts';
import type { TestCollector } from '../../support/collector-app.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { ForwardProxy } from '../../support/forward-proxy.ts';
import { startGuarded } from '../../support/guarded-collector.ts';
import { NUMBERED_POINTS, runNumbered, startSync, temporarySpool } from '../../support/journal-end.ts';
import { inRepository } from '../../support/repository.ts';
import { eventually } from '../../support/rest-reader.ts';

const PROGRAM = fileURLToPath(new URL('./programs/proxied.mjs', import.meta.url));
const EXIT_DELIVERY = inRepository('dist/exit-delivery.js');
const CLI = inRepository('dist/cli/main.js');
/** Names that nobody but the proxy knows: what arrives has gone through it. */
const PLAIN = 'http://collector.test:4318';
const SECURED = 'https://collector.test';
const NO_PROXIES = { no_proxy: '', NO_PROXY: '', http_proxy: '', HTTP_PROXY: '', https_proxy: '', HTTPS_PROXY: '' };

let folder: string;
let plain: TestCollector;
let secured: TestCollector;
let token: string;
let securedToken: string;
let hosts: Record<string, number>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'simvue-proxies-'));
  await writeCertificate(folder, 'collector.test', await writeCertificate(folder, 'ca'));
  const tls = {
    certificateFile: join(folder, 'collector.test.pem'),
    keyFile: join(folder, 'collector.test.key'),
    clientCaFile: undefined,
  };
  const carol = { username: 'carol', scopes: ['read', 'ingest'] } as const;
  const first = await startGuarded({ carol });
  const second = await startGuarded({ carol }, { tls, isInsecure: false });
  plain = first.collector;
  secured = second.collector;
  token = first.tokens.carol;
  hosts = { 'collector.test:4318': portOf(plain), 'collector.test:443': portOf(secured) };
  securedToken = second.tokens.carol;
});
afterAll(async () => {
  await plain[Symbol.asyncDispose]();
  await secured[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const portOf = ({ url }: { url: string }): number => Number(new URL(url).port);
const ask = (path: string) => plain.ask('GET', path, undefined, { authorization: `Bearer ${token}` });
/** Settings of a program, and of no proxy that this machine may have. */
const settings = (spool: { path: string }, id: string) => ({
  ...NO_PROXIES,
  SIMVUE_URL: PLAIN,
  SIMVUE_TOKEN: token,
  SIMVUE_OFFLINE_DIRECTORY: spool.path,
  RUN_ID: id,
});
const newRunId = (): string => randomUUID().replaceAll('-', '').slice(0, 22);

test.concurrent('behind a proxy that wants a password and tunnels to port 443 only, a run with all it has is recorded and heard', async () => {
  await using proxy = await ForwardProxy.start({ hosts, credentials: 'us%40er:p%3Aw' });
  await using spool = await temporarySpool();
  const id = newRunId();
  const environment = { ...settings(spool, id), HTTP_PROXY: proxy.url() };
  const program = new TestProcess(process.execPath, [PROGRAM, 'abort'], environment);
  await program.waitForOutput(/waits for its abort/);
  const abort = new TestProcess(process.execPath, [CLI, 'abort', '--run', id, 'enough'], environment);
  expect(await abort.exited).toMatchObject({ code: 0 });
  const { code, stdout, stderr } = await program.exited;
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout.split('\n')[1] ?? '')).toEqual({
    closed: true,
    url: `${PLAIN}/runs/${id}`,
    status: 'terminated',
    artifact: { kind: 'json', value: { a: 1 } },
    alerts: 1,
  });
  expect((await ask(`/runs?filters=["name == exported-${id}"]`)).json.count).toBe(1);
  expect(proxy.asked.filter((request) => request.startsWith('CONNECT'))).toEqual([]);
  for (const path of ['/v1/metrics', '/v1/logs', '/api/version', `/api/runs/${id}/abort`, '/api/metrics', '/api/grids'])
    expect(
      proxy.asked.some((request) => request.includes(`${PLAIN}${path}`)),
      path,
    ).toBe(true);
});

test.concurrent("over REST (transport: 'simvue') a run goes through the proxy as well", async () => {
  await using proxy = await ForwardProxy.start({ hosts });
  await using spool = await temporarySpool();
  const id = newRunId();
  const environment = { ...settings(spool, id), http_proxy: proxy.url(), SIMVUE_TRANSPORT: 'simvue' };
  const { code, stdout, stderr } = await new TestProcess(process.execPath, [PROGRAM], environment).exited;
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ closed: true, status: 'completed', alerts: 1 });
  expect(proxy.asked.filter((request) => request.includes('/v1/'))).toEqual([]);
});

test.concurrent('a collector with a certificate is reached through a tunnel, by OpenTelemetry’s variables alone', async () => {
  await using proxy = await ForwardProxy.start({ hosts, credentials: 'carol:secret' });
  await using spool = await temporarySpool();
  const { SIMVUE_URL: _, SIMVUE_TOKEN: __, ...own } = settings(spool, newRunId());
  const environment = {
    ...own,
    HTTPS_PROXY: proxy.url(),
    OTEL_EXPORTER_OTLP_ENDPOINT: SECURED,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${securedToken}`,
    OTEL_EXPORTER_OTLP_CERTIFICATE: join(folder, 'ca.pem'),
  };
  const { code, stdout, stderr } = await new TestProcess(process.execPath, [PROGRAM], environment).exited;
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ closed: true, status: 'completed', alerts: 1 });
  expect(new Set(proxy.asked)).toEqual(new Set(['CONNECT collector.test:443']));
});

test.concurrent('what is sent while the process exits goes through the proxy', async () => {
  await using proxy = await ForwardProxy.start({ hosts, credentials: 'carol:secret' });
  const headers = { authorization: `Bearer ${token}` };
  const requests = ['logs', 'metrics'].map((signal) => ({
    endpoint: { url: `${PLAIN}/v1/${signal}`, headers },
    body: '',
  }));
  const program = `
    const { deliverWhileExiting } = await import(${JSON.stringify(EXIT_DELIVERY)});
    const requests = ${JSON.stringify(requests)}.map((each) => ({ ...each, body: new Uint8Array() }));
    process.on('exit', () => console.log(deliverWhileExiting(requests, 60_000, true).length));`;
  const environment = { ...NO_PROXIES, HTTP_PROXY: proxy.url() };
  const exit = await new TestProcess(process.execPath, ['--input-type=module', '-e', program], environment).exited;
  expect(exit).toMatchObject({ code: 0, stdout: '2\n', stderr: '' });
  expect(proxy.asked).toEqual([`POST ${PLAIN}/v1/logs`, `POST ${PLAIN}/v1/metrics`]);
});

test.concurrent.each([
  ['wants another password', /407/, (proxy: ForwardProxy) => proxy.url('carol:wrong')],
  ['answers that it does not reach the collector', /502/, (proxy: ForwardProxy) => proxy.url()],
  ['does not answer', /ECONNREFUSED/, () => 'http://127.0.0.1:9'],
])('a proxy that %s is named, and what it costs is sent later', async (_, words, address) => {
  await using proxy = await ForwardProxy.start({ hosts, credentials: 'carol:secret' });
  await using spool = await temporarySpool();
  const id = newRunId();
  proxy.refusal = words.test('502') ? 502 : undefined;
  const environment = { ...settings(spool, id), HTTP_PROXY: address(proxy) };
  const { code, stderr } = await runNumbered('natural end', environment);
  expect(code, stderr).toBe(0);
  const waits = stderr.split('\n').find((line) => line.includes('Data waits'));
  expect(waits).toContain('(through the proxy of HTTP_PROXY)');
  expect(waits).toMatch(words);
  expect(stderr).not.toContain('secret');
  expect(readdirSync(spool.path)).not.toEqual([]);
  proxy.refusal = undefined;
  const synced = await startSync([spool.path], { ...environment, HTTP_PROXY: proxy.url() }).exited;
  expect(synced.code, synced.stderr).toBe(0);
  expect(readdirSync(spool.path)).toEqual([]);
  const { json } = await ask(`/metrics?runs=["${id}"]&metrics=["x"]&xaxis=step&aggregate=False`);
  expect(json[id].x).toHaveLength(NUMBERED_POINTS);
});

test.concurrent('a collector forwards through the proxy', async () => {
  await using proxy = await ForwardProxy.start({ hosts, credentials: 'carol:secret' });
  await using spool = await temporarySpool();
  await using source = await CollectorProcess.start({
    args: ['--export', `simvue=${PLAIN}`],
    environment: { ...NO_PROXIES, HTTP_PROXY: proxy.url(), SIMVUE_EXPORT_TOKEN: token },
  });
  const id = newRunId();
  const environment = { ...settings(spool, id), SIMVUE_URL: source.url };
  const { code, stderr } = await runNumbered('close', environment);
  expect(code, stderr).toBe(0);
  const filter = `["metadata.otel_run_key exists", "name == numbered", "status == completed"]`;
  const { json } = await eventually(
    () => ask(`/runs?filters=${filter}`),
    ({ json: { count } }) => count === 1,
  );
  expect(json.data).toMatchObject([{ user: 'carol' }]);
});
