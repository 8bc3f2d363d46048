import { afterAll, beforeAll, expect, test } from 'vitest';
import { CollectorProcess } from '../support/collector-process.ts';
import { expectPlate, plateRun, runPlate } from '../support/fortran-plate.ts';

let collector: CollectorProcess;
beforeAll(async () => {
  collector = await CollectorProcess.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

test('a Fortran solver under simvue run: each row of its CSV once at its iteration, what it prints, its field', async () => {
  const { rest } = collector;
  const { code, stdout, residuals, field } = await runPlate('converges', '1.9', { SIMVUE_URL: collector.url });
  expect(code).toBe(0);
  const run = await plateRun(rest, 'converges');
  expect(run).toMatchObject({ status: 'completed', exit_code: 0 });
  expect(run.alerts.map(({ alert, status }) => [alert.name, status])).toEqual([['exit_status', 'ok']]);
  await expectPlate(rest, run.id, residuals);
  const printed = (await rest.events(run.id)).data.map(({ message }) => message);
  expect(printed).toEqual(stdout.trim().split('\n'));
  const [saved, ...others] = await rest.get<{ name: string; size: number }[]>(`/runs/${run.id}/artifacts`);
  expect(others).toEqual([]);
  expect(saved).toMatchObject({ name: 'plate.dat', size: field?.length });
});

test('one that diverges fails with its exit code, and with the last residual it had, from its output as well', async () => {
  const { rest } = collector;
  const pattern = '-:Time step +(?<step>\\d+) residual +(?<printed>\\S+)';
  const environment = { SIMVUE_URL: collector.url };
  const { code, stdout, residuals } = await runPlate('diverges', '2.1', environment, ['--pattern', pattern]);
  expect(code).toBe(3);
  const run = await plateRun(rest, 'diverges');
  expect(run).toMatchObject({ status: 'failed', exit_code: 3 });
  expect(run.alerts.map(({ alert, status }) => [alert.name, status])).toEqual([['exit_status', 'critical']]);
  await expectPlate(rest, run.id, residuals);
  const printed = [...stdout.matchAll(/Time step +(\d+) residual +(\S+)/g)].map(([, step, text = '']) => ({
    step: Number(step),
    value: Number(text.replace('D', 'E')),
  }));
  expect((await rest.metricValues([run.id], ['printed']))[run.id]?.['printed']).toEqual(printed);
  const levels = new Map((await rest.events(run.id)).data.map(({ message, log_level }) => [message, log_level]));
  expect(levels.get('FATAL: divergence')).toBe('critical');
});
