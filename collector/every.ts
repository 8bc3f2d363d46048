/** Does the work again and again, never twice at a time. @returns how to stop, which waits for what is under way. */
export function every(milliseconds: number, work: () => Promise<unknown>, onError: (error: unknown) => void) {
  let running: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    running ??= work()
      .catch(onError)
      .finally(() => {
        running = undefined;
      });
  }, milliseconds);
  return async (): Promise<void> => {
    clearInterval(timer);
    await running;
  };
}
