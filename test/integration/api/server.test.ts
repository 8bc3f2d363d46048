import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createLiveHub } from '../../../collector/dist/api/live-hub.js';
import { createSelfMetrics } from '../../../collector/dist/api/self-metrics.js';
import { createServer, type ServerOptions } from '../../../collector/dist/api/server.js';
import { LOCAL_PRINCIPAL } from '../../../collector/dist/pipeline/principal.js';
import type { SeriesSummary } from '../../../collector/dist/store/telemetry-store.js';

const POINTS = 1_000_000;
const x = Float64Array.from({ length: POINTS }, (_, step) => step);
const value = x.map(Math.sin);
const run = {
  id: 'aaaaaaaaaaaaaaaaaaaaaa',
  createdUnixNano: 0n,
  startedUnixNano: 0n,
} as unknown as Awaited<ReturnType<ServerOptions['catalog']['getRun']>>;
const summary = {
  series: { id: 1, instance: '', definition: { displayName: 'wave' } },
  count: POINTS,
} as unknown as SeriesSummary;

const unused = () => Promise.reject(new Error('not asked in this test'));
const live = () => createLiveHub({ version: '1.2.3' });
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(hub = live()) {
  const server = createServer({
    catalog: {
      getRun: async () => run,
      isDeleted: () => false,
    } as unknown as ServerOptions['catalog'],
    edits: unused as never,
    content: unused as never,
    space: unused,
    telemetry: {
      summaries: async () => [summary],
      metricsJson: unused,
      metricCells: unused,
      metricNames: unused,
      stepSpans: unused,
      plot: async () => [{ seriesId: 1, kind: 'points', total: POINTS, x, value }],
      openRun: unused,
      points: unused,
      pointPage: unused,
      events: unused,
      eventHistogram: unused,
      statistics: unused,
      spans: unused,
      writers: unused,
      arrayAt: unused,
      arraySteps: unused,
      arraySummaries: unused,
    },
    lastValues: unused as never,
    standstills: unused as never,
    deletion: unused as never,
    limits: unused as never,
    live: hub,
    alerts: { tell: unused, unit: 'minutes' },
    channels: { health: [] },
    metrics: createSelfMetrics('1.2.3', hub),
    authenticator: { needsToken: false, authenticate: async () => LOCAL_PRINCIPAL, letIn: () => undefined },
    sessions: {
      needsToken: false,
      open: unused as never,
      find: () => null,
      close: () => undefined,
      createToken: unused as never,
    },
    tls: undefined,
    readiness: () => undefined,
    version: '1.2.3',
    webDirectory: '/nowhere',
    bindHost: '127.0.0.1',
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  closing.push(() => server.close());
  const { port } = server.server.address() as AddressInfo;
  return { server, hub, port, url: `http://127.0.0.1:${port}` };
}

/** Opens a live stream and collects its text. */
async function openStream(url: string) {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/live`, { signal: abort.signal });
  const state = { text: '', ended: false };
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const piece of response.body ?? []) state.text += decoder.decode(piece, { stream: true });
    state.ended = true;
  };
  const done = read().catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });
  closing.push(() => done);
  return Object.assign(state, { response, abort: () => abort.abort() });
}

it('a live stream greets, tells a change, and is forgotten when its reader goes', async () => {
  const { hub, url } = await listen();
  const stream = await openStream(url);
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
  expect(stream.response.headers.get('simvue-otel-collector')).toBe('1.2.3');
  await expect.poll(() => stream.text).toContain('event: hello');
  hub.publish({ runId: 'a', points: 3, events: 0, state: false });
  await expect.poll(() => stream.text, { interval: 5 }).toContain('"points":3');
  stream.abort();
  await expect.poll(() => hub.statistics.subscribers).toBe(0);
});

it('closing the server ends its live streams, and does not wait for connections on which nobody asked', async () => {
  const { server, url, port } = await listen();
  const spare = connect(port, '127.0.0.1');
  await once(spare, 'connect');
  const stream = await openStream(url);
  await expect.poll(() => stream.text).toContain('event: hello');
  const begin = performance.now();
  await server.close();
  // Node itself would wait for more than a minute.
  expect(performance.now() - begin).toBeLessThan(30_000);
  await expect.poll(() => stream.ended).toBe(true);
});

it('a reader that takes nothing costs a bounded amount of memory', async () => {
  const { hub, port } = await listen();
  const socket: Socket = connect(port, '127.0.0.1').pause();
  closing.push(async () => void socket.destroy());
  socket.write('GET /api/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await expect.poll(() => hub.statistics.subscribers).toBe(1);
  const id = 'r'.repeat(60_000);
  const before = process.memoryUsage().rss;
  for (let round = 0; round < 12; round++) {
    for (let index = 0; index < 100; index++)
      hub.publish({ runId: `${id}${index}`, points: 1, events: 0, state: false });
    await new Promise((resolve) => setTimeout(resolve, 260));
  }
  // Blocked after the first changes of 6 MB: the kernel took a part, the rest waits, nothing is added.
  expect(hub.statistics.messages).toBeLessThan(4);
  expect(process.memoryUsage().rss - before).toBeLessThan(120e6);
});

it('a million values stream out complete while other requests are answered', async () => {
  const { url } = await listen();
  let slowest = 0;
  let reading = true;
  const others = (async () => {
    while (reading) {
      const asked = performance.now();
      await (await fetch(`${url}/healthz`)).text();
      slowest = Math.max(slowest, performance.now() - asked);
    }
  })();
  const response = await fetch(`${url}/api/metrics?runs=["${run?.id}"]&metrics=["wave"]&xaxis=step`);
  const text = await response.text();
  reading = false;
  await others;
  const body = JSON.parse(text) as Record<string, { wave: { step: number; value: number }[] }>;
  const points = body[run?.id ?? '']?.wave ?? [];
  expect(points).toHaveLength(POINTS);
  expect(points.every((point, step) => point.step === step && Object.is(point.value + 0, Math.sin(step) + 0))).toBe(
    true,
  );
});

it('a rebound name is refused on a real socket, whatever the form of the request line', async () => {
  const { port } = await listen();
  const status = (path: string, host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      request({ port, path, host: '127.0.0.1', headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  expect(await status('/api/version', `localhost:${port}`)).toBe(200);
  expect(await status('/api/version', `rebound.example:${port}`)).toBe(403);
  expect(await status(`http://localhost:${port}/api/version`, 'rebound.example')).not.toBe(200);
});
