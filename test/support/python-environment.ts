import { TestProcess } from './child-process.ts';
import { inRepository } from './repository.ts';

/** The environments of `test/contract/python/requirements` and of `bench/peers/requirements`. */
export type PythonEnvironment =
  | 'opentelemetry'
  | 'schemathesis'
  | 'tables'
  | 'simvue-2.1.2'
  | 'simvue-cli-1.4.0'
  | 'simvue-2.5.3'
  | 'simvue-2.6.2'
  | 'simvue-suite-2.6.2'
  | 'trackio'
  | 'wandb'
  | 'mlflow';

/** The interpreter of a virtual environment, which is made when it is not there; fails with what pip said. */
export async function pythonOf(environment: PythonEnvironment): Promise<string> {
  const setup = await new TestProcess('bash', [inRepository('test/support/setup-contract.sh'), environment]).exited;
  if (setup.code !== 0) throw new Error(setup.stderr);
  return setup.stdout.trim();
}
