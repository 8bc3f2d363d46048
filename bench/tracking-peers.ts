import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestProcess } from '../test/support/child-process.ts';
import { type PythonEnvironment, pythonOf } from '../test/support/python-environment.ts';
import { inRepository } from '../test/support/repository.ts';
import { CLIENT_TOKEN } from '../test/support/simvue-client.ts';

/** What logging values one by one costs the program that does it. */
export interface TrackingCost {
  readonly microsecondsPerCall: number;
  /** From the first call until the last value is where the peer keeps it; null when it delivers nothing. */
  readonly pointsPerSecond: number | null;
}

/** The published Simvue Python client; offline without a server. */
export function simvuePython(calls: number, url?: string): Promise<TrackingCost> {
  const mode = url === undefined ? 'offline' : 'online';
  return measure('simvue-2.6.2', 'simvue', [String(calls), mode], {
    SIMVUE_URL: `${url ?? 'http://127.0.0.1:9'}/api`,
    SIMVUE_TOKEN: CLIENT_TOKEN,
    SIMVUE_OFFLINE_DIRECTORY: 'offline',
  });
}

/** Trackio into its local file. */
export function trackio(calls: number): Promise<TrackingCost> {
  return measure('trackio', 'trackio', [String(calls)], { TRACKIO_DIR: 'trackio' });
}

/** Weights & Biases into its local file. */
export function wandbOffline(calls: number): Promise<TrackingCost> {
  return measure('wandb', 'wandb', [String(calls)], {});
}

/** MLflow into its local file. */
export function mlflow(calls: number): Promise<TrackingCost> {
  return measure('mlflow', 'mlflow', [String(calls)], { MLFLOW_DISABLE_TELEMETRY: 'true' });
}

/** Runs a program of `bench/peers` in a directory of its own. @throws with its output when it fails. */
async function measure(
  environment: PythonEnvironment,
  peer: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv,
): Promise<TrackingCost> {
  const directory = await mkdtemp(join(tmpdir(), `simvue-bench-${peer}-`));
  const program = inRepository(`bench/peers/${peer}_log_metrics.py`);
  const process = new TestProcess(await pythonOf(environment), [program, ...args], variables, directory);
  const { code, stdout, stderr } = await process.exited;
  if (code !== 0) throw new Error(`${peer} failed:\n${stdout}\n${stderr}`);
  await rm(directory, { recursive: true, force: true });
  const result = stdout.split('\n').findLast((line) => line.startsWith('{"microsecondsPerCall"'));
  if (result === undefined) throw new Error(`${peer} printed no result:\n${stdout}\n${stderr}`);
  return JSON.parse(result);
}
