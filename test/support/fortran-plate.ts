import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { RunView } from '../../collector/api/contract/run.ts';
import { type Exit, TestProcess } from './child-process.ts';
import { builtExample } from './examples.ts';
import { inRepository } from './repository.ts';
import { eventually, type RestReader } from './rest-reader.ts';

/** What the solver left behind, and how its command ended. */
export interface PlateRun extends Exit {
  readonly residuals: string;
  readonly field: string | undefined;
}

/** Runs the solver of `examples/fortran` under `simvue run`, as its comment and docs/cli.md say. */
export async function runPlate(
  name: string,
  factor: string,
  environment: NodeJS.ProcessEnv,
  options: readonly string[] = [],
): Promise<PlateRun> {
  const directory = await mkdtemp(join(tmpdir(), 'simvue-plate-'));
  const solver = join(await builtExample('fortran'), 'plate');
  const logs = ['--csv', 'residuals.csv', '--step-column', 'iter', '--save', 'plate.dat', ...options];
  const args = [inRepository('dist/cli/main.js'), 'run', '--name', name, ...logs, '--', solver, factor];
  const file = (name: string) => readFile(join(directory, name), 'utf8');
  try {
    const exit = await new TestProcess(process.execPath, args, environment, directory).exited;
    return { ...exit, residuals: await file('residuals.csv'), field: await file('plate.dat').catch(() => undefined) };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The run, when it has ended. */
export async function plateRun(rest: RestReader, name: string): Promise<RunView> {
  const named = async () => (await rest.runs({ filters: [`name == ${name}`] })).data[0];
  const run = await eventually(named, (one) => one !== undefined && one.status !== 'running');
  return rest.run(String(run?.id));
}

/** Compares the run with the file that the solver wrote: each row once, with its own iteration as its step. */
export async function expectPlate(rest: RestReader, id: string, residuals: string): Promise<void> {
  const rows = residuals.trim().split('\n').slice(1);
  const column = (index: number) =>
    rows.map((row) => {
      const cells = row.split(',').map(Number);
      return { step: cells[0], value: cells[index] };
    });
  const values = await eventually(
    async () => (await rest.metricValues([id], ['residual', 'centre']))[id],
    (read) => read?.['centre']?.length === rows.length,
  );
  expect(values?.['residual']).toEqual(column(1));
  expect(values?.['centre']).toEqual(column(2));
}
