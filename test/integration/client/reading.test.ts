import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { Client, Run } from 'simvue-otel';
import { expect, onTestFinished, test } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

async function recordRun(url: string, name: string, factor: number): Promise<string> {
  const run = new Run({ url, suppressErrors: false, disableResourcesMetrics: true });
  await run.init({ name, folder: '/reading', tags: [name], metadata: { factor } });
  for (let step = 0; step < 250; step++)
    run.logMetrics({ loss: step * factor, 'averages.mean': step % 7 ? 1 : Number.NaN });
  for (let i = 0; i < 130; i++) run.logEvent(`event ${i}`, { level: i % 2 ? 'info' : 'error' });
  await run.saveObject(
    [
      [1, 2],
      [3, 4],
    ],
    'output',
    { name: 'matrix' },
  );
  await run.saveObject({ a: 1 }, 'output', { name: 'deep/settings.json' });
  await run.close();
  return String(run.id);
}

async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'simvue-export-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

test('a query that is misspelt is refused by name, not answered as another one', async () => {
  await using client = new Client({ url: 'http://127.0.0.1:9' });
  const wrong = { code: 'SIMVUE_ERR_INVALID_ARGUMENT' };
  for (const [query, message] of [
    [{ filter: ['has tag.final'] }, 'filter is not known (did you mean "filters"?)'],
    [{ filters: 'has tag.final' }, 'filters must be a list of texts'],
    [{ limit: -1 }, 'limit must be an integer from 0 on'],
  ] as const) {
    const error = { ...wrong, message: expect.stringContaining(message) };
    await expect(client.getRuns(query as never)).rejects.toMatchObject(error);
  }
  await expect(client.getMetricValues({ runIds: 'x', metrics: [] } as never)).rejects.toMatchObject(wrong);
  await expect(client.getEvents('x', { limit: 0.5 })).rejects.toMatchObject(wrong);
  expect(() => new Client({ tokn: 'x' } as never)).toThrow('did you mean "token"?');
});

test('what runs recorded is read back: runs by filter, values as typed arrays, events, artifacts, exports', async () => {
  await using collector = await TestCollector.start();
  const first = await recordRun(collector.url, 'first', 1);
  const second = await recordRun(collector.url, 'second', 2);
  await using client = new Client({ url: collector.url });

  expect((await client.getRuns()).map(({ name }) => name)).toEqual(['second', 'first']);
  const sorted = await client.getRuns({ sortBy: { column: 'name' }, filters: ['metadata.factor >= 1'] });
  expect(sorted.map(({ name }) => name)).toEqual(['first', 'second']);
  expect(await client.getRunIdFromName('second')).toBe(second);
  await expect(client.getRunIdFromName('third')).rejects.toMatchObject({ code: 'SIMVUE_ERR_NOT_FOUND' });
  expect(await client.getRun(first)).toMatchObject({
    status: 'completed',
    folder: '/reading',
    metadata: { factor: 1 },
  });
  expect((await client.getFolders()).map(({ path }) => path)).toContain('/reading');

  expect((await client.getMetricNames(first)).toSorted()).toEqual(['averages.mean', 'loss']);
  const values = await client.getMetricValues({ runIds: [first, second], metrics: ['loss', 'averages.mean', 'none'] });
  const loss = values.find(({ runId, metric }) => runId === second && metric === 'loss');
  expect(loss?.x).toEqual(Float64Array.from({ length: 250 }, (_, step) => step));
  expect(loss?.values).toEqual(Float64Array.from({ length: 250 }, (_, step) => step * 2));
  expect(values.find(({ metric }) => metric === 'averages.mean')?.values.subarray(0, 3)).toEqual(
    Float64Array.of(Number.NaN, 1, 1),
  );
  const [byTime] = await client.getMetricValues({ runIds: [first], metrics: ['loss'], xAxis: 'timestamp' });
  expect(Math.abs((byTime?.x[0] ?? 0) - Date.now() / 1000)).toBeLessThan(60);
  const [both] = await client.getAggregatedValues({ runIds: [first, second], metrics: ['loss'] });
  expect([both?.average[10], both?.min[10], both?.max[10]]).toEqual([15, 10, 20]);

  expect(await client.getEvents(first)).toHaveLength(130);
  const limited = await client.getEvents(first, { filters: ['event.message contains event 1'], limit: 3 });
  expect(limited.map(({ message }) => message)).toEqual(['event 1', 'event 10', 'event 11']);

  expect(await client.getArtifact(first, 'matrix')).toEqual({
    kind: 'numbers',
    values: Float64Array.of(1, 2, 3, 4),
    shape: [2, 2],
  });
  expect(await client.getArtifact(first, 'deep/settings.json')).toEqual({ kind: 'json', value: { a: 1 } });
  await expect(client.getArtifact(first, 'none')).rejects.toThrow('has no artifact "none"');

  const directory = await emptyDirectory();
  await client.exportRun(first, directory);
  const text = async (name: string) => readFile(join(directory, name), 'utf8');
  const lines = (await text('metrics-by-step.csv')).trimEnd().split('\r\n');
  expect(lines[0]).toBe('metric,step,value');
  expect(lines).toHaveLength(501);
  expect(lines).toContain('averages.mean,7,NaN');
  expect((await text('metrics-by-time.csv')).split('\r\n')[1]).toMatch(/^[\w.]+,20\d\d-\d\d-\d\dT[\d:.]{15}Z,/);
  expect((await text('events.jsonl')).trimEnd().split('\n')).toHaveLength(130);
  expect(JSON.parse(await text('run.json'))).toMatchObject({ id: first, name: 'first' });
  expect(JSON.parse(await text('artifacts/output/deep/settings.json'))).toEqual({ a: 1 });

  const table = join(directory, 'new/points.parquet');
  await client.exportPoints({ runIds: [first, second], metrics: ['loss'] }, table);
  const rows = await parquetReadObjects({ file: new Uint8Array(await readFile(table)).buffer });
  expect(rows.map(({ run, step, value }) => [run, Number(step), value])).toEqual(
    [first, second].flatMap((run, index) => Array.from({ length: 250 }, (_, step) => [run, step, step * (index + 1)])),
  );
  await client.exportPoints({ runIds: [first] }, join(directory, 'points.csv'));
  expect((await text('points.csv')).trimEnd().split('\r\n')).toHaveLength(501);
  await expect(client.exportPoints({ runIds: [first] }, join(directory, 'points.txt'))).rejects.toThrow(
    'must end in .csv, .json, .parquet',
  );
  await expect(client.exportPoints({ runIds: ['none'] }, table)).rejects.toMatchObject({
    code: 'SIMVUE_ERR_NOT_FOUND',
  });

  await client.deleteRun(second);
  await expect(client.getRun(second)).rejects.toMatchObject({ code: 'SIMVUE_ERR_NOT_FOUND' });
});
