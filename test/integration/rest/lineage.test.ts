import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRun, saveArtifact } from '../../support/artifact-client.ts';
import { TestCollector } from '../../support/collector-app.ts';

describe('the lineage of content', () => {
  let collector: TestCollector;
  beforeAll(async () => {
    collector = await TestCollector.start();
  });
  afterAll(() => collector[Symbol.asyncDispose]());
  const lineage = async (artifact: string) =>
    (await collector.ask('GET', `/artifacts/${artifact}/lineage`)).json as {
      truncated: boolean;
      data: { run: string; artifact_name: string; category: string }[];
    };

  it('has the runs that made and used it, under any name, in the order in which they got it', async () => {
    const content = Buffer.from('mesh');
    const [maker, user] = [await createRun(collector), await createRun(collector)];
    const { id } = await saveArtifact(collector, content, { name: 'out.msh' }, { id: maker, category: 'output' });
    await saveArtifact(collector, content, { name: 'in.msh' }, { id: user, category: 'input' });
    await saveArtifact(collector, Buffer.from('other'), { name: 'in.msh' }, { id: user, category: 'input' });
    const { truncated, data } = await lineage(id);
    expect(truncated).toBe(false);
    expect(data.map(({ run, artifact_name, category }) => [run, artifact_name, category])).toEqual([
      [maker, 'out.msh', 'output'],
      [user, 'in.msh', 'input'],
    ]);
    await collector.ask('DELETE', `/runs/${user}`);
    expect((await lineage(id)).data).toHaveLength(1);
  });

  it('is bounded, and says so', async () => {
    const run = await createRun(collector);
    const { id } = await saveArtifact(collector, Buffer.from('shared'), {}, { id: run, category: 'output' });
    const runs = Array.from({ length: 205 }, () => ({ folder: '/many', name: 'user' }));
    const made = (await collector.ask('POST', '/runs', runs)).json as { id: string }[];
    await Promise.all(
      made.map((user) => collector.ask('PUT', `/runs/${user.id}/artifacts/${id}`, { category: 'input' })),
    );
    const { truncated, data } = await lineage(id);
    expect([truncated, data.length]).toEqual([true, 200]);
  });
});
