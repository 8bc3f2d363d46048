import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials, Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCertificate } from '../../support/certificates.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { GrpcClient } from '../../support/grpc-client.ts';
import { startGuarded } from '../../support/guarded-collector.ts';
import { encodeProtobuf } from '../../support/otlp-proto.ts';

const UNAUTHENTICATED = 16;
const body = encodeProtobuf('MetricsRequest', {
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'simvue.run.id', value: { stringValue: 'by-grpc' } }] },
      scopeMetrics: [{ metrics: [{ name: 'loss', gauge: { dataPoints: [{ timeUnixNano: '5', asDouble: 1 }] } }] }],
    },
  ],
});

const bearer = (token: string): Metadata => {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  return metadata;
};

describe('OTLP/gRPC', () => {
  it('on loopback takes what the user of this machine sends: it is there when it is answered, and after a restart', async () => {
    await using collector = await TestCollector.start({ grpcPort: 0 });
    {
      using client = new GrpcClient(collector.grpcTarget);
      expect(await client.export('metrics', body)).toMatchObject({ code: 0 });
    }
    const stored = async () => (await collector.ask('GET', '/runs/by-grpc')).json;
    expect(await stored()).toMatchObject({ user: 'local', metrics: { loss: { count: 1, last: 1 } } });
    await collector.reopen();
    expect(await stored()).toMatchObject({ metrics: { loss: { count: 1, last: 1 } } });
  });

  it('asks for the same tokens and scopes as OTLP/HTTP', async () => {
    const { collector, tokens } = await startGuarded(
      {
        ann: { username: 'ann', scopes: ['ingest', 'read'] },
        bob: { username: 'bob', scopes: ['ingest'] },
        reader: { username: 'rita', scopes: ['read'] },
        stale: { username: 'ann', scopes: ['ingest'], lifetimeSeconds: -60 },
        old: { username: 'ann', scopes: ['ingest'], lifetimeSeconds: -90_000 },
      },
      { grpcPort: 0 },
    );
    await using _ = collector;
    using client = new GrpcClient(collector.grpcTarget.replace('0.0.0.0', '127.0.0.1'));
    const codeOf = async (metadata?: Metadata) => (await client.export('metrics', body, metadata)).code;
    expect(await codeOf()).toBe(UNAUTHENTICATED);
    expect(await codeOf(bearer('nonsense'))).toBe(UNAUTHENTICATED);
    expect(await codeOf(bearer(tokens.old))).toBe(UNAUTHENTICATED);
    expect(await codeOf(bearer(tokens.reader))).toBe(7);
    // A Collector must not drop its data on the day on which a token expires.
    expect(await codeOf(bearer(tokens.stale))).toBe(14);
    expect(await codeOf(bearer(tokens.ann))).toBe(0);
    const ofOther = await client.export('metrics', body, bearer(tokens.bob));
    expect([ofOther.code, ofOther.message.toString()]).toEqual([0, expect.stringContaining('belongs to another user')]);
    const { json } = await collector.ask('GET', '/runs/by-grpc', undefined, { authorization: `Bearer ${tokens.ann}` });
    expect(json).toMatchObject({ user: 'ann', metrics: { loss: { count: 1 } } });
  });
});

describe('OTLP/gRPC over TLS', () => {
  let folder: string;
  const file = (name: string): Buffer => readFileSync(join(folder, name));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'simvue-grpc-tls-'));
    const authority = await writeCertificate(folder, 'ca');
    await writeCertificate(folder, 'server', authority);
    await writeCertificate(folder, 'carol', authority);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('lets in who has a certificate of the given authority, by its name', async () => {
    const tls = {
      certificateFile: join(folder, 'server.pem'),
      keyFile: join(folder, 'server.key'),
      clientCaFile: join(folder, 'ca.pem'),
    };
    const { collector } = await startGuarded({}, { tls, isInsecure: false, grpcPort: 0 });
    await using _ = collector;
    const callWith = async (key: Buffer | null, certificate: Buffer | null): Promise<number> => {
      const channel = credentials.createSsl(file('ca.pem'), key, certificate, {
        checkServerIdentity: () => undefined,
      });
      using client = new GrpcClient(collector.grpcTarget.replace('0.0.0.0', 'localhost'), {}, channel);
      return (await client.export('metrics', body)).code;
    };
    expect(await callWith(null, null)).toBe(UNAUTHENTICATED);
    expect(await callWith(file('carol.key'), file('carol.pem'))).toBe(0);
  });
});
