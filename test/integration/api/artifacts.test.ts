import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announce, artifactBody, createRun, saveArtifact, uploadForm } from '../../support/artifact-client.ts';
import { TestCollector } from '../../support/collector-app.ts';

const ID = /^[A-Za-z0-9]{22}$/;
const content = Buffer.from('hello simvue');
let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

describe('the way of an artifact', () => {
  it('goes through announcement, upload, confirmation and run to a view whose every value is there', async () => {
    const run = await createRun(collector);
    const announced = await collector.ask('POST', '/artifacts', artifactBody(content));
    expect(announced).toMatchObject({ status: 200, json: { id: expect.stringMatching(ID), fields: {} } });
    const { id, url } = announced.json;
    expect(url).toMatch(new RegExp(`^${collector.url}/api/artifacts/${id}/content\\?`));
    expect((await collector.ask('GET', `/artifacts/${id}`)).json.uploaded).toBe(false);

    const upload = await fetch(url, { method: 'POST', body: uploadForm(content) });
    expect([upload.status, await upload.text()]).toEqual([200, '{}']);
    expect((await collector.ask('PUT', `/artifacts/${id}`, { uploaded: true })).status).toBe(200);
    expect((await collector.ask('PUT', `/runs/${run}/artifacts/${id}`, { category: 'input' })).status).toBe(200);

    const { json: view } = await collector.ask('GET', `/artifacts/${id}`);
    expect(view).toEqual({
      id,
      ...artifactBody(content),
      created: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}$/),
      uploaded: true,
      storage_id: expect.stringMatching(ID),
      user: 'local',
      url: expect.stringContaining(id),
    });
    const list = await collector.ask('GET', `/runs/${run}/artifacts`);
    expect(list.json).toEqual([{ ...view, url: expect.any(String), category: 'input' }]);
    expect((await collector.ask('GET', `/runs/${run}/artifacts/${id}`)).json.category).toBe('input');
  });

  it('takes the size of an object as it is said, and an empty path and no metadata', async () => {
    const object = { original_path: '', size: content.length + 33, metadata: null, name: 'arr' };
    const view = await saveArtifact(collector, content, object);
    expect(view).toMatchObject({ size: 45, original_path: '', metadata: {}, uploaded: true });
    const download = await fetch(view.url);
    expect(download.headers.get('content-length')).toBe('12');
  });

  it('ends with its deletion: no view, no upload, no download, no bytes', async () => {
    const { id, url } = await announce(collector.url, artifactBody(content));
    await fetch(url, { method: 'POST', body: uploadForm(content) });
    const { json: view } = await collector.ask('GET', `/artifacts/${id}`);
    expect(await collector.ask('DELETE', `/artifacts/${id}`)).toMatchObject({ status: 200, json: {} });
    const again = await fetch(url, { method: 'POST', body: uploadForm(content) });
    expect([again.status, (await fetch(view.url)).status]).toEqual([404, 404]);
    for (const method of ['GET', 'DELETE']) expect((await collector.ask(method, `/artifacts/${id}`)).status).toBe(404);
  });
});

describe('artifacts of a run', () => {
  it('may share a name, have any path as a name, and are told apart by category', async () => {
    const run = await createRun(collector);
    const name = 'scratch/x/test_file.txt';
    await saveArtifact(collector, content, { name }, { id: run, category: 'output' });
    await saveArtifact(collector, Buffer.from('changed'), { name }, { id: run, category: 'output' });
    await saveArtifact(collector, Buffer.from('x,y'), { name: 'b.csv' }, { id: run, category: 'code' });
    const names = async (query: string) =>
      (await collector.ask('GET', `/runs/${run}/artifacts${query}`)).json.map((view: { name: string }) => view.name);
    expect(await names(`?name=${encodeURIComponent(name)}`)).toEqual([name, name]);
    expect(await names('?category=code')).toEqual(['b.csv']);
    expect(await names('?name=nobody')).toEqual([]);
    expect(await names('')).toHaveLength(3);
  });

  it('are as many as were saved under a name, without what did not arrive and was saved anew', async () => {
    const run = await createRun(collector);
    const ids: string[] = [];
    for (let i = 0; i < 2; i++)
      ids.push((await saveArtifact(collector, content, {}, { id: run, category: 'output' })).id);
    const announced = await collector.ask('POST', '/artifacts', artifactBody(content));
    await collector.ask('PUT', `/runs/${run}/artifacts/${announced.json.id}`, { category: 'output' });
    const list = await collector.ask('GET', `/runs/${run}/artifacts`);
    expect(list.json).toMatchObject(ids.map((id) => ({ id, uploaded: true })));
  });

  it('are none for a run that is not there: 404 with a list', async () => {
    expect(await collector.ask('GET', '/runs/nothing/artifacts')).toMatchObject({ status: 404, json: [] });
  });

  it('change their category when they are put again', async () => {
    const run = await createRun(collector);
    const { id } = await saveArtifact(collector, content, {}, { id: run, category: 'input' });
    await collector.ask('PUT', `/runs/${run}/artifacts/${id}`, { category: 'output' });
    const list = await collector.ask('GET', `/runs/${run}/artifacts`);
    expect(list.json).toMatchObject([{ id, category: 'output' }]);
  });

  it('go with their last run', async () => {
    const [first, second] = [await createRun(collector), await createRun(collector)];
    const view = await saveArtifact(collector, content, {}, { id: first, category: 'input' });
    await collector.ask('PUT', `/runs/${second}/artifacts/${view.id}`, { category: 'code' });
    expect((await collector.ask('DELETE', `/runs/${first}`)).json).toEqual({});
    expect((await fetch(view.url)).status).toBe(200);
    await collector.ask('DELETE', `/runs/${second}`);
    expect((await fetch(view.url)).status).toBe(404);
    expect((await collector.ask('GET', `/artifacts/${view.id}`)).status).toBe(404);
  });
});

describe('the list of artifacts', () => {
  it('is all of them without count, else a page and the number of all', async () => {
    const run = await createRun(collector);
    for (let n = 0; n < 12; n++) {
      const body = { name: `a${n}`, metadata: n === 3 ? null : { n: 20 - n, 'a.b"c': n } };
      const { id } = await announce(collector.url, artifactBody(content, body));
      await collector.ask('PUT', `/runs/${run}/artifacts/${id}`, { category: 'input' });
    }
    const list = async (query: Record<string, unknown>) => {
      const pairs = Object.entries(query).map(([key, value]) => [
        key,
        typeof value === 'number' ? String(value) : JSON.stringify(value),
      ]);
      const { json } = await collector.ask('GET', `/artifacts?${new URLSearchParams(Object.fromEntries(pairs))}`);
      return { count: json.count, names: json.data.map((view: { name: string }) => view.name) };
    };
    const runs = [run, 'unknown'];
    expect(await list({ runs })).toMatchObject({ count: 12, names: expect.arrayContaining(['a0', 'a11']) });
    const byName = [{ id: 'name', desc: false }];
    expect(await list({ runs, sorting: byName, start: 1, count: 2 })).toEqual({ count: 12, names: ['a1', 'a10'] });
    const byMetadata = [{ id: 'metadata.a.b"c', desc: true }];
    expect((await list({ runs, sorting: byMetadata, count: 2 })).names).toEqual(['a11', 'a10']);
    expect(await list({ runs, start: 50, count: 2 })).toEqual({ count: 12, names: [] });
    expect((await list({ runs: [] })).count).toBe(0);
  });
});

describe('what is refused', () => {
  it.each([
    ['name', { name: '' }],
    ['name', { name: 'a\nb' }],
    ['checksum', { checksum: 'abc' }],
    ['mime_type', { mime_type: 'text/html\r\nx-evil: 1' }],
    ['size', { size: -1 }],
    ['metadata', { metadata: 'text' }],
  ])('a wrong %s is a 422 that names it', async (field, change) => {
    const answer = await collector.ask('POST', '/artifacts', artifactBody(content, change));
    expect(answer.status).toBe(422);
    expect(answer.json.detail[0].loc).toContain(field);
  });

  it('names the column and the category that are not known', async () => {
    const sorting = await collector.ask('GET', `/artifacts?sorting=${encodeURIComponent('[{"id":"size"}]')}`);
    expect([sorting.status, sorting.json.detail[0].msg]).toEqual([422, expect.stringContaining('"size"')]);
    const { id } = await announce(collector.url, artifactBody(content));
    const run = await createRun(collector);
    const put = await collector.ask('PUT', `/runs/${run}/artifacts/${id}`, { category: 'log' });
    expect(put).toMatchObject({ status: 422, json: { detail: [{ loc: ['body', 'category'] }] } });
    expect((await collector.ask('PUT', `/runs/none/artifacts/${id}`, { category: 'code' })).status).toBe(404);
    expect((await collector.ask('PUT', `/runs/${run}/artifacts/none`, { category: 'code' })).status).toBe(404);
  });
});
