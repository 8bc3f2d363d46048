import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announce, artifactBody, createRun, saveArtifact, uploadForm } from '../../support/artifact-client.ts';
import { TestCollector } from '../../support/collector-app.ts';

const content = Buffer.from('0123456789');
let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start({ maxArtifactBytes: 4 << 20 });
});
afterAll(() => collector[Symbol.asyncDispose]());

const post = async (url: string, body: FormData | string, headers: Record<string, string> = {}) => {
  const response = await fetch(url, { method: 'POST', body, headers });
  return { status: response.status, text: await response.text() };
};
const viewOf = async (id: string) => (await collector.ask('GET', `/artifacts/${id}`)).json;
const incoming = () => readdir(join(collector.dataDirectory, 'artifacts', 'incoming'));

/** Nothing of a refused upload is left, and the right content can still follow. */
async function expectNothingKept({ id, url }: { id: string; url: string }): Promise<void> {
  expect((await viewOf(id)).uploaded).toBe(false);
  expect((await fetch((await viewOf(id)).url)).status).toBe(404);
  await expect.poll(incoming).toEqual([]);
  expect((await post(url, uploadForm(content))).status).toBe(200);
  expect((await viewOf(id)).uploaded).toBe(true);
}

describe('an upload', () => {
  it('of other content than announced is a 400 in the words that clients look for', async () => {
    const artifact = await announce(collector.url, artifactBody(content));
    const answer = await post(artifact.url, uploadForm(Buffer.from('0123456788')));
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('The SHA256 you specified did not match the calculated checksum.');
    await expectNothingKept(artifact);
  });

  it('above the limit is a 413, whether its length is told before or not', async () => {
    const artifact = await announce(collector.url, artifactBody(content));
    const answer = await post(artifact.url, uploadForm(randomBytes(5 << 20)));
    expect([answer.status, answer.text]).toEqual([413, expect.stringContaining('--max-artifact')]);
    expect((await post(artifact.url, uploadForm(randomBytes(14 << 20)))).status).toBe(413);
    await expectNothingKept(artifact);
  });

  it('that is cut off by its sender leaves nothing', async () => {
    const artifact = await announce(collector.url, artifactBody(content));
    const sending = request(artifact.url, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 1 << 20 },
    });
    const failed = new Promise((resolve) => sending.once('error', resolve));
    sending.write('--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n01234');
    await expect.poll(incoming).toHaveLength(1);
    sending.destroy();
    await failed;
    await expectNothingKept(artifact);
  });

  it.each([
    ['ends before its closing boundary', '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n01', 400],
    ['has no part "file"', '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n01\r\n--b--\r\n', 422],
    ['is no form at all', 'hello', 400],
  ])('that %s is refused', async (_what, body, status) => {
    const artifact = await announce(collector.url, artifactBody(content));
    const answer = await post(artifact.url, body, { 'content-type': 'multipart/form-data; boundary=b' });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text).detail).toBeTruthy();
    await expectNothingKept(artifact);
  });

  it('of another content type is a 415, and one without a boundary a 400', async () => {
    const { url } = await announce(collector.url, artifactBody(content));
    expect((await post(url, '{}', { 'content-type': 'application/json' })).status).toBe(415);
    expect((await post(url, 'x', { 'content-type': 'multipart/form-data' })).status).toBe(400);
  });

  it('may be repeated, also many times at once', async () => {
    const large = randomBytes(2 << 20);
    const { id, url } = await announce(collector.url, artifactBody(large));
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(url, uploadForm(large))));
    expect(answers).toEqual(answers.map(() => ({ status: 200, text: '{}' })));
    const download = await fetch((await viewOf(id)).url);
    expect(Buffer.from(await download.arrayBuffer()).equals(large)).toBe(true);
    expect(await incoming()).toEqual([]);
  });

  it('of nothing, and of what looks like a boundary, comes back as it was', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('\r\n--x\r\n\r\n--x--\r\n'.repeat(50_000))]) {
      const view = await saveArtifact(collector, bytes);
      expect(Buffer.from(await (await fetch(view.url)).arrayBuffer()).equals(bytes)).toBe(true);
    }
  });
});

describe('a download', () => {
  it('is an attachment that no browser runs', async () => {
    const view = await saveArtifact(collector, content, { name: 'a/naïve.html', mime_type: 'text/html' });
    const { headers } = await fetch(view.url);
    expect(headers.get('content-type')).toBe('text/html');
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="na_ve.html"; filename\*=UTF-8''na%C3%AF/,
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/^sandbox;/);
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });

  it.each([
    ['the whole', {}, 200, null, '0123456789'],
    ['a range', { range: 'bytes=2-4' }, 206, 'bytes 2-4/10', '234'],
    ['the tail', { range: 'bytes=-3' }, 206, 'bytes 7-9/10', '789'],
    ['a range past the end', { range: 'bytes=8-99' }, 206, 'bytes 8-9/10', '89'],
    ['several ranges as the whole', { range: 'bytes=0-1,4-5' }, 200, null, '0123456789'],
    ['the whole when it changed', { range: 'bytes=2-4', 'if-range': '"other"' }, 200, null, '0123456789'],
    ['the whole when it is another', { 'if-none-match': '"other"' }, 200, null, '0123456789'],
  ])('gives %s', async (_what, headers, status, range, text) => {
    const view = await saveArtifact(collector, content);
    const response = await fetch(view.url, { headers: headers as Record<string, string> });
    expect([response.status, response.headers.get('content-range')]).toEqual([status, range]);
    expect(response.headers.get('content-length')).toBe(String(text.length));
    expect(await response.text()).toBe(text);
  });

  it('is conditional by its checksum, refuses a range outside, and has a head', async () => {
    const view = await saveArtifact(collector, content);
    const tag = `"${view.checksum}"`;
    const get = (headers: Record<string, string>, method = 'GET') => fetch(view.url, { method, headers });
    expect((await get({})).headers.get('etag')).toBe(tag);
    for (const match of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      expect((await get({ 'if-none-match': match })).status).toBe(304);
    }
    const same = await get({ range: 'bytes=0-0', 'if-range': tag });
    expect([same.status, await same.text()]).toEqual([206, '0']);
    const outside = await get({ range: 'bytes=10-' });
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, 'bytes */10']);
    const head = await get({ range: 'bytes=0-0' }, 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
  });

  it('needs the signature of its own URL', async () => {
    const [view, other] = [await saveArtifact(collector, content), await saveArtifact(collector, content)];
    const { url: uploadUrl } = await announce(collector.url, artifactBody(content));
    const bare = view.url.split('?')[0];
    const attempts = [
      bare,
      view.url.replace(/.$/, (digit: string) => (digit === '0' ? '1' : '0')),
      view.url.replace(/expires=\d+/, 'expires=9999999999'),
      `${bare}?${other.url.split('?')[1]}`,
      uploadUrl,
    ];
    for (const url of attempts) {
      const response = await fetch(url);
      expect([response.status, await response.json()]).toEqual([403, { detail: expect.stringContaining('signature') }]);
    }
    expect((await post(view.url, uploadForm(content))).status).toBe(403);
  });
});

describe('the address of content', () => {
  it('is the one that the client asked, unless there is a public one', async () => {
    const asLocalhost = collector.url.replace('127.0.0.1', 'localhost');
    const response = await fetch(`${asLocalhost}/api/artifacts?count=1`);
    const list = (await response.json()) as { data: { url: string }[] };
    expect(list.data[0]?.url).toMatch(new RegExp(`^${asLocalhost}/api/artifacts/`));
    await using published = await TestCollector.start({ publicUrl: 'https://runs.example.org/simvue' });
    const { url } = await announce(published.url, artifactBody(content));
    expect(url).toMatch(/^https:\/\/runs\.example\.org\/simvue\/api\/artifacts\/\w{22}\/content\?/);
  });

  it('stays valid when the collector starts again', async () => {
    await using restarted = await TestCollector.start();
    const run = await createRun(restarted);
    const { url } = await saveArtifact(restarted, content, {}, { id: run, category: 'input' });
    const before = new URL(restarted.url).host;
    await restarted.reopen();
    const moved = url.replace(before, new URL(restarted.url).host);
    expect(await (await fetch(moved)).text()).toBe('0123456789');
  });
});
