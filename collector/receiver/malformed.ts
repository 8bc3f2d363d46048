import { SimvueError } from 'simvue-otel/errors';

/** Error of a request that cannot be decoded as a whole (→ 400). */
export function malformed(problem: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_MALFORMED', problem);
}
