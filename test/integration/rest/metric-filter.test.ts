import { expect, it } from 'vitest';
import type { RunList } from '../../../collector/api/contract/run.ts';
import { TestCollector } from '../../support/collector-app.ts';

const ODD = ['residuals.p', 'a < b', 'Temp °C "wall"', 'loss.min', 'x not'] as const;

it('runs are found by last values of metrics as they are at the time of asking, over a restart', async () => {
  await using collector = await TestCollector.start();
  const ids = new Map<string, string>();
  let seconds = 0;
  const log = async (name: string, values: Readonly<Record<string, number>>): Promise<void> => {
    const run = ids.get(name) ?? (await collector.ask('POST', '/runs', { folder: '/', name })).json.id;
    ids.set(name, run);
    const timestamp = `2026-01-31T12:00:${String(seconds++).padStart(2, '0')}.000000`;
    const { status, json } = await collector.post('/metrics', { run, metrics: [{ timestamp, values }] });
    expect([status, json.rejected]).toEqual([200, undefined]);
  };
  const ask = async (filters: readonly string[], page: Readonly<Record<string, string>> = {}) => {
    const query = new URLSearchParams({ filters: JSON.stringify(filters), sorting: '[{"id":"name"}]', ...page });
    const { status, json } = await collector.ask('GET', `/runs?${query}`);
    return { status, json: json as RunList, text: JSON.stringify(json) };
  };
  const found = async (...filters: string[]): Promise<string[]> => {
    const { status, json } = await ask(filters);
    expect([status, json.count]).toEqual([200, json.data.length]);
    return json.data.map(({ name }) => name);
  };

  const { json: silent } = await collector.ask('POST', '/runs', { folder: '/', name: 'silent' });
  await log('converged', { 'residuals.p': 3, other: 1 });
  await log('converged', { 'residuals.p': 1e-6 });
  await log('coarse', { 'residuals.p': 0.01, other: 2 });
  await log('diverged', { 'residuals.p': Number.NaN, other: 3 });
  await log('blown', { 'residuals.p': Number.POSITIVE_INFINITY });
  expect(await found('metrics.residuals.p < 1e-5')).toEqual(['converged']);
  expect(await found('metrics.residuals.p >= 1e-5')).toEqual(['blown', 'coarse']);
  expect(await found('metrics.residuals.p == nan')).toEqual(['diverged']);
  expect(await found('metrics.residuals.p != nan')).toEqual(['blown', 'coarse', 'converged']);
  expect(await found('metrics.residuals.p == inf')).toEqual(['blown']);
  expect(await found('metrics.residuals.p != 0.01')).toEqual(['blown', 'converged', 'diverged']);
  expect(await found('metrics.residuals.p exists')).toEqual(['blown', 'coarse', 'converged', 'diverged']);
  expect(await found('metrics.residuals.p not exists')).toEqual(['silent']);
  expect(await found('metrics.residuals not exists', 'name contains co')).toEqual(['coarse', 'converged']);
  expect(await found('metrics.residuals.p > 0', 'metrics.other > 1', 'status == running')).toEqual([]);
  expect(await found('metrics.residuals.p > 0', 'metrics.other > 1')).toEqual(['coarse']);

  await log('coarse', { 'residuals.p': 1e-7 });
  expect(await found('metrics.residuals.p < 1e-5')).toEqual(['coarse', 'converged']);
  const byValue = { sorting: '[{"id":"metrics.residuals.p"}]' };
  const pages = await Promise.all(
    ['0', '1'].map((start) => ask(['metrics.residuals.p < 1e-5'], { ...byValue, start, count: '1' })),
  );
  expect(pages.map(({ json }) => [json.count, json.data.map(({ name }) => name)])).toEqual([
    [2, ['coarse']],
    [2, ['converged']],
  ]);
  for (const [index, name] of ODD.entries()) await log('odd', { [name]: index + 1 });
  for (const [index, name] of ODD.entries())
    expect(await found(`metrics.${name} == ${index + 1}`, 'name == odd')).toEqual(['odd']);

  await collector.reopen();
  expect(await found('metrics.residuals.p < 1e-5')).toEqual(['coarse', 'converged']);
  expect(await found('metrics.residuals.p == NaN')).toEqual(['diverged']);
  expect((await collector.ask('DELETE', `/runs/${ids.get('coarse')}`)).status).toBe(200);
  expect(await found('metrics.residuals.p < 1e-5')).toEqual(['converged']);
  await log('converged', { 'residuals.p': 1 });
  expect(await found('metrics.residuals.p < 1e-5')).toEqual([]);
  expect((await collector.ask('GET', `/runs/${silent.id}`)).status).toBe(200);

  const operator = await ask(['starred', 'metrics.loss contains 1']);
  expect([operator.status, operator.text]).toEqual([422, expect.stringContaining('"loc":["query","filters",1]')]);
  expect(operator.text).toContain('supported: metrics.X ==|!=|<|<=|>|>= 1e-5, metrics.X exists|not exists');
  expect(await ask(['metrics.loss < low'])).toMatchObject({
    status: 422,
    text: expect.stringContaining('not a number'),
  });
});
