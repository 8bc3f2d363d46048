import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

const ask = (...request: Parameters<TestCollector['ask']>) => collector.ask(...request);
const makeFolder = async (path: string, body: object = {}): Promise<string> =>
  (await ask('POST', '/folders', { path, ...body })).json.id;
const makeRun = async (folder: string, body: object = {}): Promise<string> =>
  (await ask('POST', '/runs', { folder, ...body })).json.id;
const find = async (filter: string) =>
  (await ask('GET', `/folders?filters=${encodeURIComponent(`["${filter}"]`)}`)).json;

describe('a folder by REST', () => {
  it('is made with its parents, and known when it is made again', async () => {
    const id = await makeFolder('/a/b/c');
    expect(id).toMatch(/^[A-Za-z0-9]{22}$/);
    const again = await ask('POST', '/folders', { path: '/a/b/c' });
    expect([again.status, again.json.id]).toEqual([409, id]);
    expect((await find('path contains /a')).data.map(({ path }: { path: string }) => path)).toEqual([
      '/a',
      '/a/b',
      '/a/b/c',
    ]);
  });

  it('that is there takes what is said of it when it is made again, as the sender of staged runs does', async () => {
    const id = await makeFolder('/again');
    const again = await ask('POST', '/folders', { path: '/again', metadata: { where: 'here' }, tags: ['ft'] });
    expect([again.status, again.json.id]).toEqual([200, id]);
    expect((await ask('GET', `/folders/${id}`)).json).toMatchObject({ metadata: { where: 'here' }, tags: ['ft'] });
  });

  it('keeps what it is given, merges metadata and replaces the rest', async () => {
    const id = await makeFolder('/details', {
      name: 'Details',
      description: 'one',
      metadata: { a: 1 },
      tags: ['t1'],
      ttl: 60,
    });
    await ask('PUT', `/folders/${id}`, {
      metadata: { b: { c: 2 } },
      tags: ['t2'],
      description: 'two',
      visibility: { public: true },
    });
    expect((await ask('GET', `/folders/${id}`)).json).toMatchObject({
      id,
      path: '/details',
      name: 'Details',
      description: 'two',
      metadata: { a: 1, b: { c: 2 } },
      tags: ['t2'],
      ttl: 60,
      starred: false,
      user: 'local',
      visibility: { users: [], tenant: false, public: true },
    });
    await ask('PUT', `/folders/${id}/starred`, { starred: true });
    expect((await ask('GET', `/folders/${id}`)).json.starred).toBe(true);
    expect((await find('path == /details')).data[0].starred).toBe(true);
  });

  it('that holds runs is not deleted without them', async () => {
    const id = await makeFolder('/full');
    const run = await makeRun('/full');
    const refused = await ask('DELETE', `/folders/${id}?recursive=False&runs=False&runs_only=False`);
    expect([refused.status, refused.json.detail]).toEqual([409, expect.stringContaining('holds 1 runs')]);
    const only = await ask('DELETE', `/folders/${id}?recursive=False&runs=True&runs_only=True`);
    expect(only.json).toEqual({ folders: [], runs: [run] });
    expect((await ask('GET', `/runs/${run}`)).status).toBe(404);
    expect((await ask('DELETE', `/folders/${id}?recursive=False&runs=True&runs_only=False`)).json).toEqual({
      folders: [id],
      runs: [],
    });
    expect((await ask('GET', `/folders/${id}`)).status).toBe(404);
  });

  it('is deleted with everything below it, and nothing beside it', async () => {
    const ids = [await makeFolder('/tree'), await makeFolder('/tree/x'), await makeFolder('/tree/x/y')];
    const runs = [await makeRun('/tree'), await makeRun('/tree/x/y')];
    const beside = await makeRun('/tree2');
    const { json } = await ask('DELETE', `/folders/${ids[0]}?recursive=True&runs=True&runs_only=False`);
    expect([json.folders.sort(), json.runs.sort()]).toEqual([ids.sort(), runs.sort()]);
    expect((await ask('GET', `/runs/${beside}`)).status).toBe(200);
    expect((await find('path contains /tree')).data.map(({ path }: { path: string }) => path)).toEqual(['/tree2']);
  });

  it('is found by what it is and holds, a page at a time', async () => {
    const paths = ['/find/a', '/find/b', '/find/c'];
    for (const [index, path] of paths.entries())
      await makeFolder(path, { metadata: { n: index, deep: { k: 'v' } }, tags: [`n${index}`] });
    const names = async (query: string) =>
      (await ask('GET', `/folders?${query}`)).json.data.map(({ path }: { path: string }) => path);
    const filtered = (...filters: string[]) => names(`filters=${encodeURIComponent(JSON.stringify(filters))}`);
    expect(await filtered('path contains /find/', 'metadata.n == 1')).toEqual(['/find/b']);
    expect(await filtered('metadata.deep.k == v', 'metadata.n >= 1')).toEqual(['/find/c', '/find/b']);
    expect(await filtered('has tag.n2')).toEqual(['/find/c']);
    expect(await filtered('path == /find/a', 'created < 1h')).toEqual(['/find/a']);
    const sorting = encodeURIComponent('[{"id":"metadata.n","desc":true}]');
    const filters = encodeURIComponent('["path contains /find/"]');
    expect(await names(`filters=${filters}&sorting=${sorting}&start=1&count=1`)).toEqual(['/find/b']);
    expect((await ask('GET', `/folders?filters=${filters}&start=9`)).json).toEqual({ count: 3, data: [] });
  });

  it('without a slash, or moved, is refused', async () => {
    expect((await ask('POST', '/folders', { path: 'x' })).json.detail[0].loc).toEqual(['body', 'path']);
    const id = await makeFolder('/here');
    expect((await ask('PUT', `/folders/${id}`, { path: '/there' })).status).toBe(409);
    expect((await ask('PUT', `/folders/${id}`, { tags: 'x' })).json.detail[0].loc).toEqual(['body', 'tags']);
  });
});

describe('a tag by REST', () => {
  const tagNamed = async (name: string) =>
    (await ask('GET', '/tags?count=1000')).json.data.filter((tag: { name: string }) => tag.name === name);

  it('is there as soon as a run or a folder has it, once', async () => {
    await makeRun('/tags', { tags: ['Linux', 'LES'] });
    await makeRun('/tags', { tags: ['Linux'] });
    await makeFolder('/tags/f', { tags: ['Linux'] });
    expect(await tagNamed('Linux')).toMatchObject([
      { name: 'Linux', runs: 2, colour: expect.stringMatching(/^#[0-9a-f]{6}$/), user: 'local', description: null },
    ]);
  });

  it('of the same name is not made twice', async () => {
    const { status, json } = await ask('POST', '/tags', { name: 'once', colour: '#ff0000', description: 'first' });
    expect(status).toBe(200);
    const again = await ask('POST', '/tags', { name: 'once' });
    expect([again.status, again.json.id]).toEqual([409, json.id]);
    expect((await ask('GET', `/tags/${json.id}`)).json).toMatchObject({
      name: 'once',
      colour: '#ff0000',
      description: 'first',
    });
  });

  it('is listed in the order that is asked for, newest first unless said otherwise', async () => {
    for (const name of ['sort-b', 'sort-c', 'sort-a']) await ask('POST', '/tags', { name });
    const listed = async (...sorting: object[]) =>
      (await ask('GET', `/tags?count=1000&sorting=${encodeURIComponent(JSON.stringify(sorting))}`)).json.data
        .map(({ name }: { name: string }) => name)
        .filter((name: string) => name.startsWith('sort-'));
    expect(await listed()).toEqual(['sort-a', 'sort-c', 'sort-b']);
    expect(await listed({ id: 'name', desc: true })).toEqual(['sort-c', 'sort-b', 'sort-a']);
    expect(await listed({ id: 'created', desc: false })).toEqual(['sort-b', 'sort-c', 'sort-a']);
    expect((await ask('GET', '/tags?sorting=[{"id":"colour"}]')).status).toBe(422);
  });

  it('that is renamed is renamed in its runs and folders, but not to a name that is taken', async () => {
    const run = await makeRun('/tags', { tags: ['old', 'kept'] });
    const folder = await makeFolder('/tags/g', { tags: ['old'] });
    const [{ id }] = await tagNamed('old');
    expect((await ask('PUT', `/tags/${id}`, { name: 'new', colour: 'blue' })).status).toBe(200);
    expect((await ask('GET', `/runs/${run}`)).json.tags).toEqual(['kept', 'new']);
    expect((await ask('GET', `/folders/${folder}`)).json.tags).toEqual(['new']);
    expect(await tagNamed('old')).toEqual([]);
    expect(await tagNamed('new')).toMatchObject([{ id, colour: 'blue', runs: 1 }]);
    expect((await ask('PUT', `/tags/${id}`, { name: 'kept' })).status).toBe(409);
  });

  it('that is deleted is taken from its runs', async () => {
    const run = await makeRun('/tags', { tags: ['gone', 'stays'] });
    const [{ id }] = await tagNamed('gone');
    expect((await ask('DELETE', `/tags/${id}`)).json).toEqual({});
    expect((await ask('GET', `/tags/${id}`)).status).toBe(404);
    expect((await ask('GET', `/runs/${run}`)).json.tags).toEqual(['stays']);
  });

  it('is deleted while its runs are', async () => {
    const run = { folder: '/tags', status: 'created', tags: ['busy'] };
    for (let round = 0; round < 3; round++) {
      const made: { id: string }[] = (await ask('POST', '/runs', Array(20).fill(run))).json;
      const [{ id }] = await tagNamed('busy');
      const paths = made.map((one) => `/runs/${one.id}`).toSpliced(10, 0, `/tags/${id}`);
      const answers = await Promise.all(paths.map((path) => ask('DELETE', path)));
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    }
  });
});
