import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { residentMebibytes } from '../../../bench/process-usage.ts';
import { announce, artifactBody, uploadForm } from '../../support/artifact-client.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { checksumOfMebibytes, downloadChecksum, uploadMebibytes } from '../../support/streamed-content.ts';

const MEBIBYTES = 200;
const MAX_GROWTH_MEBIBYTES = 150;

it('kill -9 in the middle of an upload leaves no content and no rest of it, and the upload can be repeated', async () => {
  await using collector = await CollectorProcess.start();
  const content = randomBytes(3 << 20);
  const { id, url } = await announce(collector.url, artifactBody(content));
  const incoming = join(collector.dataDirectory, 'artifacts', 'incoming');
  const sending = request(url, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 9 << 20 },
  });
  const broken = new Promise((resolve) => sending.once('error', resolve));
  sending.write('--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n');
  sending.write(content.subarray(0, 2 << 20));
  await expect.poll(() => readdir(incoming)).toHaveLength(1);
  await collector.kill();
  await broken;
  expect(await readdir(incoming)).toHaveLength(1);

  await collector.restart();
  expect(await readdir(incoming)).toEqual([]);
  expect(await readdir(join(collector.dataDirectory, 'artifacts'))).toEqual(['incoming']);
  const view = await collector.rest.get<{ uploaded: boolean; url: string }>(`/artifacts/${id}`);
  expect(view.uploaded).toBe(false);
  expect((await fetch(view.url)).status).toBe(404);
  expect((await fetch(url, { method: 'POST', body: uploadForm(content) })).status).toBe(200);
  expect(Buffer.from(await (await fetch(view.url)).arrayBuffer()).equals(content)).toBe(true);
});

it.runIf(process.platform === 'linux')('large content passes both ways in little memory', async () => {
  await using collector = await CollectorProcess.start();
  const checksum = checksumOfMebibytes(MEBIBYTES);
  const { id, url } = await announce(collector.url, { size: MEBIBYTES << 20, checksum });
  const before = (await residentMebibytes(collector.pid)).peak;
  expect(await uploadMebibytes(url, MEBIBYTES)).toBe(200);
  const view = await collector.rest.get<{ url: string }>(`/artifacts/${id}`);
  expect(await downloadChecksum(view.url)).toBe(checksum);
  expect((await residentMebibytes(collector.pid)).peak - before).toBeLessThan(MAX_GROWTH_MEBIBYTES);
});
