import { setTimeout as sleep } from 'node:timers/promises';

/** Does the work once, later; its signal says that it is no longer wanted. @returns how to stop, which waits for what is under way. */
export function after(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<unknown>,
  onError: (error: unknown) => void,
) {
  const stop = new AbortController();
  const done = sleep(milliseconds, undefined, { signal: stop.signal })
    .then(() => work(stop.signal))
    .catch((error: unknown) => {
      if (!stop.signal.aborted) onError(error);
    });
  return async (): Promise<void> => {
    stop.abort();
    await done;
  };
}

/** Does the work at once and then again and again, never twice at a time. @returns how to stop, which waits for what is under way. */
export function every(milliseconds: number, work: () => Promise<unknown>, onError: (error: unknown) => void) {
  let running: Promise<unknown> | undefined;
  const start = (): void => {
    running ??= work()
      .catch(onError)
      .finally(() => {
        running = undefined;
      });
  };
  start();
  const timer = setInterval(start, milliseconds);
  return async (): Promise<void> => {
    clearInterval(timer);
    await running;
  };
}
