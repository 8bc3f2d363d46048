import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestProcess } from '../../support/child-process.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { inRepository } from '../../support/repository.ts';

let collector: CollectorProcess;
beforeAll(async () => {
  collector = await CollectorProcess.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

test('examples/sidecar.sh: a solver with a table, a log and a warning is a run', async () => {
  const SIMVUE = `${process.execPath} ${inRepository('dist/cli/main.js')}`;
  const example = new TestProcess('sh', [inRepository('examples/sidecar.sh')], { SIMVUE_URL: collector.url, SIMVUE });
  const exit = await example.exited;
  expect(exit.code, exit.stderr).toBe(0);
  const [run] = (await collector.rest.runs({ filters: ['name == sidecar'] })).data;
  const id = String(run?.id);
  expect(run).toMatchObject({ status: 'completed', folder: '/examples' });
  const values = (await collector.rest.metricValues([id], ['residual']))[id]?.['residual'];
  expect(values).toHaveLength(8);
  expect(values?.at(-1)?.step).toBe(8);
  const levels = (await collector.rest.events(id)).data.map(({ log_level }) => log_level);
  expect(levels.filter((level) => level === 'warning')).toHaveLength(1);
  const artifacts = await collector.rest.get<{ name: string }[]>(`/runs/${id}/artifacts`);
  expect(artifacts.map(({ name }) => name).toSorted()).toEqual(['residuals.dat', 'solver']);
});

test('examples/drop-in.mjs: every value that the program records is in its run', async () => {
  const register = inRepository('dist/register/index.js');
  const example = new TestProcess(process.execPath, ['--import', register, inRepository('examples/drop-in.mjs')], {
    SIMVUE_URL: collector.url,
    OTEL_RESOURCE_ATTRIBUTES: 'simvue.run.name=oven',
  });
  expect(await example.exited).toMatchObject({ code: 0, stderr: '' });
  const [run] = (await collector.rest.runs({ filters: ['name == oven'] })).data;
  const { data } = await collector.rest.series(String(run?.id));
  expect(data.filter(({ metric }) => metric === 'temperature').map(({ count }) => count)).toEqual([60, 60]);
});
