import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import { LOCAL_PRINCIPAL } from '../../../collector/pipeline/principal.ts';
import type { ReceiverObservation } from '../../../collector/receiver/otlp-intake.ts';
import { type OtlpRoutesOptions, registerOtlpRoutes } from '../../../collector/receiver/otlp-routes.ts';
import { createRequestDecoder } from '../../../collector/receiver/request-decoder.ts';
import { encodeJson, encodeProtobuf } from '../../support/otlp-proto.ts';
import { RecordingPort } from '../../support/recording-port.ts';
import { CountingArena } from '../../support/staged-points.ts';

const PROTOBUF = 'application/x-protobuf';
const good = { timeUnixNano: '5', asDouble: 1 };
const metrics = (...dataPoints: unknown[]) => ({
  resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'loss', gauge: { dataPoints } }] }] }],
});
const body = encodeProtobuf('MetricsRequest', metrics(good));
const logsBody = encodeProtobuf('LogsRequest', {
  resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: '1', body: { stringValue: 'hi' } }, {}] }] }],
});

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

async function serve(limits: OtlpRoutesOptions['limits'] = {}) {
  const arena = new CountingArena();
  const port = new RecordingPort();
  const observed: ReceiverObservation[] = [];
  app = Fastify({ forceCloseConnections: true });
  const telemetry = (observation: ReceiverObservation) => observed.push(observation);
  app.decorateRequest('principal');
  app.addHook('onRequest', async (request) => {
    request.principal = LOCAL_PRINCIPAL;
  });
  registerOtlpRoutes(app, { ingest: port, decoder: createRequestDecoder({ arena }), limits, telemetry });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const post = async (path: string, payload: Buffer | string, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, {
      method: 'POST',
      body: payload,
      headers: { 'content-type': PROTOBUF, ...headers },
    });
    return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
  };
  return { arena, port, observed, url, post };
}

describe('a request is stored', () => {
  test('and answered 200 without a body (protobuf) or with {} (JSON)', async () => {
    const { post, port, arena } = await serve();
    const protobuf = await post('/v1/metrics', body);
    expect([protobuf.status, protobuf.headers.get('content-type'), protobuf.body.length]).toEqual([200, PROTOBUF, 0]);
    const json = await post('/v1/metrics', encodeJson('MetricsRequest', metrics(good)), {
      'content-type': 'application/json; charset=utf-8',
    });
    expect([json.status, json.headers.get('content-type'), json.body.toString()]).toEqual([
      200,
      'application/json',
      '{}',
    ]);
    expect(port.requests.map((request) => [request.kind, request.principal.username, request.decoded.points])).toEqual([
      [1, 'local', 1],
      [4, 'local', 1],
    ]);
    expect(port.requests[0]?.bytes).toEqual(body);
    expect(arena.references).toBe(0);
  });

  test.each([
    ['gzip', gzipSync(body)],
    ['deflate', deflateSync(body)],
    ['identity', body],
  ])('with Content-Encoding %s: the port gets exactly the inflated body', async (encoding, payload) => {
    const { post, port } = await serve();
    expect((await post('/v1/metrics', payload, { 'content-encoding': encoding })).status).toBe(200);
    expect(port.requests[0]?.bytes).toEqual(body);
  });

  test('when it comes in chunks without a length', async () => {
    const { url, port } = await serve();
    const big = encodeProtobuf('MetricsRequest', metrics(...Array.from({ length: 20_000 }, () => good)));
    const stream = new ReadableStream({
      start(controller) {
        for (let at = 0; at < big.length; at += 10_000) controller.enqueue(big.subarray(at, at + 10_000));
        controller.close();
      },
    });
    const init = { method: 'POST', body: stream, duplex: 'half', headers: { 'content-type': PROTOBUF } } as RequestInit;
    expect((await fetch(`${url}/v1/metrics`, init)).status).toBe(200);
    expect(port.requests[0]?.bytes.equals(big)).toBe(true);
    expect(port.requests[0]?.decoded.points).toBe(20_000);
  });

  test('and its body is not touched until the port is done, however many come at once', async () => {
    const { post, port } = await serve();
    const bodies = Array.from({ length: 40 }, (_, i) =>
      encodeProtobuf('MetricsRequest', metrics({ timeUnixNano: String(i + 1), asInt: String(i) })),
    );
    const late: boolean[] = [];
    port.answer = async (request) => {
      const before = Buffer.from(request.body);
      await new Promise((resolve) => setTimeout(resolve, 20));
      late.push(request.body.equals(before));
      return { status: 'stored', rejected: 0, message: '' };
    };
    await Promise.all(bodies.map((payload) => post('/v1/metrics', payload)));
    expect(late).toEqual(Array(40).fill(true));
    expect(new Set(port.requests.map((request) => request.bytes.toString('hex'))).size).toBe(40);
  });
});

describe('what was refused is said in a partial_success', () => {
  test('in protobuf and in JSON, with the count and the reason', async () => {
    const { post, observed } = await serve();
    const protobuf = await post('/v1/logs', logsBody);
    const message = 'log record has no time: set time_unix_nano or observed_time_unix_nano';
    const inner = Buffer.concat([Buffer.from([0x08, 1, 0x12, message.length]), Buffer.from(message)]);
    expect(protobuf.body).toEqual(Buffer.concat([Buffer.from([0x0a, inner.length]), inner]));
    const json = await post('/v1/metrics', JSON.stringify(metrics(good, {}, {})), {
      'content-type': 'application/json',
    });
    expect(JSON.parse(json.body.toString())).toEqual({
      partialSuccess: { rejectedDataPoints: '2', errorMessage: expect.stringContaining('has no numeric value') },
    });
    expect([protobuf.status, json.status]).toEqual([200, 200]);
    expect(
      observed.map(({ signal, status, points, records, refused }) => [signal, status, points, records, refused]),
    ).toEqual([
      ['logs', 200, 0, 1, 1],
      ['metrics', 200, 1, 0, 2],
    ]);
  });

  test('also of spans; a request without a good one does not reach the pipeline', async () => {
    const { post, port } = await serve();
    const payload = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{}, {}, {}] }] }] });
    const { status, body: answer } = await post('/v1/traces', payload, { 'content-type': 'application/json' });
    expect(status).toBe(200);
    expect(JSON.parse(answer.toString()).partialSuccess).toMatchObject({
      rejectedSpans: '3',
      errorMessage: expect.stringContaining('no trace_id of 16 bytes'),
    });
    expect(port.requests).toEqual([]);
  });
});

describe('what cannot be stored is answered', () => {
  const bomb = gzipSync(Buffer.alloc(200 << 20));
  test.each([
    ['400 when it is not protobuf', Buffer.from('hello'), {}, 400, 3],
    ['400 when it is not JSON', Buffer.from('{"a"'), { 'content-type': 'application/json' }, 400, 3],
    ['400 when it does not inflate', Buffer.from('no gzip at all, sorry'), { 'content-encoding': 'gzip' }, 400, 3],
    ['413 when it is too large', Buffer.alloc(40 << 20), {}, 413, 8],
    ['413 when it is a gzip bomb of 200 MiB', bomb, { 'content-encoding': 'gzip' }, 413, 8],
    ['415 when its encoding is unknown', body, { 'content-encoding': 'br' }, 415, 3],
    ['415 when its type is unknown', Buffer.from('x'), { 'content-type': 'text/plain' }, 415, 3],
  ] as const)('%s', async (_title, payload, headers, status, code) => {
    const { post, port, arena } = await serve();
    const before = process.memoryUsage.rss();
    const started = performance.now();
    const answer = await post('/v1/metrics', payload, headers);
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 << 20);
    expect(answer.status).toBe(status);
    if (answer.headers.get('content-type') === PROTOBUF)
      expect([...answer.body.subarray(0, 3)]).toEqual([0x08, code, 0x12]);
    else expect(JSON.parse(answer.body.toString())).toEqual({ code, message: expect.any(String) });
    expect([port.requests.length, arena.references]).toEqual([0, 0]);
    expect((await post('/v1/metrics', body)).status).toBe(200);
  });

  test('413 when a body without a declared length grows too large', async () => {
    const { url } = await serve({ maxBodyBytes: 100_000 });
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(Buffer.alloc(10_000));
      },
    });
    const init = { method: 'POST', body: stream, duplex: 'half', headers: { 'content-type': PROTOBUF } } as RequestInit;
    const status = await fetch(`${url}/v1/metrics`, init).then(
      (response) => response.status,
      (error: { cause?: { code?: string } }) => error.cause?.code,
    );
    expect([413, 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']).toContain(status);
  });

  test.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('405 with Allow to %s', async (method) => {
    const { url } = await serve();
    const response = await fetch(`${url}/v1/metrics`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('503 with Retry-After, before the body is read, when the pipeline has no room', async () => {
    const { url, port } = await serve();
    port.hasRoom = false;
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      `POST /v1/metrics HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: 1000000\r\n\r\n`,
    );
    const head = await new Promise<string>((resolve) =>
      socket.once('data', (chunk) => resolve(chunk.toString('latin1'))),
    );
    socket.destroy();
    expect(head).toMatch(/^HTTP\/1.1 503 /);
    expect(head).toMatch(/retry-after: 2\r\n/);
  });

  test('503 with Retry-After when the pipeline is overloaded, and when it fails, never 500', async () => {
    const { post, port } = await serve();
    port.answer = async () => ({ status: 'overloaded', retryAfterSeconds: 7, message: 'busy' });
    const busy = await post('/v1/metrics', body);
    port.answer = () => Promise.reject(new Error('disk on fire'));
    const failed = await post('/v1/metrics', body, {});
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '7']);
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '2']);
    expect(failed.body.toString()).not.toContain('fire');
  });

  test('503 when the bodies of all requests together are too much, and 200 again when they are gone', async () => {
    const { post, port } = await serve({ maxInFlightBytes: 10_000 });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    port.answer = async () => {
      await held;
      return { status: 'stored', rejected: 0, message: '' };
    };
    const waiting = [post('/v1/metrics', body), post('/v1/metrics', body)];
    await expect.poll(() => port.requests.length).toBe(2);
    expect((await post('/v1/metrics', body)).status).toBe(503);
    release();
    expect((await Promise.all(waiting)).map((answer) => answer.status)).toEqual([200, 200]);
    expect((await post('/v1/metrics', body)).status).toBe(200);
  });

  test('not at all when the client goes away, and its memory is free again', async () => {
    const { url, post, port, observed } = await serve({ maxInFlightBytes: 200_000 });
    for (let i = 0; i < 20; i++) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.write(
        `POST /v1/metrics HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: 100000\r\n\r\npart`,
      );
      await new Promise((resolve) => setTimeout(resolve, 10));
      socket.destroy();
      await new Promise((resolve) => socket.once('close', resolve));
    }
    await expect.poll(async () => (await post('/v1/metrics', body)).status).toBe(200);
    expect(port.requests.length).toBe(1);
    expect(observed.filter((observation) => observation.status === 200)).toHaveLength(1);
  });
});
