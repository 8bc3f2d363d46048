import { errorText, SimvueError } from 'simvue-otel/errors';

/** An address as the person at the terminal gave it. */
export interface ListenAddress {
  readonly flag: string;
  readonly host: string;
  readonly port: number;
  /** What to do when the port is taken. */
  readonly remedy: string;
}

/** @throws SimvueError `SIMVUE_ERR_PORT_IN_USE` or `SIMVUE_ERR_CONFIG`, naming the flag and the fix. */
export async function listen<T>(start: () => Promise<T>, { flag, host, port, remedy }: ListenAddress): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new SimvueError('SIMVUE_ERR_PORT_IN_USE', `${flag}: ${port} on ${host} is taken: ${remedy}`, {
        cause: error,
      });
    }
    throw new SimvueError('SIMVUE_ERR_CONFIG', `--host, ${flag}: ${host}:${port} cannot be used: ${errorText(error)}`, {
      cause: error,
    });
  }
}
