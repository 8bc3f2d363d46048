/** What `act` returns, or undefined when a file that it needs is not there. */
export function unlessMissing<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** As {@link unlessMissing}, for what comes later. */
export async function ifThere<T>(later: Promise<T>): Promise<T | undefined> {
  try {
    return await later;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
