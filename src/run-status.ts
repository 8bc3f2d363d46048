import { SimvueError } from './errors.ts';
import { RUN_STATUSES, type RunStatus, TERMINAL_STATUSES, type TerminalStatus } from './semconv.ts';

/** A status that a program may set: `lost` is found out by the collector. */
export type SettableStatus = Exclude<RunStatus, 'lost'>;

export function isTerminal(status: RunStatus): status is TerminalStatus {
  return (TERMINAL_STATUSES as readonly RunStatus[]).includes(status);
}

/** @throws `SIMVUE_ERR_INVALID_ARGUMENT` for anything that a program may not set. */
export function checkStatus(status: string): SettableStatus {
  if ((RUN_STATUSES as readonly string[]).includes(status) && status !== 'lost') return status as SettableStatus;
  throw new SimvueError(
    'SIMVUE_ERR_INVALID_ARGUMENT',
    `status "${status}" is not one of created, running, completed, failed, terminated`,
  );
}
