import { Run } from 'simvue-otel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

const START = Math.floor(Date.now() / 1000) * 1000 - 7 * 86_400_000;
const stamp = (seconds: number) => new Date(START + 1000 * seconds).toISOString().replace('Z', '000');
const view = async (id: string) => (await collector.ask('GET', `/runs/${id}`)).json;

async function create(body: object): Promise<string> {
  return (await collector.ask('POST', '/runs', { folder: '/progress', status: 'running', ...body })).json.id;
}

/** Points of a metric, one every ten seconds. */
function log(run: string, fromSeconds: number, steps: readonly number[], metric = 'loss') {
  const metrics = steps.map((step, index) => ({
    ...{ timestamp: stamp(fromSeconds + 10 * index), time: 0, step },
    values: { [metric]: 1 },
  }));
  return collector.post('/metrics', { run, metrics });
}

describe('how far a run is', () => {
  it('is told with its total, its step, its rate and when it is expected to end, in the run and in lists that ask for it', async () => {
    const id = await create({ name: 'going', total_steps: 100 });
    expect(await view(id)).toMatchObject({ total_steps: 100, progress: null, metadata: { 'simvue.total_steps': 100 } });
    await log(id, 0, [0]);
    expect((await view(id)).progress).toMatchObject({ step: 0, steps_per_second: null, expected_end: null });
    await log(id, 10, [5, 10]);
    await log(id, 0, [900, 901, 902], 'resources/cpu.usage.percent');
    const progress = {
      step: 10,
      steps_per_second: 0.5,
      from_step: 0,
      from: stamp(0),
      to: stamp(20),
      expected_end: stamp(200),
    };
    expect((await view(id)).progress).toEqual(progress);
    const filters = encodeURIComponent('["name == going"]');
    const listed = async (query: string) =>
      (await collector.ask('GET', `/runs?filters=${filters}${query}`)).json.data[0];
    expect(await listed('&return_progress=True')).toMatchObject({ total_steps: 100, progress });
    expect(await listed('')).toMatchObject({ total_steps: 100, progress: null });
    await collector.reopen();
    expect((await view(id)).progress).toEqual(progress);
  });

  it('is known of no run without a total, and of none that has ended, whose total stays', async () => {
    const [plain, ended] = [await create({}), await create({ total_steps: 10 })];
    for (const id of [plain, ended]) await log(id, 0, [0, 1]);
    await collector.ask('PUT', `/runs/${ended}`, { status: 'completed' });
    expect(await view(plain)).toMatchObject({ total_steps: null, progress: null });
    expect(await view(ended)).toMatchObject({ total_steps: 10, progress: null });
  });

  it('promises no end behind the last step, until the total is raised', async () => {
    const id = await create({ total_steps: 10 });
    await log(id, 0, [0, 10, 20]);
    expect((await view(id)).progress).toMatchObject({ step: 20, steps_per_second: 1, expected_end: null });
    await collector.ask('PUT', `/runs/${id}`, { total_steps: 30 });
    expect(await view(id)).toMatchObject({ total_steps: 30, progress: { expected_end: stamp(30) } });
    await collector.ask('PUT', `/runs/${id}`, { total_steps: null });
    const { total_steps: total, progress, metadata } = await view(id);
    expect([total, progress, metadata]).toEqual([null, null, {}]);
  });

  it('is measured from where a lost run went on', async () => {
    const id = await create({ total_steps: 1000, started: stamp(0) });
    await log(id, 0, [0, 1, 2]);
    await collector.ask('PUT', `/runs/${id}`, { status: 'lost' });
    expect((await view(id)).progress).toBeNull();
    // What it sends now is later than the last sign of it.
    const again = (Date.now() - START) / 1000 + 3600;
    await log(id, again, [3, 53, 103]);
    await expect.poll(async () => (await view(id)).status).toBe('running');
    expect((await view(id)).progress).toMatchObject({
      ...{ step: 103, from_step: 3, from: stamp(again), steps_per_second: 5 },
    });
  });

  it('is measured from where a lost run went on, whenever the sign of that is noticed', async () => {
    const id = await create({ total_steps: 1000, started: stamp(0) });
    await log(id, 0, [0, 1, 2]);
    await collector.ask('PUT', `/runs/${id}`, { status: 'lost' });
    const again = (Date.now() - START) / 1000 + 3600;
    const nano = (seconds: number) => `${START + Math.round(1000 * (again + seconds))}000000`;
    const dataPoints = [0, 10, 20].map((seconds) => ({
      ...{ timeUnixNano: nano(seconds), asDouble: 1 },
      attributes: [{ key: 'simvue.step', value: { intValue: 3 + 5 * seconds } }],
    }));
    const scopeMetrics = [{ metrics: [{ name: 'loss', gauge: { dataPoints } }] }];
    const resource = { attributes: [{ key: 'simvue.run.id', value: { stringValue: id } }] };
    // Of OTLP the newest time of a request is the sign, which brings the run back at a tick.
    await fetch(`${collector.url}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics }] }),
    });
    await expect.poll(async () => (await view(id)).status).toBe('running');
    expect((await view(id)).progress).toMatchObject({ step: 103, from_step: 3, steps_per_second: 5 });
  });

  it('can be said by anybody who writes metadata', async () => {
    const id = await create({ metadata: { 'simvue.total_steps': '40', lr: 1 } });
    expect(await view(id)).toMatchObject({ total_steps: 40 });
    await collector.ask('PUT', `/runs/${id}`, { metadata: { 'simvue.total_steps': 50 } });
    expect(await view(id)).toMatchObject({ total_steps: 50, metadata: { lr: 1 } });
  });

  it.each([0, -1, 1.5, 'many', Number.MAX_SAFE_INTEGER + 1])(
    'refuses the total %s, naming the field',
    async (wrong) => {
      const id = await create({ total_steps: 7 });
      const own = await collector.ask('PUT', `/runs/${id}`, { total_steps: wrong });
      expect([own.status, own.json.detail[0].loc]).toEqual([422, ['body', 'total_steps']]);
      const { status, json } = await collector.ask('PUT', `/runs/${id}`, { metadata: { 'simvue.total_steps': wrong } });
      expect([status, json.detail[0]]).toEqual([
        422,
        {
          type: 'value_error',
          loc: ['body', 'metadata', 'simvue.total_steps'],
          msg: 'simvue.total_steps must be an integer from 1 on',
        },
      ]);
      expect(await view(id)).toMatchObject({ total_steps: 7 });
    },
  );
});

describe('a program says how many steps it will make', () => {
  const quiet = { suppressErrors: false, disableResourcesMetrics: true, journal: 'memory' } as const;

  it('at its start and later; another attempt with another total counts from where it begins', async () => {
    const before = new Run({ url: collector.url, ...quiet });
    await before.init({ name: 'long', totalSteps: 10 });
    for (let step = 0; step < 5; step++) before.logMetrics({ x: step, validation: step });
    before.setTotalSteps(20);
    expect(() => before.setTotalSteps(0)).toThrow('totalSteps must be an integer from 1 on, not 0');
    before.setStatus('failed');
    await before.close();
    const id = String(before.id);
    expect(await view(id)).toMatchObject({ total_steps: 20, status: 'failed' });

    const after = new Run({ url: collector.url, ...quiet });
    await after.reconnect(id, { firstStep: 3, totalSteps: 15 });
    const begun = Date.now() * 1e6;
    for (const [index, step] of [3, 4].entries())
      after.logMetrics({ x: 1 }, { step, timestamp: BigInt(begun) + BigInt(index) * 2_000_000_000n });
    await expect.poll(async () => (await view(id)).progress?.step).toBe(4);
    // The metric that only the first attempt logged was further on.
    expect(await view(id)).toMatchObject({
      attempt: 2,
      total_steps: 15,
      progress: { step: 4, from_step: 3, steps_per_second: 0.5 },
    });
    await after.close();
  });

  it('wrongly: the option is named and left out', async () => {
    const run = new Run({ url: collector.url, ...quiet });
    expect(await run.init({ totalSteps: Number.NaN }).catch((error: Error) => error.message)).toBe(
      'totalSteps must be an integer from 1 on, not NaN',
    );
  });

  it('in the resource of any SDK, where a total that is none is refused by name', async () => {
    const resource = (total: string) => ({
      attributes: Object.entries({ 'simvue.run.name': `any ${total}`, 'simvue.run.total_steps': total }).map(
        ([key, stringValue]) => ({ key, value: { stringValue } }),
      ),
    });
    const point = {
      ...{ timeUnixNano: `${Date.now()}000000`, asDouble: 1 },
      attributes: [{ key: 'simvue.step', value: { intValue: '12' } }],
    };
    const send = async (total: string) => {
      const scopeMetrics = [{ metrics: [{ name: 'loss', gauge: { dataPoints: [point] } }] }];
      const response = await fetch(`${collector.url}/v1/metrics`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ resourceMetrics: [{ resource: resource(total), scopeMetrics }] }),
      });
      const filters = encodeURIComponent(JSON.stringify([`name == any ${total}`]));
      const { data } = (await collector.ask('GET', `/runs?filters=${filters}&return_progress=True`)).json;
      return [await response.text(), data[0]] as const;
    };
    expect((await send('30000'))[1]).toMatchObject({ total_steps: 30_000, progress: { step: 12 } });
    const [answer, run] = await send('lots');
    expect(answer).toContain('simvue.run.total_steps is not an integer from 1 on: give the number of steps');
    expect(run).toMatchObject({ total_steps: null, progress: null });
  });
});
