import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

describe('the activity of a run', () => {
  let collector: TestCollector;
  beforeAll(async () => {
    collector = await TestCollector.start();
  });
  afterAll(() => collector[Symbol.asyncDispose]());
  const newRun = async () =>
    (await collector.ask('POST', '/runs', { name: 'wing', folder: '/', status: 'running', metadata: { Re: 1 } })).json
      .id as string;
  const activity = async (run: string, query = '') =>
    (await collector.ask('GET', `/runs/${run}/activity${query}`)).json as {
      count: number;
      forgotten: number;
      data: { field: string; key: string; before: string | null; after: string | null; author: string }[];
    };
  const change = (run: string, body: object) => collector.ask('PUT', `/runs/${run}`, body);

  it('has what became different, the newest first, with its author, and outlives a restart', async () => {
    const run = await newRun();
    await change(run, { metadata: { Re: 2 } });
    await change(run, { metadata: { Re: 2 } });
    await change(run, { tags: ['done'], metadata: { Re: 3 } });
    await change(run, { status: 'completed' });
    await collector.reopen();
    const { count, forgotten, data } = await activity(run);
    expect({ count, forgotten }).toEqual({ count: 5, forgotten: 0 });
    expect(data.map(({ field, key, before, after, author }) => [field, key, before, after, author])).toEqual([
      ['status', '', '"running"', '"completed"', 'local'],
      ['metadata', 'Re', '2', '3', 'local'],
      ['tag', 'done', null, '"done"', 'local'],
      ['metadata', 'Re', '1', '2', 'local'],
      ['run', '', null, '"running"', 'local'],
    ]);
    const only = await activity(run, '?field=metadata&count=1&start=1');
    expect(only).toMatchObject({ count: 2, data: [{ before: '1', after: '2' }] });
  });

  it('keeps the newest thousand entries, says how many it forgot, and goes with its run', async () => {
    const run = await newRun();
    const metadata = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`k${index}`, 0]));
    await change(run, { metadata });
    await change(run, {
      metadata: { ...Object.fromEntries(Object.keys(metadata).map((key) => [key, 1])), k899: 'x'.repeat(2_000) },
    });
    const { count, forgotten, data } = await activity(run, '?count=1');
    expect({ count, forgotten }).toEqual({ count: 1_000, forgotten: 801 });
    expect(data[0]?.after).toHaveLength(1_025);
    await collector.ask('DELETE', `/runs/${run}`);
    expect((await collector.ask('GET', `/runs/${run}/activity`)).status).toBe(404);
  });

  it('has when an alert fires and when it does no longer, and nothing of what goes on as it was', async () => {
    const run = await newRun();
    const { id } = (await collector.ask('POST', '/alerts', { name: 'grows', source: 'user' })).json;
    await collector.ask('PUT', `/runs/${run}`, { alerts: [id] });
    for (const status of ['ok', 'critical', 'critical', 'ok', 'ok', 'critical'])
      await collector.ask('PUT', `/alerts/${id}/status/${run}`, { status });
    const { data } = await activity(run, '?field=alert');
    expect(data.map(({ key, before, after }) => [key, before, after])).toEqual([
      ['grows', '"ok"', '"critical"'],
      ['grows', '"critical"', '"ok"'],
      ['grows', '"ok"', '"critical"'],
    ]);
  });

  it('has the loss of a run, and its return', async () => {
    const run = await newRun();
    await change(run, { status: 'lost' });
    await collector.ask('PUT', `/runs/${run}/heartbeat`);
    const { data } = await activity(run, '?field=status');
    expect(data.map(({ before, after }) => [before, after])).toEqual([
      ['"lost"', '"running"'],
      ['"running"', '"lost"'],
    ]);
  });
});
