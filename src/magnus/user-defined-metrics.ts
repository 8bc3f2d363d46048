import type { Tracked, TrackedObject, TrackedValue } from './tracked-values.ts';

const STEP = /^\d+$/;

/**
 * Tracked values as a run log holds them: by key, then by step; a single value at step 0 stands without its step.
 *
 * The last value of a key and step wins. {@link trackedIn} is the inverse.
 *
 * @see Magnus, `user_defined_metrics` of a step log (seed 004)
 */
export function userDefinedMetrics(tracked: Iterable<Tracked>): TrackedObject {
  const steps = new Map<string, Map<number, TrackedValue>>();
  for (const { key, step, value } of tracked) {
    const values = steps.get(key) ?? new Map<number, TrackedValue>();
    steps.set(key, values.set(step, value));
  }
  return Object.fromEntries([...steps].map(([key, values]) => [key, collapsed(values)]));
}

/** Reads `user_defined_metrics`, in the order of the text. */
export function trackedIn(metrics: TrackedObject): Tracked[] {
  return Object.entries(metrics).flatMap(([key, value]) =>
    isBySteps(value)
      ? Object.entries(value).map(([step, at]) => ({ key, step: Number(step), value: at }))
      : [{ key, step: 0, value }],
  );
}

/** A value that reads as steps keeps its own, or it could not be told from them. */
function collapsed(values: ReadonlyMap<number, TrackedValue>): TrackedValue {
  const only = values.size === 1 ? values.get(0) : undefined;
  return only !== undefined && !isBySteps(only) ? only : Object.fromEntries(values);
}

function isBySteps(value: TrackedValue): value is TrackedObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => STEP.test(key) && Number.isSafeInteger(Number(key)));
}
