import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

const newRun = async (): Promise<string> =>
  (await collector.ask('POST', '/runs', { folder: '/p', status: 'running' })).json.id;
const stamp = (second: number): string => `2026-11-20T23:15:${String(second).padStart(2, '0')}.177194`;
const entry = (step: number, values: object, change: object = {}) => ({
  time: step * 0.5,
  timestamp: stamp(step),
  step,
  values,
  ...change,
});
const read = async (run: string, axis = 'step') =>
  (await collector.ask('GET', `/metrics?runs=["${run}"]&xaxis=${axis}`)).json[run];
/** `fetch` sends no body with a GET; Python's `requests` does. */
const getWithBody = async (url: string, body: string): Promise<[number | undefined, unknown]> => {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const asked = request(url, { headers }).end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return [answer.statusCode, await json(answer)];
};
const events = async (run: string) => (await collector.ask('GET', `/events?run=${run}&count=0&start=0&filters=`)).json;

describe('points by REST', () => {
  it('are readable at once, on every axis, with the values of Python', async () => {
    const run = await newRun();
    const metrics = [
      entry(0, { loss: 0.5, acc: 0.1, 'resources/cpu.usage.percentage': 3 }),
      entry(1, { loss: 0.4, acc: true }),
      entry(2, { loss: Number.NaN, acc: -0 }),
      entry(3, { loss: 2 ** 60, 'aB0-_/.:=><+()': 1 }, { time: -1.25 }),
    ];
    expect(await collector.post('/metrics', { run, metrics })).toMatchObject({ status: 200, json: { id: run } });
    const text = await (
      await fetch(`${collector.url}/api/metrics?runs=["${run}"]&metrics=["loss","acc"]&xaxis=step`)
    ).text();
    expect(text).toContain('{"step":2,"value":NaN}');
    expect((await collector.ask('GET', `/metrics?runs=["${run}"]&metrics=["acc"]&xaxis=step`)).json[run].acc).toEqual([
      { step: 0, value: 0.1 },
      { step: 1, value: 1 },
      { step: 2, value: 0 },
    ]);
    const [point] = (await collector.ask('GET', `/metrics?runs=["${run}"]&metrics=["aB0-_/.:=><%2B()"]&xaxis=time`))
      .json[run]['aB0-_/.:=><+()'];
    expect(point).toEqual({ time: -1.25, value: 1 });
    const view = (await collector.ask('GET', `/runs/${run}`)).json;
    expect(view.metrics.acc).toMatchObject({ count: 3, min: 0, max: 1, last: 0, step: 2, timestamp: stamp(2) });
    expect(Object.keys(view.metrics)).toContain('resources/cpu.usage.percentage');
  });

  it('sent twice, re-batched or after a restart are stored once; two values of one step are both kept', async () => {
    const run = await newRun();
    const all = Array.from({ length: 50 }, (_, step) => entry(step, { x: step * step }));
    await collector.post('/metrics', { run, metrics: all });
    await collector.post('/metrics', { run, metrics: all });
    await collector.post('/metrics', { run, metrics: all.slice(10, 30) });
    await collector.post('/metrics', { run, metrics: [entry(7, { x: -1 })] });
    await collector.reopen();
    await collector.post('/metrics', { run, metrics: all.slice(20) });
    const { x } = await read(run);
    expect(x.length).toBe(51);
    expect(
      x
        .filter(({ step }: { step: number }) => step === 7)
        .map(({ value }: { value: number }) => value)
        .sort(),
    ).toEqual([-1, 49]);
  });

  it('of 1,500 steps are complete the moment they are acknowledged', async () => {
    const run = await newRun();
    const metrics = Array.from({ length: 1500 }, (_, step) =>
      entry(step, { a: Math.sin(step), b: step }, { timestamp: stamp(5) }),
    );
    await collector.post('/metrics', { run, metrics });
    const values = (await collector.ask('GET', `/metrics?runs=["${run}"]&xaxis=step&max_points=3000&aggregate=False`))
      .json[run];
    expect(values.b).toEqual(metrics.map(({ step }) => ({ step, value: step })));
    expect(values.a.length).toBe(1500);
  });

  it('that are wrong are refused alone, and said why', async () => {
    const run = await newRun();
    const metrics = [
      entry(0, { good: 1, text: 'x', none: null, ['n'.repeat(256)]: 1 }),
      entry(1, { good: 2 }, { timestamp: 'now' }),
      entry(2, { good: 3 }, { step: 1.5 }),
      entry(3, { good: 4 }, { time: 'x' }),
      'nonsense',
      { ...entry(4, {}), values: [1] },
      entry(5, { good: 5 }, { step: null, time: null }),
    ];
    const { status, json } = await collector.post('/metrics', { run, metrics });
    expect([status, json.rejected]).toEqual([200, 8]);
    expect(json.detail).toContain('metrics[1].timestamp is not a time');
    expect(json.detail).toContain('value of \\"text\\" is not a number'.replaceAll('\\', ''));
    expect((await read(run, 'timestamp')).good.map(({ value }: { value: number }) => value)).toEqual([1, 5]);
  });

  it('of twenty runs at once go each to its own', async () => {
    const runs = await Promise.all(Array.from({ length: 20 }, newRun));
    const send = (run: string, index: number, part: number) =>
      collector.post('/metrics', { run, metrics: [entry(part, { v: index * 100 + part })] });
    await Promise.all(runs.flatMap((run, index) => [0, 1, 2, 3].map((part) => send(run, index, part))));
    for (const [index, run] of runs.entries()) {
      expect((await read(run)).v.map(({ value }: { value: number }) => value)).toEqual(
        [0, 1, 2, 3].map((part) => index * 100 + part),
      );
    }
  });

  it('of more runs than a usual URL can name are read in one answer, aggregated too', async () => {
    const bodies = Array.from({ length: 600 }, () => ({ folder: '/many' }));
    const ids = (await collector.ask('POST', '/runs', bodies)).json.map(({ id }: { id: string }) => id);
    const written: string[] = ids.filter((_: string, index: number) => index % 20 === 0);
    const posts = written.map((run, value) =>
      collector.post('/metrics', { run, metrics: [entry(0, { many: value })] }),
    );
    await Promise.all(posts);
    const url = `/metrics?runs=${encodeURIComponent(JSON.stringify(ids))}&metrics=["many","other"]`;
    expect(url.length).toBeGreaterThan(16_384);
    const values = (await collector.ask('GET', url)).json;
    expect(values).toEqual(Object.fromEntries(written.map((id, value) => [id, { many: [{ step: 0, value }] }])));
    const { json } = await collector.ask('GET', `${url}&aggregate=True`);
    expect(json).toEqual({ many: [{ step: 0, average: 14.5, min: 0, max: 29 }] });
  });

  it('have a span on each axis over runs that the body of a GET names', async () => {
    const [a, b] = [await newRun(), await newRun()];
    await collector.post('/metrics', { run: a, metrics: [entry(2, { x: 1 }), entry(40, { x: 1, y: 2 })] });
    await collector.post('/metrics', { run: b, metrics: [entry(1, { x: 1 }, { time: -3 })] });
    const span = {
      min_step: 1,
      max_step: 40,
      min_time: -3,
      max_time: 20,
      min_timestamp: stamp(1),
      max_timestamp: stamp(40),
    };
    expect(await getWithBody(`${collector.url}/api/metrics/span`, JSON.stringify([a, b, 'unknown']))).toEqual([
      200,
      span,
    ]);
    expect((await collector.ask('GET', `/metrics/span?runs=["${a}"]`)).json).toMatchObject({
      min_step: 2,
      max_step: 40,
    });
    expect((await collector.ask('GET', '/metrics/span?runs=[]')).json.min_timestamp).toBeNull();
    expect((await getWithBody(`${collector.url}/api/metrics/span`, '{'))[0]).toBe(422);
    expect((await getWithBody(`${collector.url}/api/metrics/span`, `["${'x'.repeat(300_000)}"]`))[0]).toBe(413);
  });

  it('are thinned to as few as are asked for, down to the last one', async () => {
    const run = await newRun();
    await collector.post('/metrics', {
      run,
      metrics: Array.from({ length: 40 }, (_, step) => entry(step, { x: step })),
    });
    const { json } = await collector.ask('GET', `/metrics?runs=["${run}"]&metrics=["x"]&max_points=1`);
    expect(json[run].x).toHaveLength(1);
    expect((await collector.ask('GET', `/metrics?runs=["${run}"]&max_points=0`)).status).toBe(422);
  });

  it('stand beside points that came by OTLP in the same run', async () => {
    const run = await newRun();
    await collector.post('/metrics', { run, metrics: [entry(1, { loss: 1 })] });
    const dataPoints = [
      {
        timeUnixNano: '1795000000000000000',
        asDouble: 2,
        attributes: [{ key: 'simvue.step', value: { intValue: 2 } }],
      },
    ];
    const resource = { attributes: [{ key: 'simvue.run.id', value: { stringValue: run } }] };
    const body = {
      resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'loss', gauge: { dataPoints } }] }] }],
    };
    const otlp = await fetch(`${collector.url}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(otlp.status).toBe(200);
    expect((await read(run)).loss).toEqual([
      { step: 1, value: 1 },
      { step: 2, value: 2 },
    ]);
  });
});

describe('events by REST', () => {
  const event = (second: number, message: string, level: string | null = 'info') => ({
    message,
    timestamp: stamp(second),
    log_level: level,
  });

  it('come back in the order of their times, with three keys each', async () => {
    const run = await newRun();
    const sent = [event(9, 'late', 'error'), event(1, 'first', null), event(5, 'middle', 'warning')];
    expect((await collector.post('/events', { run, events: sent })).status).toBe(200);
    expect(await events(run)).toEqual({ count: 3, data: [sent[1], sent[2], sent[0]] });
  });

  it('sent twice are stored once, the same message twice in one request is two events', async () => {
    const run = await newRun();
    const sent = [event(1, 'tick'), event(1, 'tick'), event(2, 'tock')];
    for (let i = 0; i < 3; i++) await collector.post('/events', { run, events: sent });
    await collector.reopen();
    await collector.post('/events', { run, events: [...sent].reverse() });
    expect((await events(run)).data.map(({ message }: { message: string }) => message)).toEqual([
      'tick',
      'tick',
      'tock',
    ]);
  });

  it('that are wrong are refused alone', async () => {
    const run = await newRun();
    const sent = [
      event(1, 'good'),
      { ...event(2, 'x'), message: 5 },
      event(3, 'y', 'loud'),
      event(4, 'x'.repeat(300_000)),
      7,
    ];
    const { json } = await collector.post('/events', { run, events: sent });
    expect([json.rejected, json.detail]).toEqual([4, expect.stringContaining('events[1]: message is not text')]);
    expect((await events(run)).count).toBe(1);
  });
});

describe('a body that cannot be stored', () => {
  it.each([
    ['an id that is none', { run: 'offline_123', metrics: [entry(0, { a: 1 })] }, 422],
    ['no id', { metrics: [] }, 422],
    ['no list', { run: '0'.repeat(22) }, 422],
    ['bytes that are not msgpack', new Uint8Array([0xc1, 0xff]), 422],
    ['a run that is not known', { run: '0'.repeat(22), metrics: [entry(0, { a: 1 })] }, 404],
  ])('because of %s is answered %s', async (_why, body, status) => {
    const answer = await collector.post('/metrics', body);
    expect([answer.status, answer.json.detail.length > 0]).toEqual([status, true]);
  });

  it('because its run was deleted is answered 404, in JSON 415', async () => {
    const run = await newRun();
    await collector.ask('DELETE', `/runs/${run}`);
    const answer = await collector.post('/metrics', { run, metrics: [entry(0, { a: 1 })] });
    expect([answer.status, answer.json.detail]).toEqual([404, expect.stringContaining('was deleted')]);
    expect((await collector.ask('POST', '/metrics', { run, metrics: [] })).status).toBe(415);
  });
});

describe('sums that a stock SDK exports as deltas', () => {
  it('are read as they came, or as totals; numbers that did not come are told', async () => {
    const run = 'deltasOfAnotherProgram';
    const dataPoints = [3, 4, 5].map((asInt, i) => ({
      timeUnixNano: `${1_790_000_000 + i}000000000`,
      asInt,
      attributes: [{ key: 'simvue.seq', value: { intValue: 2 * i } }],
    }));
    const sum = { aggregationTemporality: 1, isMonotonic: true, dataPoints };
    const attributes = [
      { key: 'simvue.run.id', value: { stringValue: run } },
      { key: 'service.instance.id', value: { stringValue: 'w' } },
    ];
    const sent = await fetch(`${collector.url}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics: [{ name: 'requests', sum }] }] }],
      }),
    });
    expect(sent.status).toBe(200);
    const valuesOf = async (query: string) =>
      (await collector.ask('GET', `/metrics?runs=["${run}"]${query}`)).json[run].requests.map(
        ({ value }: { value: number }) => value,
      );
    expect(await valuesOf('')).toEqual([3, 4, 5]);
    expect(await valuesOf('&totals=True')).toEqual([3, 7, 12]);
    const { json } = await collector.ask('GET', `/runs/${run}/series`);
    expect(json.writers).toEqual([{ instance: 'w', missing: 2, dropped_attributes: 0 }]);
    const plot = await collector.ask('GET', `/runs/${run}/plot?series=${json.data[0].id}&totals=true`);
    expect(plot.json.data[0].y).toEqual([3, 7, 12]);
  });
});
