import { SimvueError } from '../errors.ts';
import { parsePythonJson } from '../python-json.ts';
import type { RunLog, StepLog } from './run-log.ts';
import type { Tracked, TrackedObject } from './tracked-values.ts';
import { trackedIn, userDefinedMetrics } from './user-defined-metrics.ts';

/** Name of the artifact that keeps an imported run log. */
export const RUN_LOG_ARTIFACT = 'magnus.run_log.json';

/** @throws `SIMVUE_ERR_INVALID_ARGUMENT` when the text is not a run log. */
export function parseRunLog(text: string): RunLog {
  const log = parse(text) as Partial<RunLog> | null;
  if (typeof log?.run_id !== 'string' || log.run_id === '' || typeof log.steps !== 'object' || log.steps === null) {
    throw new SimvueError(
      'SIMVUE_ERR_INVALID_ARGUMENT',
      'this is not a run log of Magnus: it has no run_id or no steps',
    );
  }
  return log as RunLog;
}

/** Every step of a log, those of branches after the step that has them. */
export function stepsOf(steps: RunLog['steps']): StepLog[] {
  return Object.values(steps).flatMap((step) => [step, ...branchesOf(step).flatMap((branch) => stepsOf(branch.steps))]);
}

/** What was tracked in the steps of a log; a key carries its step's name when more than one step has tracked something. */
export function trackedInLog(
  log: RunLog,
): { readonly step: StepLog; readonly prefix: string; readonly tracked: Tracked[] }[] {
  const tracking = stepsOf(log.steps).filter((step) => Object.keys(step.user_defined_metrics ?? {}).length > 0);
  return tracking.map((step) => {
    const prefix = tracking.length === 1 ? '' : `${step.internal_name}/`;
    const tracked = trackedIn(step.user_defined_metrics).map((item) => ({ ...item, key: prefix + item.key }));
    return { step, prefix, tracked };
  });
}

/** The log with `metrics` of the steps in place of what they were; steps that are not named stay. */
export function withMetrics(log: RunLog, metrics: ReadonlyMap<StepLog, TrackedObject>): RunLog {
  const replaced = (steps: RunLog['steps']): RunLog['steps'] =>
    Object.fromEntries(
      Object.entries(steps).map(([name, step]) => {
        const branches = Object.entries(step.branches ?? {}).map(([branch, log]) => [branch, withBranch(log)]);
        const own = { ...step, user_defined_metrics: metrics.get(step) ?? step.user_defined_metrics };
        return [name, step.branches === undefined ? own : { ...own, branches: Object.fromEntries(branches) }];
      }),
    );
  const withBranch = (branch: unknown) => (isBranch(branch) ? { ...branch, steps: replaced(branch.steps) } : branch);
  return { ...log, steps: replaced(log.steps) };
}

/** {@link userDefinedMetrics} of those whose key begins with `prefix`, without it. */
export function metricsOfStep(tracked: readonly Tracked[], prefix: string): TrackedObject {
  const own = tracked.filter(({ key }) => key.startsWith(prefix));
  return userDefinedMetrics(own.map((item) => ({ ...item, key: item.key.slice(prefix.length) })));
}

interface Branch {
  readonly steps: RunLog['steps'];
}

function branchesOf(step: StepLog): Branch[] {
  return Object.values<unknown>(step.branches ?? {}).filter(isBranch);
}

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null && 'steps' in value && typeof value.steps === 'object';
}

function parse(text: string): unknown {
  try {
    return parsePythonJson(text);
  } catch (error) {
    throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', 'this is not a run log of Magnus: it is not JSON', {
      cause: error,
    });
  }
}
