import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Run } from 'simvue-otel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeCertificate } from '../../support/certificates.ts';
import { startGuarded } from '../../support/guarded-collector.ts';

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
