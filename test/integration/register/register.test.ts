import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Exit, TestProcess } from '../../support/child-process.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { inRepository } from '../../support/repository.ts';

const PROGRAM = fileURLToPath(new URL('./programs/unchanged.mjs', import.meta.url));

let collector: CollectorProcess;
beforeAll(async () => {
  collector = await CollectorProcess.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

async function runRegistered(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Exit & { readonly id: string }> {
  const { url } = collector;
  const exit = await new TestProcess(process.execPath, ['--import', 'simvue-otel/register', PROGRAM, ...args], {
    SIMVUE_URL: url,
    OTEL_RESOURCE_ATTRIBUTES: 'simvue.run.name=unchanged,simvue.run.folder=%2Fdrop-in,simvue.run.tags=a;b',
    ...environment,
  }).exited;
  // What a busy machine could not send within the two seconds of an exit is in the journal.
  await new TestProcess(process.execPath, [inRepository('dist/cli/main.js'), 'sync', '--url', url]).exited;
  return { ...exit, id: /^\w{22}$/m.exec(exit.stdout)?.[0] ?? '' };
}

describe.concurrent('node --import simvue-otel/register', () => {
  test.each([
    { end: 'natural', code: 0, signal: null, status: 'completed' },
    { end: 'exit', code: 3, signal: null, status: 'failed' },
    { end: 'throw', code: 1, signal: null, status: 'failed' },
    { end: 'signal', code: null, signal: 'SIGTERM', status: 'terminated' },
  ])(
    'an unchanged program that ends by $end is a $status run with everything it did',
    async ({ end, code, signal, status }) => {
      const exit = await runRegistered([end]);
      expect(exit, exit.stderr).toMatchObject({ code, signal });
      expect(exit.stdout).toContain('mesh has 1000 cells');
      const { rest } = collector;
      const run = await rest.run(exit.id);
      expect(run).toMatchObject({ name: 'unchanged', folder: '/drop-in', tags: ['a', 'b'], status });
      if (end === 'natural') expect(Object.keys(run.metrics)).toContain('resources/memory.usage');
      const p = 'residual{field="p"}';
      const u = 'residual{field="u"}';
      const metrics = [p, u, 'cells', 'solve.time.count', 'solve.time.avg', 'queue.depth{queue="in"}', 'kept'];
      const { data } = await rest.series(exit.id);
      expect(data.map(({ name }) => name)).toEqual(expect.arrayContaining(metrics));
      const series = (name: string) => data.find((each) => each.name === name);
      expect(series(p)).toMatchObject({ count: 500, max: 1, non_finite: 1, last_text: 'NaN' });
      expect(series(u)).toMatchObject({ count: 500, mean: 249.5 });
      expect(series('cells')?.last).toBe(1000);
      expect(series('solve.time.count')?.last).toBe(500);
      expect(series('solve.time.avg')?.last).toBe(249.5);
      expect(series('kept')).toMatchObject({ last: 1.5, last_step: 40 });
      const events = (await rest.events(exit.id)).data;
      const byMessage = new Map(events.map((event) => [event.message.split('\n')[0], event]));
      expect(byMessage.get('mesh has 1000 cells')?.log_level).toBe('info');
      expect(byMessage.get('time step is large')?.log_level).toBe('warning');
      expect(byMessage.get('RangeError: not solved')?.attributes).toMatchObject({ 'exception.type': 'RangeError' });
      expect(byMessage.get('assembled')).toMatchObject({ log_level: 'debug', attributes: { rows: 3 } });
      if (end === 'throw') expect(byMessage.get('Uncaught TypeError: diverged')?.log_level).toBe('critical');
    },
  );

  test('levels leave out what is below them; tracking variables are tracked', async () => {
    const exit = await runRegistered([], {
      SIMVUE_CONSOLE_LEVEL: 'error',
      SIMVUE_LOG_LEVEL: 'info',
      MAGNUS_TRACK_answer: '42',
    });
    const messages = (await collector.rest.events(exit.id)).data.map(({ message }) => message.split('\n')[0]);
    expect(messages).toEqual(['RangeError: not solved']);
    expect((await collector.rest.run(exit.id)).metrics['answer']).toMatchObject({ last: 42, step: 0 });
  });

  test('a setting that is wrong stops the program before it starts and names the setting', async () => {
    const exit = await runRegistered([], { SIMVUE_LOG_LEVEL: 'loud' });
    expect(exit.code).toBe(1);
    expect(exit.stderr).toContain('SIMVUE_LOG_LEVEL: "loud" is not a level');
  });
});
