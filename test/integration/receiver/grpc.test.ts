import { connect } from 'node:http2';
import { afterEach, describe, expect, test } from 'vitest';
import { LOCAL_PRINCIPAL } from '../../../collector/pipeline/principal.ts';
import { GrpcServer, type GrpcServerOptions } from '../../../collector/receiver/grpc/grpc-server.ts';
import type { ReceiverObservation } from '../../../collector/receiver/otlp-intake.ts';
import { BodyReader } from '../../../collector/receiver/request-body.ts';
import { createRequestDecoder } from '../../../collector/receiver/request-decoder.ts';
import { SimvueError } from '../../../src/errors.ts';
import { GrpcClient } from '../../support/grpc-client.ts';
import { encodeProtobuf } from '../../support/otlp-proto.ts';
import { RecordingPort } from '../../support/recording-port.ts';
import { CountingArena } from '../../support/staged-points.ts';

const GZIP = { 'grpc.default_compression_algorithm': 2 };
const metrics = (...dataPoints: unknown[]) =>
  encodeProtobuf('MetricsRequest', {
    resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'loss', gauge: { dataPoints } }] }] }],
  });
const good = { timeUnixNano: '5', asDouble: 1 };
const body = metrics(good);
const logs = encodeProtobuf('LogsRequest', {
  resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: '1', body: { stringValue: 'hi' } }, {}] }] }],
});

let server: GrpcServer | undefined;
afterEach(() => server?.close());

async function serve(change: Partial<GrpcServerOptions> & { maxBodyBytes?: number; maxInFlightBytes?: number } = {}) {
  const { maxBodyBytes = 32 << 20, maxInFlightBytes = 256 << 20, ...options } = change;
  const arena = new CountingArena();
  const port = new RecordingPort();
  const observed: ReceiverObservation[] = [];
  const troubles: unknown[] = [];
  server = new GrpcServer({
    ingest: port,
    decoder: createRequestDecoder({ arena }),
    bodies: new BodyReader({ maxBodyBytes, maxInFlightBytes }),
    admit: async () => LOCAL_PRINCIPAL,
    watch: () => undefined,
    tls: undefined,
    telemetry: (observation) => observed.push(observation),
    onTrouble: (error) => troubles.push(error),
    ...options,
  });
  const target = `127.0.0.1:${await server.listen('127.0.0.1', 0)}`;
  return { arena, port, observed, troubles, target };
}

describe('a call is stored', () => {
  test('and answered OK with an empty message, by one client after the other and with gzip', async () => {
    const { target, port, arena } = await serve();
    for (const options of [{}, GZIP]) {
      using client = new GrpcClient(target, options);
      expect(await client.export('metrics', body)).toMatchObject({ code: 0, message: Buffer.alloc(0) });
      expect((await client.export('logs', logs)).code).toBe(0);
    }
    expect(port.requests.map(({ kind }) => kind)).toEqual([1, 2, 1, 2]);
    expect(port.requests.map(({ bytes }) => bytes)).toEqual([body, logs, body, logs]);
    expect(arena.references).toBe(0);
  });

  test('when it is large, and when many come at once on one connection', async () => {
    const { target, port } = await serve();
    using client = new GrpcClient(target);
    const filler = { key: 'filler', value: { stringValue: 'x'.repeat(10 << 20) } };
    const large = encodeProtobuf('MetricsRequest', {
      resourceMetrics: [
        {
          resource: { attributes: [filler] },
          scopeMetrics: [{ metrics: [{ name: 'loss', gauge: { dataPoints: [good] } }] }],
        },
      ],
    });
    expect((await client.export('metrics', large)).code).toBe(0);
    const many = await Promise.all(Array.from({ length: 300 }, () => client.export('metrics', body)));
    expect(new Set(many.map(({ code }) => code))).toEqual(new Set([0]));
    expect(port.requests.length).toBe(301);
    expect(port.requests[0]?.bytes.equals(large)).toBe(true);
  });

  test('and what was refused of it is said in a partial_success', async () => {
    const { target, observed } = await serve();
    using client = new GrpcClient(target);
    const { code, message } = await client.export('logs', logs);
    const reason = 'log record has no time: set time_unix_nano or observed_time_unix_nano';
    const inner = Buffer.concat([Buffer.from([0x08, 1, 0x12, reason.length]), Buffer.from(reason)]);
    expect([code, message]).toEqual([0, Buffer.concat([Buffer.from([0x0a, inner.length]), inner])]);
    expect(observed).toMatchObject([{ signal: 'logs', status: 200, records: 1, refused: 1 }]);
  });
});

describe('a call fails for good', () => {
  test.each([
    ['INVALID_ARGUMENT when it is not protobuf', Buffer.from('hello'), {}, 3],
    ['RESOURCE_EXHAUSTED when it is too large', Buffer.alloc(2 << 20), {}, 8],
    ['RESOURCE_EXHAUSTED when it inflates to too much', Buffer.alloc(64 << 20), GZIP, 8],
  ] as const)('with %s, without a word of trying again', async (_title, message, options, code) => {
    const { target, port, arena } = await serve({ maxBodyBytes: 1 << 20 });
    using client = new GrpcClient(target, options);
    expect(await client.export('metrics', message)).toMatchObject({ code, statusDetails: undefined });
    expect((await client.export('metrics', body)).code).toBe(0);
    expect([port.requests.length, arena.references]).toEqual([1, 0]);
  });

  test('with UNIMPLEMENTED when it is not an Export of OTLP', async () => {
    const { target } = await serve();
    using client = new GrpcClient(target);
    expect((await client.call('/opentelemetry.proto.collector.profiles.v1.ProfilesService/Export', body)).code).toBe(
      12,
    );
  });

  test.each([
    ['SIMVUE_ERR_UNAUTHORISED', 16],
    ['SIMVUE_ERR_FORBIDDEN', 7],
  ] as const)('when its caller is refused with %s, whose words arrive as they are', async (error, code) => {
    const admit = () => Promise.reject(new SimvueError(error, 'naïve 100 % → token\n'));
    const { target, port } = await serve({ admit });
    using client = new GrpcClient(target);
    expect(await client.export('metrics', body)).toMatchObject({ code, details: 'naïve 100 % → token\n' });
    expect(port.requests).toEqual([]);
  });

  test('as HTTP when it is not gRPC', async () => {
    const { target } = await serve();
    const session = connect(`http://${target}`);
    const ask = (headers: Record<string, string>) =>
      new Promise((resolve) => {
        const stream = session.request({ ':path': '/', ...headers });
        stream.on('response', (answer) => resolve(answer[':status'])).resume();
      });
    expect(await ask({ ':method': 'POST', 'content-type': 'application/json' })).toBe(415);
    expect(await ask({ ':method': 'GET' })).toBe(405);
    session.close();
  });
});

describe('a call is to be tried again', () => {
  const retryInfo = Buffer.from('type.googleapis.com/google.rpc.RetryInfo');

  test('with UNAVAILABLE and the seconds to wait when the pipeline is overloaded, and when it fails', async () => {
    const { target, port, troubles } = await serve();
    using client = new GrpcClient(target);
    port.answer = async () => ({ status: 'overloaded', retryAfterSeconds: 7, message: 'busy' });
    const busy = await client.export('metrics', body);
    expect(busy).toMatchObject({ code: 14, details: 'busy' });
    expect(busy.statusDetails?.includes(retryInfo)).toBe(true);
    // RetryInfo { retry_delay { seconds: 7 } }
    expect(busy.statusDetails?.subarray(-4)).toEqual(Buffer.from([0x0a, 2, 0x08, 7]));
    port.answer = () => Promise.reject(new Error('disk on fire'));
    const failed = await client.export('metrics', body);
    expect(failed).toMatchObject({ code: 14, details: 'internal trouble: retry later' });
    expect(troubles.map(String)).toEqual(['Error: disk on fire']);
  });

  test('before its message is read when there is no room', async () => {
    const { target, port } = await serve();
    port.hasRoom = false;
    const session = connect(`http://${target}`);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
      'content-type': 'application/grpc',
    });
    const answer = await new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve));
    expect(answer['grpc-status']).toBe('14');
    session.destroy();
  });

  test('when all messages together are too much, and not when they are gone', async () => {
    const { target, port } = await serve({ maxInFlightBytes: 10_000 });
    using client = new GrpcClient(target);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    port.answer = async () => {
      await held;
      return { status: 'stored', rejected: 0, message: '' };
    };
    const waiting = [client.export('metrics', body), client.export('metrics', body)];
    await expect.poll(() => port.requests.length).toBe(2);
    expect((await client.export('metrics', body)).code).toBe(14);
    release();
    expect((await Promise.all(waiting)).map(({ code }) => code)).toEqual([0, 0]);
    expect((await client.export('metrics', body)).code).toBe(0);
  });

  test('not at all when the client goes away, and its memory is free again', async () => {
    const { target, port, observed, troubles } = await serve({ maxInFlightBytes: 100_000 });
    for (let i = 0; i < 6; i++) {
      const session = connect(`http://${target}`);
      const stream = session.request({
        ':method': 'POST',
        ':path': '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
        'content-type': 'application/grpc',
      });
      stream.on('error', () => undefined);
      await new Promise((resolve) => stream.write(Buffer.alloc(30_000), resolve));
      if (i % 2 === 0) session.destroy();
      else {
        stream.destroy(new Error('no more'));
        session.close();
      }
    }
    using client = new GrpcClient(target);
    await expect.poll(async () => (await client.export('metrics', body)).code).toBe(0);
    expect(port.requests.length).toBe(1);
    expect(observed.map(({ status }) => status)).toEqual([200]);
    expect(troubles).toEqual([]);
  });
});
