import { isError } from './exception.ts';
import { Run } from './run.ts';
import type { InitOptions, RunConfig } from './run-options.ts';

/** What `withRun` starts the run with. */
export interface WithRunOptions extends InitOptions {
  readonly config?: RunConfig;
}

/**
 * Runs `work` within a run, and closes it: as `completed`, or as `failed` with the error as an event when `work` throws.
 *
 * @param options - given to `init`; without them `work` calls `init` itself.
 * @returns what `work` returns.
 * @see Simvue client, context manager (seeds 001 to 003)
 */
export async function withRun<Result>(
  ...args:
    | [options: WithRunOptions, work: (run: Run) => Promise<Result> | Result]
    | [work: (run: Run) => Promise<Result> | Result]
): Promise<Result> {
  const [options, work] = args.length === 1 ? [undefined, args[0]] : args;
  const { config, ...init } = options ?? {};
  const run = new Run(config);
  try {
    if (options !== undefined) await run.init(init);
    return await work(run);
  } catch (error) {
    if (run.id !== undefined) {
      run.logEvent(isError(error) ? error : new Error(String(error)));
      run.setStatus('failed');
    }
    throw error;
  } finally {
    await run.close();
  }
}
