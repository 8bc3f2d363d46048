import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestProcess } from '../../support/child-process.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { codeBlocks, readDocument } from '../../support/markdown.ts';
import { callsAsProgram, MIGRATION_PAGES, migrationPage, writeCaseFiles } from '../../support/migration-pages.ts';
import { inRepository } from '../../support/repository.ts';
import { RestReader } from '../../support/rest-reader.ts';
import { asJavaScript } from '../../support/typescript-snippets.ts';

const METRICS: Readonly<Record<(typeof MIGRATION_PAGES)[number], readonly string[]>> = {
  simvue: ['residuals.p', 'residuals.U'],
  mlflow: ['loss', 'acc'],
  wandb: ['loss', 'acc', 'val.acc', 'hist'],
  tensorboard: ['loss', 'acc.train', 'acc.test', 'weights'],
};

let collector: TestCollector;
let rest: RestReader;
let directory: string;
beforeAll(async () => {
  collector = await TestCollector.start();
  rest = new RestReader(collector.url);
  directory = await mkdtemp(join(tmpdir(), 'simvue-migration-'));
});
afterAll(async () => {
  await collector[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

async function execute(name: string, code: string): Promise<string> {
  const file = inRepository('.cache/migration', `${name}.mjs`);
  const workingDirectory = join(directory, name);
  await mkdir(inRepository('.cache/migration'), { recursive: true });
  await mkdir(workingDirectory);
  await writeCaseFiles(workingDirectory);
  await writeFile(file, asJavaScript(code));
  const environment = { SIMVUE_URL: collector.url };
  const exit = await new TestProcess(process.execPath, [file], environment, workingDirectory).exited;
  expect(exit.code, `${exit.stdout}\n${exit.stderr}`).toBe(0);
  expect(exit.stderr).toBe('');
  return exit.stdout;
}

test.concurrent.each(MIGRATION_PAGES)(
  'docs/migration/%s.md: the calls of its table record and read a run',
  async (page) => {
    const id = (await execute(`${page}-calls`, callsAsProgram(page))).trim();
    const { status, metrics } = await rest.run(id);
    expect(Object.keys(metrics)).toEqual(expect.arrayContaining([...METRICS[page]]));
    expect(status).toBe('completed');
    expect(await rest.get<unknown[]>(`/runs/${id}/artifacts`)).not.toEqual([]);
  },
);

test.each(['mlflow', 'wandb', 'tensorboard'])('docs/migration/%s.md: its program records every value', async (page) => {
  const [code = '', ...others] = codeBlocks(migrationPage(page), 'ts');
  expect(others).toEqual([]);
  const before = (await rest.runs()).count;
  await execute(`${page}-whole`, code);
  const { data } = await rest.runs({ filters: ['name == cavity', 'created < 1h'] });
  expect((await rest.runs()).count).toBe(before + 1);
  expect(data[0]).toMatchObject({ status: 'completed', metrics: { residual: { count: 100 } } });
});

test('README.md: its program is a run with its own numbers, and prints where to look', async () => {
  const [code = '', ...others] = codeBlocks(readDocument('README.md'), 'js');
  expect(others).toEqual([]);
  const url = (await execute('readme', code.replace('step < 600', 'step < 20'))).trim();
  const run = await rest.run(url.split('/').at(-1) ?? '');
  expect(url).toBe(`${collector.url}/runs/${run.id}`);
  expect(run).toMatchObject({ name: 'cavity', folder: '/cfd', status: 'completed', metadata: { re: 1000 } });
  expect(run.metrics).toMatchObject({ 'residuals.p': { count: 20, last: 0.05 }, 'residuals.U': { count: 20 } });
  expect(run.alerts.map(({ alert }) => alert.name)).toEqual(['diverges']);
});
