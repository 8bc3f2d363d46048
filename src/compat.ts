import { CompatRun } from './compat/compat-run.ts';
import { withSnakeNames } from './compat/snake-keys.ts';

export { Handler } from './compat/handler.ts';

/** `Run` with every name, order of arguments and default of the earlier clients, in `camelCase` and `snake_case`. */
export const Run = withSnakeNames(CompatRun);
export type Run = InstanceType<typeof Run>;

/**
 * The name of the class in the first client.
 *
 * @alias
 */
export const Simvue = Run;

/**
 * The name of the class in the proof of concept.
 *
 * @alias
 */
export const Simtrack = Run;
