import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

const makeRun = async (folder = '/page'): Promise<string> =>
  (await collector.ask('POST', '/runs', { folder, status: 'running' })).json.id;
const log = (run: string, metric: string, values: readonly number[], timestamp = '2026-11-20T23:16:01.000000') =>
  collector.post('/metrics', {
    run,
    metrics: values.map((value, step) => ({ timestamp, step, time: step, values: { [metric]: value } })),
  });
const cells = async (runs: readonly string[], metrics: readonly string[], maxPoints = 0) => {
  const query = new URLSearchParams({ runs: JSON.stringify(runs), metrics: JSON.stringify(metrics) });
  query.set('max_points', String(maxPoints));
  return collector.ask('GET', `/metrics/summaries?${query}`);
};

describe('metrics of a page of runs', () => {
  it('are summaries and sparklines in one answer, without what a run does not have', async () => {
    const [first, second] = [await makeRun(), await makeRun()];
    await log(first, 'loss', [3, Number.NaN, 1]);
    await log(second, 'other', [1]);
    const { json } = await cells([first, second, 'nobody'], ['loss', 'nothing'], 40);
    expect(json.data).toEqual({
      [first]: {
        loss: expect.objectContaining({
          count: 3,
          min: 1,
          max: 3,
          average: 2,
          last: 1,
          last_text: '1',
          values: [3, null, 1],
        }),
      },
      [second]: {},
    });
    await log(first, 'end', [1, Number.POSITIVE_INFINITY]);
    expect((await cells([first], ['end'])).json.data[first].end).toMatchObject({
      last: null,
      last_text: 'Infinity',
      values: [],
    });
  });

  it('keep the extremes of every series, in no more values than asked for', async () => {
    // JSON has no negative zero.
    const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((drawn) => drawn + 0);
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 2, max: 60 }),
        async (list, most) => {
          const run = await makeRun();
          await log(run, 'm', list);
          const { m } = (await cells([run], ['m'], most)).json.data[run];
          expect(m.values.length).toBeLessThanOrEqual(most);
          expect([Math.min(...m.values), Math.max(...m.values)]).toEqual([Math.min(...list), Math.max(...list)]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('are refused beyond a page of a table', async () => {
    const many = Array.from({ length: 101 }, (_, index) => `run-${index}`);
    expect((await cells(many, ['loss'])).json.detail[0]).toMatchObject({ loc: ['query', 'runs'] });
    expect((await cells(['a'], many)).json.detail[0]).toMatchObject({ loc: ['query', 'metrics'] });
    expect((await cells(['a'], ['b'], 201)).status).toBe(422);
  });
});

describe('what people arrange on the page', () => {
  it('gives runs made after one another colours of their own, and keeps what is chosen until it is taken back', async () => {
    const run = await makeRun();
    const colourOf = async (id: string) => (await collector.ask('GET', `/runs/${id}`)).json.colour;
    const colour = () => colourOf(run);
    const own = await colour();
    expect(await colourOf(await makeRun())).toBe((own + 1) % 36);
    expect((await collector.ask('GET', '/runs')).json.data.find(({ id }: { id: string }) => id === run).colour).toBe(
      own,
    );
    expect((await collector.ask('PUT', `/runs/${run}/colour`, { colour: 7 })).json).toEqual({ id: run, colour: 7 });
    expect(await colour()).toBe(7);
    await collector.ask('PUT', `/runs/${run}`, { name: 'another' });
    expect(await colour()).toBe(7);
    expect((await collector.ask('PUT', `/runs/${run}/colour`, { colour: null })).json).toEqual({
      id: run,
      colour: own,
    });
    expect(await colour()).toBe(own);
    expect((await collector.ask('PUT', `/runs/${run}/colour`, { colour: 36 })).status).toBe(422);
  });

  it('keeps named lists; one of the same name is replaced', async () => {
    const save = (name: string, query: string) => collector.ask('POST', '/views', { name, query });
    const { id } = (await save('mine', 'filter=starred')).json;
    expect((await save('mine', 'sort=name')).json).toEqual({ id });
    await save('all', '');
    const list = async () =>
      (await collector.ask('GET', '/views')).json.data.map((view: Record<string, string>) => [
        view['name'],
        view['query'],
      ]);
    expect(await list()).toEqual([
      ['all', ''],
      ['mine', 'sort=name'],
    ]);
    expect((await collector.ask('DELETE', `/views/${id}`)).status).toBe(200);
    expect((await collector.ask('DELETE', `/views/${id}`)).status).toBe(404);
    expect(await list()).toEqual([['all', '']]);
  });

  it('keeps dashboards of a folder, which go with it', async () => {
    const { id: folder } = (await collector.ask('POST', '/folders', { path: '/boards' })).json;
    const card = { title: 'Residuals', metrics: ['residuals.p'], xaxis: 'step', yscale: 'log' };
    const { id } = (await collector.ask('POST', `/folders/${folder}/dashboards`, { name: 'main', cards: [card] })).json;
    const list = async () => (await collector.ask('GET', `/folders/${folder}/dashboards`)).json.data;
    expect(await list()).toEqual([expect.objectContaining({ id, name: 'main', cards: [card], user: 'local' })]);
    const wrong = { name: 'main', cards: [{ ...card, xaxis: 'depth' }] };
    expect((await collector.ask('POST', `/folders/${folder}/dashboards`, wrong)).status).toBe(422);
    await collector.reopen();
    expect(await list()).toHaveLength(1);
    await makeRun('/boards');
    expect(await list()).toHaveLength(1);
    expect((await collector.ask('DELETE', `/folders/${folder}/dashboards/${id}`)).status).toBe(200);
    expect((await collector.ask('DELETE', `/folders/${folder}/dashboards/${id}`)).status).toBe(404);
    expect(await list()).toEqual([]);
  });
});

describe('deleting some runs', () => {
  it('deletes all of them, or none when one is not known', async () => {
    const runs = [await makeRun(), await makeRun(), await makeRun()];
    const remove = (ids: readonly string[]) =>
      collector.ask('DELETE', `/runs?${new URLSearchParams({ runs: JSON.stringify(ids) })}`);
    expect((await remove([...runs, 'nobody'])).status).toBe(404);
    expect((await collector.ask('GET', `/runs/${runs[0]}`)).status).toBe(200);
    expect((await remove(runs.slice(0, 2))).status).toBe(200);
    expect((await remove(runs)).status).toBe(200);
    for (const run of runs) expect((await collector.ask('GET', `/runs/${run}`)).status).toBe(404);
  });
});
