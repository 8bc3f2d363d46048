import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

const START = 1_790_000_000_000;
const METRICS = 500;
const STEPS = 1200;

let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

const newRun = async (name: string): Promise<string> =>
  (await collector.ask('POST', '/runs', { name, folder: '/p', status: 'running' })).json.id;
const get = (query: Record<string, string>, init: RequestInit = {}): Promise<Response> =>
  fetch(`${collector.url}/api/points?${new URLSearchParams(query)}`, init);
const timestamp = (step: number) => new Date(START + step).toISOString().replace('Z', '123');

/** A run of so many points that a file of them does not fit between a server and a client that does not read. */
async function largeRun(): Promise<string> {
  const run = await newRun('large');
  for (let first = 0; first < STEPS; first += 100) {
    const metrics = Array.from({ length: 100 }, (_, index) => {
      const step = first + index;
      const values = Object.fromEntries(Array.from({ length: METRICS }, (_, metric) => [`m${metric}`, step / 7]));
      return { time: step, timestamp: timestamp(step), step, values };
    });
    expect((await collector.post('/metrics', { run, metrics })).status).toBe(200);
  }
  return run;
}

/** Two attempts over OTLP; a point without a step, and one that comes late. */
async function restartedRun(id: string): Promise<void> {
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const whole = (key: string, value: number) => ({ key, value: { intValue: String(value) } });
  for (const attempt of [1, 2]) {
    const nano = (seconds: number) => `${START + attempt * 100_000 + seconds * 1000}456789`;
    const resource = { attributes: [text('simvue.run.id', id), text('service.instance.id', `writer ${attempt}`)] };
    const attributes = [
      ...[text('simvue.run.status', 'running'), text('simvue.run.role', 'owner')],
      ...[whole('simvue.run.attempt', attempt), text('log.record.uid', `start ${attempt}`)],
    ];
    const record = { timeUnixNano: nano(0), eventName: 'simvue.run.start', attributes };
    expect(
      (await collector.export('logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] })).status,
    ).toBe(200);
    const dataPoints = [
      { timeUnixNano: nano(3), asDouble: 'NaN', attributes: [whole('simvue.step', 3)] },
      { timeUnixNano: nano(2), asDouble: '-Infinity' },
    ];
    const metrics = [{ name: 'residual/Δp', gauge: { dataPoints } }];
    expect(
      (await collector.export('metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] })).status,
    ).toBe(200);
  }
}

describe('points as a file', () => {
  it('have their writer, attempt, step and times, whatever the value, in each form', async () => {
    const run = 'restartedAAAAAAAAAAAAA';
    await restartedRun(run);
    const rows = [1, 2].flatMap((attempt) =>
      [2, 3].map((second) => ({
        ...{ run, metric: 'residual/Δp', instance: `writer ${attempt}`, attempt },
        step: second === 3 ? 3 : null,
        time: (attempt - 1) * 100 + second,
        timestamp: new Date(START + attempt * 100_000 + second * 1000).toISOString().replace('Z', '456'),
        value: second === 3 ? 'NaN' : '-Infinity',
      })),
    );
    expect(await (await get({ runs: JSON.stringify([run]), format: 'json' })).json()).toEqual(rows);

    const csv = await get({ runs: JSON.stringify([run]), metrics: '["residual/Δp"]' });
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('content-disposition')).toContain("filename*=UTF-8''residual_%CE%94p.csv");
    const lines = rows.map((row) => Object.values(row).join(','));
    expect(await csv.text()).toBe(`${[Object.keys(rows[0] ?? {}).join(','), ...lines].join('\r\n')}\r\n`);

    const headers = { accept: 'application/vnd.apache.parquet, text/csv;q=0.5' };
    const parquet = await get({ runs: JSON.stringify([run]) }, { headers });
    expect(parquet.headers.get('content-type')).toBe('application/vnd.apache.parquet');
    const read = await parquetReadObjects({ file: await parquet.arrayBuffer() });
    expect(read).toEqual(
      rows.map(({ step, timestamp: at, value, ...row }) => ({
        ...row,
        step: step === null ? null : BigInt(step),
        timestamp: new Date(`${at}Z`),
        value: Number(value),
      })),
    );
  });

  it('of several runs, and of metrics that only some have, are in one file; of none it has the columns alone', async () => {
    const [one, two] = [await newRun('one'), await newRun('two')];
    const point = (step: number, values: object) => ({ time: step, timestamp: timestamp(step), step, values });
    await collector.post('/metrics', { run: one, metrics: [point(0, { a: 1, b: 2 }), point(1, { a: 3 })] });
    await collector.post('/metrics', { run: two, metrics: [point(0, { b: 4 })] });
    const of = async (metrics: string[]) => {
      const query = { runs: JSON.stringify([one, two]), metrics: JSON.stringify(metrics) };
      const answer = await get({ ...query, format: 'json' });
      expect(answer.headers.get('content-disposition')).toContain(
        metrics.length === 1 ? 'nothing.json' : 'points.json',
      );
      return ((await answer.json()) as Record<string, unknown>[]).map((row) => [
        row['run'],
        row['metric'],
        row['value'],
      ]);
    };
    expect(await of(['b', 'a', 'c'])).toEqual([[one, 'b', 2], [one, 'a', 1], [one, 'a', 3], [two, 'b', 4]]); // biome-ignore format: rows
    expect(await of(['nothing'])).toEqual([]);
    const empty = await get({ runs: JSON.stringify([one]), metrics: '["nothing"]', format: 'parquet' });
    expect(await parquetReadObjects({ file: await empty.arrayBuffer() })).toEqual([]);
    expect((await get({ runs: `["${one}"]`, format: 'parquet' })).headers.get('content-disposition')).toContain(
      'one.parquet',
    );
  });

  it('of a run that is not there, and in a form that is not known, are refused by name', async () => {
    expect((await get({ runs: '["nowhereAAAAAAAAAAAAAAA"]' })).status).toBe(404);
    const refused = await get({ runs: '[]', format: 'xlsx' });
    expect([refused.status, ((await refused.json()) as { detail: { loc: string[] }[] }).detail[0]?.loc]).toEqual([
      422,
      ['query', 'format'],
    ]);
  });

  it('are each in the file, and a file that cannot become whole breaks off', async () => {
    const run = await largeRun();
    const query = { runs: JSON.stringify([run]), format: 'csv' };
    const whole = await (await get(query)).text();
    expect(whole.trimEnd().split('\r\n')).toHaveLength(1 + METRICS * STEPS);

    const broken = await get(query);
    expect((await collector.ask('DELETE', `/runs/${run}`)).status).toBe(200);
    await expect(broken.text()).rejects.toThrow('terminated');
  });

  it('are made for four at once, the next is told to wait, and who goes away makes room', async () => {
    const run = await largeRun();
    const query = { runs: JSON.stringify([run]), format: 'csv' };
    const leaving = new AbortController();
    const begun = await Promise.all(Array.from({ length: 4 }, () => get(query, { signal: leaving.signal })));
    expect(begun.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const refused = await get(query);
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([503, true]);
    expect(refused.headers.get('content-disposition')).toBe(null);
    leaving.abort();
    await expect.poll(async () => (await get({ ...query, metrics: '["m1"]' })).status).toBe(200);
  });
});
