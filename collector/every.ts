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
