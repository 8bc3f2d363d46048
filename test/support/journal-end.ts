import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Exit, TestProcess } from './child-process.ts';
import { inRepository } from './repository.ts';
import { eventually, type RestReader } from './rest-reader.ts';

const CLI = inRepository('dist/cli/main.js');
/** A program that logs numbered points and ends as its argument says. */
export const NUMBERED = fileURLToPath(new URL('../integration/client/programs/numbered.mjs', import.meta.url));

/** Number of points of the program `numbered.mjs`. */
export const NUMBERED_POINTS = 2000;

/** A spool directory of its own; `await using` removes it. */
export async function temporarySpool(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'simvue-spool-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A program and the command `simvue` see these settings and no others. */
export interface ClientEnvironment extends NodeJS.ProcessEnv {
  readonly SIMVUE_OFFLINE_DIRECTORY: string;
  readonly SIMVUE_URL?: string;
  readonly RUN_ID?: string;
  readonly RUN_CONFIG?: string;
  /** Seconds without a sign of life until the run is lost; 3 unless given. */
  readonly RUN_TIMEOUT?: string;
}

/** Runs `numbered.mjs` until it ends in the way that is named. */
export function runNumbered(way: string, environment: ClientEnvironment): Promise<Exit> {
  return new TestProcess(process.execPath, [NUMBERED, way], environment).exited;
}

/** Starts `simvue sync` with these arguments. */
export function startSync(args: readonly string[], environment: ClientEnvironment): TestProcess {
  return new TestProcess(process.execPath, [CLI, 'sync', ...args], environment);
}

/** Checks that each numbered point of a run, and its last line, is in the collector exactly once. */
export async function expectEachPointOnce(rest: RestReader, runId: string, points = NUMBERED_POINTS): Promise<void> {
  const values = await rest.metricValues([runId], ['x']);
  const expected = Array.from({ length: points }, (_, i) => ({ step: i, value: i }));
  expect(values[runId]?.['x']).toEqual(expected);
  const events = await rest.events(runId);
  expect(events.data.filter((event) => event.message === 'the last line')).toHaveLength(1);
}

/** Waits until the run has this status. */
export async function expectStatus(rest: RestReader, runId: string, status: string): Promise<void> {
  await eventually(
    () => rest.run(runId),
    (run) => run.status === status,
  );
}
