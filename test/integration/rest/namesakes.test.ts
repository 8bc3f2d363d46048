import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveArtifact } from '../../support/artifact-client.ts';
import { type Reply, TestCollector } from '../../support/collector-app.ts';
import { startGuarded } from '../../support/guarded-collector.ts';

const FILE = { name: 'system/fvSolution' };

describe('runs with an artifact of the same name', () => {
  let collector: TestCollector;
  beforeAll(async () => {
    collector = await TestCollector.start();
  });
  afterAll(() => collector[Symbol.asyncDispose]());

  const makeRun = async (name: string, folder: string): Promise<string> =>
    (await collector.ask('POST', '/runs', { name, folder })).json.id;
  const save = async (run: string, content: string, category = 'input', file: { name: string } = FILE) =>
    (await saveArtifact(collector, Buffer.from(content), file, { id: run, category })).id as string;
  const ask = (run: string, artifact: string, search = '') =>
    collector.ask('GET', `/runs/${run}/artifacts/${artifact}/namesakes?${new URLSearchParams({ search })}`);
  const names = async (...question: Parameters<typeof ask>) =>
    (await ask(...question)).json.data.map((found: { run_name: string }) => found.run_name);

  it('are those of the same folder first, then the newest; each is there once, with the newest of its files', async () => {
    const [asking, near, far, newest] = [
      await makeRun('asking', '/cfd'),
      await makeRun('near', '/cfd'),
      await makeRun('FAR', '/old'),
      await makeRun('newest', '/old'),
    ];
    const artifact = await save(asking, 'a');
    await save(near, 'b');
    await save(far, 'b');
    const last = await save(newest, 'c');
    const again = await save(far, 'd');
    await save(asking, 'another of its own');
    await save(await makeRun('other category', '/cfd'), 'a', 'output');
    await save(await makeRun('other name', '/cfd'), 'a', 'input', { name: 'fvSolution' });
    const { status, json } = await ask(asking, artifact);
    expect([status, json.truncated]).toEqual([200, false]);
    expect(json.data.map(({ run_name, artifact }: Record<string, string>) => [run_name, artifact])).toEqual([
      ['near', expect.any(String)],
      ['FAR', again],
      ['newest', last],
    ]);
    expect(json.data[0]).toMatchObject({ run: near, folder: '/cfd', status: 'created', size: 1 });
    expect(await names(asking, artifact, 'far')).toEqual(['FAR']);
    expect(await names(asking, artifact, '/OLD')).toEqual(['FAR', 'newest']);
    expect(await names(asking, artifact, '%')).toEqual([]);
    await collector.ask('DELETE', `/runs/${far}`);
    expect(await names(asking, artifact)).toEqual(['near', 'newest']);
  });

  it('are not asked for an artifact of another run', async () => {
    const [run, other] = [await makeRun('a', '/x'), await makeRun('b', '/x')];
    const artifact = await save(other, 'content');
    expect((await ask(run, artifact)).status).toBe(404);
    expect((await ask('nowhere', artifact)).status).toBe(404);
    const long = await ask(other, artifact, 'x'.repeat(201));
    expect([long.status, long.json.detail[0].loc]).toEqual([422, ['query', 'search']]);
  });
});

it('only runs that a reader may see are told of', async () => {
  const { collector, tokens } = await startGuarded({
    ann: { username: 'ann', scopes: ['read', 'ingest'] },
    ben: { username: 'ben', scopes: ['read', 'ingest'] },
  });
  await using _closed = collector;
  const as = (user: 'ann' | 'ben', method: string, path: string, body?: unknown) =>
    fetch(`${collector.url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${tokens[user]}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).then((response): Promise<Reply['json']> => response.json());
  const made = async (user: 'ann' | 'ben', visibility: Record<string, unknown>) => {
    const { id } = await as(user, 'POST', '/runs', { name: user, folder: '/x', visibility });
    const file = { name: 'case.yaml', size: 1, mime_type: 'text/plain', checksum: 'a'.repeat(64) };
    const artifact = await as(user, 'POST', '/artifacts', file);
    await as(user, 'PUT', `/artifacts/${artifact.id}`, { uploaded: true });
    await as(user, 'PUT', `/runs/${id}/artifacts/${artifact.id}`, { category: 'input' });
    return { id, artifact: artifact.id };
  };
  const own = await made('ann', {});
  await made('ben', {});
  const shared = await made('ben', { users: ['ann'] });
  const { data } = await as('ann', 'GET', `/runs/${own.id}/artifacts/${own.artifact}/namesakes`);
  expect(data.map(({ run }: { run: string }) => run)).toEqual([shared.id]);
});
