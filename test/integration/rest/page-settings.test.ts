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

describe('cards of a dashboard', () => {
  const OLD = { title: 'Loss', metrics: ['loss'], xaxis: 'step', yscale: 'log' };
  const LINES = {
    ...OLD,
    kind: 'lines',
    xaxis: 'metric.lift [N], two\nlines',
    xscale: 'log',
    xrange: [0.001, null],
    yrange: [-1e-300, 1e300],
    unit: 'm·s⁻¹',
    legend: 'hidden',
    smoothing: 100,
    non_finite: 'hide',
    marks: ['thresholds'],
  };
  const SCATTER = { ...OLD, kind: 'scatter', metrics: ['metadata:mesh.cells', 'last:residuals.p:x'] };
  const PARALLEL = { ...OLD, kind: 'parallel', metrics: ['min:a', 'max:a', 'average:a', 'last:a', 'metadata:Re'] };
  let dashboards: string;
  beforeAll(async () => {
    const { json } = await collector.ask('POST', '/folders', { path: '/cards' });
    dashboards = `/folders/${json.id}/dashboards`;
  });
  const save = (...cards: readonly object[]) => collector.ask('POST', dashboards, { name: 'main', cards });
  const kept = async () => (await collector.ask('GET', dashboards)).json.data[0].cards;

  it('come back as they were sent, after a restart too, and old ones without anything new', async () => {
    const cards = [
      OLD,
      LINES,
      SCATTER,
      PARALLEL,
      { ...OLD, xrange: [null, null], yrange: [null, 0], smoothing: 0, unit: '', marks: [], non_finite: 'mark' },
      {
        ...OLD,
        xaxis: `metric.${'m'.repeat(1000)}`,
        xrange: [-2, -1],
        legend: 'bottom',
        marks: ['thresholds', 'attempts'],
      },
      { ...OLD, xaxis: 'time', xscale: 'linear', legend: 'top', unit: 'u'.repeat(40), marks: ['attempts'] },
      { ...OLD, xaxis: 'timestamp' },
    ];
    expect((await save(...cards)).status).toBe(200);
    expect(await kept()).toStrictEqual(cards);
    await collector.reopen();
    expect(await kept()).toStrictEqual(cards);
  });

  it.each<[string, object, readonly (string | number)[], RegExp]>([
    ['an axis without a metric', { xaxis: 'metric.' }, ['xaxis'], /step\|time\|timestamp\|metric/],
    ['an unknown axis', { xaxis: 'depth' }, ['xaxis'], /step\|time\|timestamp\|metric/],
    ['an axis that is too long', { xaxis: `metric.${'m'.repeat(1001)}` }, ['xaxis'], /1007/],
    ['an unknown kind', { kind: 'pie' }, ['kind'], /lines, parallel, scatter/],
    ['an unknown scale', { xscale: 'sqrt' }, ['xscale'], /linear, log/],
    ['one end', { xrange: [1] }, ['xrange'], /2 items/],
    ['three ends', { yrange: [1, 2, 3] }, ['yrange'], /2 items/],
    ['an end that is text', { yrange: [1, '2'] }, ['yrange', '1'], /number/],
    ['ends that descend', { xrange: [2, 1] }, ['xrange'], /^cards\[2\]\.xrange must ascend, as \[0, 10\] does; .*null/],
    ['ends that are one', { yrange: [0, 0] }, ['yrange'], /^cards\[2\]\.yrange must ascend/],
    ['a long unit', { unit: 'u'.repeat(41) }, ['unit'], /40/],
    ['an unknown place', { legend: 'left' }, ['legend'], /top, bottom, hidden/],
    ['too much smoothing', { smoothing: 101 }, ['smoothing'], /100/],
    ['half a percent', { smoothing: 0.5 }, ['smoothing'], /integer/],
    ['an unknown treatment', { non_finite: 'drop' }, ['non_finite'], /mark, hide/],
    ['an unknown mark', { marks: ['events'] }, ['marks', '0'], /attempts, thresholds/],
    ['a mark twice', { marks: ['attempts', 'attempts'] }, ['marks'], /duplicate/],
    [
      'a scatter plot of one',
      { ...SCATTER, metrics: ['last:a'] },
      ['metrics'],
      /^cards\[2\]\.metrics .*two.*there are 1$/,
    ],
    ['a scatter plot of three', { ...SCATTER, metrics: ['last:a', 'min:a', 'max:a'] }, ['metrics'], /there are 3$/],
    ['a name as dimension', { ...PARALLEL, metrics: ['last:a', 'loss'] }, ['metrics', 1], /metrics\[1\].*metadata:KEY/],
    [
      'a dimension of nothing',
      { ...SCATTER, metrics: ['last:', 'min:a'] },
      ['metrics', 0],
      /metrics\[0\].*last:METRIC/,
    ],
  ])('are refused with %s, by the name of the field, and nothing is kept', async (_, part, path, words) => {
    const before = await kept();
    const { status, json } = await save(OLD, LINES, { ...OLD, ...part });
    expect(status).toBe(422);
    expect(json.detail).toHaveLength(1);
    const [{ loc, msg }] = json.detail;
    expect(loc.map(String)).toEqual(['body', 'cards', '2', ...path.map(String)]);
    expect(msg).toMatch(words);
    expect(await kept()).toStrictEqual(before);
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
