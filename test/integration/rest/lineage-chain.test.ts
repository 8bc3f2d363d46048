import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactBody, createRun, saveArtifact } from '../../support/artifact-client.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { startGuarded } from '../../support/guarded-collector.ts';

type Category = 'input' | 'output' | 'code';

describe('a chain of runs', () => {
  let collector: TestCollector;
  beforeAll(async () => {
    collector = await TestCollector.start();
  });
  afterAll(() => collector[Symbol.asyncDispose]());

  const has = async (run: string, category: Category, content: string): Promise<string> =>
    (await saveArtifact(collector, Buffer.from(content), { name: content }, { id: run, category })).id;
  const links = async (artifact: string) => {
    const { truncated, data } = (await collector.ask('GET', `/artifacts/${artifact}/lineage`)).json;
    type Link = { run: string; artifact_name: string; category: Category; level: number };
    return {
      truncated: truncated as boolean,
      data: (data as Link[]).map(
        ({ run, artifact_name, category, level }) => `${level} ${run} ${category} ${artifact_name}`,
      ),
    };
  };

  it('is shown from what went into the first one to what came out of the last', async () => {
    const [mesh, solve, plot, other] = (await Promise.all(Array.from({ length: 4 }, () => createRun(collector)))) as [
      string,
      string,
      string,
      string,
    ];
    await has(mesh, 'input', 'geometry');
    await has(mesh, 'code', 'mesher');
    await has(mesh, 'output', 'cells');
    await has(solve, 'input', 'cells');
    const field = await has(solve, 'output', 'field');
    await has(plot, 'input', 'field');
    await has(plot, 'output', 'picture');
    await has(other, 'output', 'something else');
    const { truncated, data } = await links(field);
    expect(truncated).toBe(false);
    expect(data.slice(0, 2)).toEqual([`-1 ${solve} output field`, `1 ${plot} input field`]);
    expect(data.slice(2).sort()).toEqual(
      [
        `-1 ${solve} input cells`,
        `-3 ${mesh} output cells`,
        `1 ${plot} output picture`,
        `-3 ${mesh} input geometry`,
        `-3 ${mesh} code mesher`,
      ].sort(),
    );
  });

  it('that comes back to where it began is followed once', async () => {
    const [a, b] = [await createRun(collector), await createRun(collector)];
    const first = await has(a, 'output', 'state 1');
    await has(b, 'input', 'state 1');
    await has(b, 'output', 'state 0');
    await has(a, 'input', 'state 0');
    const { truncated, data } = await links(first);
    expect(truncated).toBe(false);
    expect(data.map((link) => link.replace(/^\S+ /, '')).sort()).toEqual(
      [`${a} output state 1`, `${b} input state 1`, `${b} output state 0`, `${a} input state 0`].sort(),
    );
  });

  it('that is longer than twelve runs is cut off, and says so', async () => {
    const made = Array.from({ length: 15 }, () => ({ folder: '/row', name: 'one' }));
    const runs = ((await collector.ask('POST', '/runs', made)).json as { id: string }[]).map(({ id }) => id);
    let first = '';
    for (const [index, run] of runs.entries()) {
      if (index > 0) await has(run, 'input', `row ${index - 1}`);
      const id = await has(run, 'output', `row ${index}`);
      if (index === 0) first = id;
    }
    const { truncated, data } = await links(first);
    expect(truncated).toBe(true);
    expect(data.some((link) => link.startsWith('23 '))).toBe(true);
  });

  it('ends where the reader may not look', async () => {
    const scopes = ['read', 'ingest'] as const;
    const people = { ann: { username: 'ann', scopes }, bob: { username: 'bob', scopes } };
    const { collector: guarded, tokens } = await startGuarded(people);
    await using _ = guarded;
    const ask = async (who: 'ann' | 'bob', method: string, path: string, body?: object) => {
      const headers = { authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json' };
      const answer = await fetch(`${guarded.url}/api${path}`, { method, headers, body: JSON.stringify(body) });
      return (await answer.json()) as { id: string; data: unknown[] };
    };
    const save = async (who: 'ann' | 'bob', run: string, category: Category, content: string) => {
      const { id } = await ask(who, 'POST', '/artifacts', artifactBody(Buffer.from(content)));
      await ask(who, 'PUT', `/runs/${run}/artifacts/${id}`, { category });
      return id;
    };
    const [mine, hers] = [
      (await ask('ann', 'POST', '/runs', { folder: '/a', name: 'mine' })).id,
      (await ask('bob', 'POST', '/runs', { folder: '/b', name: 'hers' })).id,
    ];
    const content = await save('ann', mine, 'output', 'shared state');
    await save('bob', hers, 'input', 'shared state');
    await save('bob', hers, 'output', 'secret result');
    expect((await ask('ann', 'GET', `/artifacts/${content}/lineage`)).data).toHaveLength(1);
  });
});
