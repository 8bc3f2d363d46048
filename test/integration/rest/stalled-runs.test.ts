import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => collector[Symbol.asyncDispose]());

const stamp = (seconds: number) => new Date(Date.now() + 1000 * seconds).toISOString().replace('Z', '000');
/** A run that logged a point each so many seconds, the last one now; without a time-out it is never lost. */
async function logged(name: string, pauseSeconds: number, metric = 'loss'): Promise<string> {
  const started = stamp(-10 * pauseSeconds);
  const { id } = (await collector.ask('POST', '/runs', { name, folder: '/stalls', status: 'running', started })).json;
  const metrics = Array.from({ length: 10 }, (_, step) => ({
    ...{ timestamp: stamp((step - 9) * pauseSeconds), step, time: step },
    values: { [metric]: step },
  }));
  await collector.post('/metrics', { run: id, metrics });
  return id;
}
const stalledAfter = async (seconds: number, query = '') => {
  const later = Date.now() + 1000 * seconds;
  const clock = vi.spyOn(Date, 'now').mockReturnValue(later);
  const { json } = await collector.ask('GET', `/stalled-runs${query}`);
  clock.mockRestore();
  return json.data as { run: { id: string; name: string }; metric: string; points: number; pause_seconds: number }[];
};

describe('running runs whose metrics stand still', () => {
  it('are those without a point for five minutes and ten pauses, the longest silent first, with what they did until then', async () => {
    await logged('resources alone', 1, 'resources/cpu.usage.percent');
    const [first, slow, second] = [await logged('first', 1), await logged('slow', 120), await logged('second', 6)];
    const ended = await logged('ended', 1);
    await collector.ask('PUT', `/runs/${ended}`, { status: 'completed' });
    expect(await stalledAfter(240)).toEqual([]);
    const stalled = await stalledAfter(600);
    expect(stalled.map(({ run }) => run.id)).toEqual([first, second]);
    expect(stalled[0]).toMatchObject({ run: { name: 'first', status: 'running' }, metric: 'loss', points: 10 });
    expect(stalled[0]?.pause_seconds).toBeCloseTo(1, 0);
    expect((await stalledAfter(600, '?count=1')).map(({ run }) => run.id)).toEqual([first]);
    expect((await stalledAfter(1800)).map(({ run }) => run.id)).toEqual([first, slow, second]);
  });

  it('are none any more with their next point; what is sampled of their processes is no point of theirs', async () => {
    const hung = await logged('hung', 1);
    const working = await logged('working', 1);
    const shift = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 590_000);
    const point = (run: string, metric: string) =>
      collector.post('/metrics', {
        run,
        metrics: [{ timestamp: stamp(0), step: 10, time: 10, values: { [metric]: 1 } }],
      });
    await point(hung, 'resources/cpu.usage.percent');
    await point(working, 'loss');
    shift.mockRestore();
    const stalled = (await stalledAfter(600)).map(({ run }) => run.id);
    expect([stalled.includes(hung), stalled.includes(working)]).toEqual([true, false]);
  });

  it('are not those that a restart of the collector kept from being heard', async () => {
    const id = await logged('before the restart', 1);
    await collector.reopen();
    expect(await stalledAfter(200)).toEqual([]);
    expect((await stalledAfter(600)).map(({ run }) => run.id)).toContain(id);
  });

  it('names a count that cannot be', async () => {
    const { status, json } = await collector.ask('GET', '/stalled-runs?count=0');
    expect([status, json.detail[0].loc]).toEqual([422, ['query', 'count']]);
  });
});
