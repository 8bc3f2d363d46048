import { Run } from 'simvue-otel';
import { describe, expect, test, vi } from 'vitest';
import { decodeMetrics } from '../../support/otlp-decode.ts';
import { type Answering, OtlpSinkServer } from '../../support/otlp-sink.ts';

const CONFIG = { disableResourcesMetrics: true, suppressErrors: true };

function warnings() {
  const seen: string[] = [];
  const spy = vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void seen.push(String(warning)));
  return { seen, [Symbol.dispose]: () => spy.mockRestore() };
}

/** Answers the requests of one path in turn, then 200. */
function replies(path: string, ...statuses: { status: number; headers?: Record<string, string> }[]): Answering {
  return (request) => (request.path === path ? statuses.shift() : undefined);
}

const statusesOf = (sink: OtlpSinkServer, path: string) =>
  sink.requests.filter((request) => request.path === path).map((request) => request.status);

describe('the answers of a server', () => {
  test.each([408, 429, 500, 502, 503, 504])('%i: the same data is sent again', async (status) => {
    using _ = warnings();
    await using sink = await OtlpSinkServer.start(replies('/v1/metrics', { status }));
    const run = new Run({ ...CONFIG, url: sink.url });
    await run.init();
    run.logMetrics({ x: 1 });
    expect(await run.close()).toBe(true);
    expect(statusesOf(sink, '/v1/metrics')).toEqual([status, 200]);
    expect(sink.points.map((point) => point.value)).toEqual([1]);
  });

  test('503 with Retry-After: not before that time', async () => {
    using _ = warnings();
    await using sink = await OtlpSinkServer.start(
      replies('/v1/metrics', { status: 503, headers: { 'retry-after': '2' } }),
    );
    const run = new Run({ ...CONFIG, url: sink.url });
    await run.init();
    run.logMetrics({ x: 1 });
    const start = performance.now();
    expect(await run.close()).toBe(true);
    expect(performance.now() - start).toBeGreaterThan(1990);
  });

  test('413: the batch is halved until it is taken, nothing is lost, and later batches stay small', async () => {
    using _ = warnings();
    const limit = 20_000;
    await using sink = await OtlpSinkServer.start(({ body }) => (body.length > limit ? { status: 413 } : undefined));
    const run = new Run({ ...CONFIG, url: sink.url });
    await run.init();
    for (let i = 0; i < 5000; i++) run.logMetrics({ x: i });
    expect(await run.close()).toBe(true);
    expect(sink.points.map((point) => point.value)).toEqual(Array.from({ length: 5000 }, (_, i) => i));
    expect(statusesOf(sink, '/v1/metrics').filter((status) => status === 413).length).toBeLessThan(40);
  });

  test('400: only the frames that fail alone are given up; they are counted, kept to be read, and reported once', async () => {
    using reported = warnings();
    const poisoned = (body: Buffer) => decodeMetrics(body).points.some((point) => Number(point.value) % 1000 === 666);
    await using sink = await OtlpSinkServer.start(({ path, body }) =>
      path === '/v1/metrics' && poisoned(body) ? { status: 400, body: 'bad number' } : undefined,
    );
    const run = new Run({ ...CONFIG, url: sink.url });
    await run.init();
    for (let i = 0; i < 5000; i++) run.logMetrics({ x: i });
    expect(await run.close()).toBe(true);
    const good = Array.from({ length: 5000 }, (_, i) => i).filter((i) => i % 1000 !== 666);
    expect(sink.points.map((point) => point.value)).toEqual(good);
    expect(run.counters.rejected).toBe(5);
    expect(run.rejected.map(({ signal, items }) => [signal, items])).toEqual(Array(5).fill(['metrics', 1]));
    expect(run.rejected[0]?.reason).toContain('400');
    expect(decodeMetrics(run.rejected[0]?.body ?? Buffer.alloc(0)).points[0]?.value).toBe(666);
    expect(reported.seen.filter((text) => text.includes('400'))).toHaveLength(1);
  });

  test.each([401, 403, 404, 405])('%i: the data is kept, close gives up at once, one warning tells', async (status) => {
    using reported = warnings();
    await using sink = await OtlpSinkServer.start(({ path }) => (path === '/v1/metrics' ? { status } : undefined));
    const run = new Run({ ...CONFIG, url: sink.url });
    await run.init();
    run.logMetrics({ x: 1 });
    const start = performance.now();
    expect(await run.close()).toBe(false);
    expect(performance.now() - start).toBeLessThan(8000);
    expect(statusesOf(sink, '/v1/metrics')).toEqual([status]);
    expect(run.counters).toMatchObject({ pendingPoints: 1, pendingEvents: 0 });
    expect(reported.seen.filter((text) => text.includes(`answered ${status}`))).toHaveLength(1);
  });

  test('200 with partial_success: counted, and reported once for each reason', async () => {
    using reported = warnings();
    const partial = Buffer.from([0x0a, 9, 0x08, 3, 0x12, 5, ...Buffer.from('limit')]);
    await using sink = await OtlpSinkServer.start(({ path }) =>
      path === '/v1/metrics' ? { status: 200, body: partial } : undefined,
    );
    const run = new Run({ ...CONFIG, url: sink.url });
    await run.init();
    for (let i = 0; i < 30_000; i++) run.logMetrics({ x: i });
    expect(await run.close()).toBe(true);
    expect(run.counters.rejected).toBe(3 * statusesOf(sink, '/v1/metrics').length);
    expect(reported.seen.filter((text) => text.includes('limit'))).toHaveLength(1);
  });

  test('a connection that breaks after the body was read: the data is sent again', async () => {
    using _ = warnings();
    let broken = false;
    await using sink = await OtlpSinkServer.start(({ path }) => {
      if (path !== '/v1/metrics' || broken) return undefined;
      broken = true;
      throw new Error('cut');
    });
    const run = new Run({ ...CONFIG, url: sink.url });
    await run.init();
    run.logMetrics({ x: 1 });
    expect(await run.close()).toBe(true);
    expect(sink.points).toHaveLength(1);
  });
});

describe('a server that is down', () => {
  test('init succeeds, close keeps its deadline, and one warning for each signal tells', async () => {
    using reported = warnings();
    const run = new Run({ ...CONFIG, url: 'http://127.0.0.1:9' });
    expect(await run.init()).toBe(true);
    run.logMetrics({ x: 1 });
    const start = performance.now();
    expect(await run.close({ timeoutMs: 700 })).toBe(false);
    expect(performance.now() - start).toBeLessThan(8000);
    expect(run.url).toBeUndefined();
    expect(run.counters.pendingPoints).toBe(1);
    expect(reported.seen.filter((text) => text.includes('waits'))).toHaveLength(2);
  });

  test('a server that never answers does not hold close beyond its deadline, which throws when errors are not suppressed', async () => {
    using _ = warnings();
    await using sink = await OtlpSinkServer.start(({ path }) =>
      path.startsWith('/v1') ? new Promise(() => undefined) : undefined,
    );
    const run = new Run({ ...CONFIG, suppressErrors: false, url: sink.url });
    await run.init();
    run.logMetrics({ x: 1 });
    const start = performance.now();
    await expect(run.close({ timeoutMs: 500 })).rejects.toMatchObject({ code: 'SIMVUE_ERR_CLOSE_TIMEOUT' });
    expect(performance.now() - start).toBeLessThan(8000);
  });

  test('what was logged before it came up arrives once it is up, and the page address is found then', async () => {
    using _ = warnings();
    const port = await OtlpSinkServer.start().then(async (first) => {
      const free = first.port;
      await first[Symbol.asyncDispose]();
      return free;
    });
    const run = new Run({ ...CONFIG, url: `http://127.0.0.1:${port}` });
    await run.init();
    for (let i = 0; i < 3000; i++) run.logMetrics({ x: i });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await using sink = await OtlpSinkServer.start(undefined, port);
    await vi.waitFor(() => expect(sink.points.length).toBe(3000), 20_000);
    await vi.waitFor(() => expect(run.url).toBe(`http://127.0.0.1:${port}/runs/${run.id}`), 20_000);
    expect(await run.close()).toBe(true);
  });
});

describe('bounds', () => {
  test('beyond the memory limit points are dropped and counted, reported once, and the end of the run still arrives', async () => {
    using reported = warnings();
    await using sink = await OtlpSinkServer.start();
    const run = new Run({ ...CONFIG, url: sink.url, journal: 'memory', memoryLimitBytes: 1024 * 1024 });
    await run.init();
    for (let i = 0; i < 50_000; i++) run.logMetrics({ x: i });
    run.updateMetadata({ still: 'here' });
    const { dropped, pendingPoints } = run.counters;
    expect(dropped).toBeGreaterThan(30_000);
    expect(dropped + pendingPoints).toBe(50_000);
    expect(await run.close()).toBe(true);
    expect(sink.points.map((point) => point.value)).toEqual(Array.from({ length: pendingPoints }, (_, i) => i));
    expect(sink.records.map((record) => record.eventName)).toContain('simvue.run.end');
    expect(reported.seen.filter((text) => text.includes('dropped'))).toHaveLength(1);
  });

  test('while a million points are logged and sent, no sending holds the event loop: 99 of 100 turns take less processor time than twenty usual ones', async () => {
    await using sink = await OtlpSinkServer.start();
    const run = new Run({ ...CONFIG, url: sink.url });
    await run.init();
    const turnMillis: number[] = [];
    for (let burst = 0; burst < 1000; burst++) {
      const start = process.cpuUsage();
      for (let i = 0; i < 1000; i++) run.logMetrics({ x: i });
      await new Promise((resolve) => setImmediate(resolve));
      const { user, system } = process.cpuUsage(start);
      turnMillis.push((user + system) / 1000);
    }
    expect(await run.close({ timeoutMs: 30_000 })).toBe(true);
    expect(run.counters).toMatchObject({ delivered: 1_000_002, dropped: 0 });
    const longest = turnMillis.toSorted((a, b) => b - a);
    // A usual turn, of a thousand calls, is a millisecond on the machine of the benchmarks.
    expect(longest[10]).toBeLessThan(20 * (longest[500] ?? 0));
  });
});

describe('addresses and credentials', () => {
  test('OTEL_EXPORTER_OTLP_* sends each signal to its own address with its headers, compressed', async () => {
    await using metrics = await OtlpSinkServer.start();
    await using logs = await OtlpSinkServer.start();
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `${logs.url}/base/`);
    vi.stubEnv('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', `${metrics.url}/v1/metrics`);
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-team=a%20b');
    vi.stubEnv('OTEL_EXPORTER_OTLP_COMPRESSION', 'gzip');
    vi.stubEnv('SIMVUE_URL', `${logs.url}/api`);
    vi.stubEnv('SIMVUE_TOKEN', 'secret');
    const run = new Run(CONFIG);
    await run.init();
    run.logMetrics({ x: 1 });
    await run.close();
    vi.unstubAllEnvs();
    expect(metrics.points).toHaveLength(1);
    expect(metrics.requests[0]?.headers).toMatchObject({ 'x-team': 'a b', 'content-encoding': 'gzip' });
    const paths = logs.requests.map(({ path, headers }) => [path, headers.authorization]);
    expect(paths).toEqual([
      ['/api/version', 'Bearer secret'],
      ['/base/v1/logs', undefined],
    ]);
    await expect.poll(() => run.url).toBe(`${logs.url}/runs/${run.id}`);
  });

  test('SIMVUE_URL and SIMVUE_TOKEN alone serve data and control', async () => {
    await using sink = await OtlpSinkServer.start();
    vi.stubEnv('SIMVUE_URL', `${sink.url}/api`);
    vi.stubEnv('SIMVUE_TOKEN', 'secret');
    const run = new Run(CONFIG);
    await run.init();
    await run.close();
    vi.unstubAllEnvs();
    expect(sink.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/api/version', 'Bearer secret'],
      ['/v1/logs', 'Bearer secret'],
    ]);
  });

  test('a plain OpenTelemetry Collector has no run page: one warning names SIMVUE_URL', async () => {
    using reported = warnings();
    await using sink = await OtlpSinkServer.start(({ path }) =>
      path === '/api/version' ? { status: 404 } : undefined,
    );
    const run = new Run({ ...CONFIG, url: sink.url });
    await run.init();
    await run.close();
    expect(run.url).toBeUndefined();
    expect(reported.seen.filter((text) => text.includes('SIMVUE_URL'))).toHaveLength(1);
  });
});
