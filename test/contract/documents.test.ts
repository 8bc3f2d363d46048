import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestProcess } from '../support/child-process.ts';
import { CollectorProcess } from '../support/collector-process.ts';
import { codeBlocks, readDocument } from '../support/markdown.ts';
import { callsOf, migrationPage, writeCaseFiles } from '../support/migration-pages.ts';
import { type PythonEnvironment, pythonOf } from '../support/python-environment.ts';
import { inRepository } from '../support/repository.ts';
import { eventually } from '../support/rest-reader.ts';
import { CLIENT_TOKEN } from '../support/simvue-client.ts';

let collector: CollectorProcess;
let directory: string;
beforeAll(async () => {
  collector = await CollectorProcess.start();
  directory = await mkdtemp(join(tmpdir(), 'simvue-migration-'));
  await writeCaseFiles(directory);
});
afterAll(async () => {
  await collector[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

async function python(environment: PythonEnvironment, code: string): Promise<void> {
  const program = join(directory, 'program.py');
  await writeFile(program, code);
  const variables = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    SIMVUE_URL: collector.url,
    SIMVUE_TOKEN: CLIENT_TOKEN,
    PYTHONPATH: inRepository('examples/python'),
  };
  const exit = await new TestProcess(await pythonOf(environment), [program], variables, directory).exited;
  expect(exit.code, `${exit.stdout}\n${exit.stderr}`).toBe(0);
  expect(exit.stderr).not.toMatch(/failed|dropp|Traceback/i);
}

/** The run of this name with these points of its metrics, when it has ended. */
async function expectRun(name: string, status: string, counts: Readonly<Record<string, number>>) {
  const metrics = Object.fromEntries(Object.entries(counts).map(([metric, count]) => [metric, { count }]));
  const named = async () => (await collector.rest.runs({ filters: [`name == ${name}`] })).data[0];
  const run = await eventually(named, (one) => one?.status === status);
  expect(run).toMatchObject({ metrics });
  return run;
}

test.each([
  { page: 'mlflow', counts: { loss: 2, acc: 1 }, metadata: { lr: 0.1, 'solver.cg': 1, stage: 'test' }, end: 'failed' },
  { page: 'wandb', counts: { loss: 2, acc: 1, 'val.acc': 1 }, metadata: { lr: 0.1, best: 0.9 }, end: 'failed' },
  { page: 'tensorboard', counts: { loss: 1, 'acc.train': 1 }, metadata: { lr: 0.1, best: 0.9 }, end: 'completed' },
])(
  'Python of docs/migration, $page: it does over the stock SDK what it says',
  async ({ page, counts, metadata, end }) => {
    const text = migrationPage(page);
    const [program = '', ...others] = codeBlocks(text, 'python otel');
    expect(others).toEqual([]);
    await python('opentelemetry', program);
    await expectRun('cavity', 'completed', { residual: 100 });
    await fetch(`${collector.url}/api/runs/${(await expectRun('cavity', 'completed', {}))?.id}`, { method: 'DELETE' });

    await python('opentelemetry', ['from otel_run import Run', ...callsOf(text, 'Python')].join('\n'));
    const run = await expectRun('c1', end, counts);
    expect(run?.metadata).toEqual(metadata);
    await fetch(`${collector.url}/api/runs/${run?.id}`, { method: 'DELETE' });
  },
);

test('Python of the README: a run over the stock SDK', async () => {
  const [program = '', ...others] = codeBlocks(readDocument('README.md'), 'python otel');
  expect(others).toEqual([]);
  await python('opentelemetry', program.replace('range(600)', 'range(20)'));
  const run = await expectRun('cavity', 'completed', { residual: 20 });
  expect(run).toMatchObject({ folder: '/cfd', tags: ['LES'], metadata: { re: 1000 } });
  await fetch(`${collector.url}/api/runs/${run?.id}`, { method: 'DELETE' });
});

test("docs/migration/simvue.md: the calls of its table, with Simvue's own client", async () => {
  const reading = /^(?:dict|client\.get_(?!artifact_as_file))/;
  const calls = callsOf(migrationPage('simvue'), 'Simvue 2.6').map((call) =>
    reading.test(call) ? `assert len(${call}) > 0` : call,
  );
  await python('simvue-2.6.2', ['import numpy', 'import os', 'import simvue', 'os.mkdir("back")', ...calls].join('\n'));
  await expectRun('cavity', 'completed', { 'residuals.p': 1, 'residuals.U': 1 });
});
