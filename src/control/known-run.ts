import { setTimeout as sleep } from 'node:timers/promises';
import { SimvueError } from '../errors.ts';

/** The start of a run reaches the server within a second or two, on its own way. */
const WAIT_MILLIS = 250;
const ATTEMPTS = 40;

/**
 * Repeats a request about the run while the server does not know the run yet, ten seconds at most.
 *
 * @param ref - whether the process stays alive for it.
 */
export async function whenRunIsKnown<Result>(
  work: () => Promise<Result>,
  signal: AbortSignal,
  { ref }: { readonly ref: boolean } = { ref: false },
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const isUnknown = error instanceof SimvueError && error.code === 'SIMVUE_ERR_NOT_FOUND';
      if (!isUnknown || attempt === ATTEMPTS || signal.aborted) throw error;
      await sleep(WAIT_MILLIS, undefined, { ref });
    }
  }
}
