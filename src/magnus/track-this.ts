import { errorText, SimvueError } from '../errors.ts';
import { formatPythonJson } from '../python-json.ts';
import type { Run } from '../run.ts';
import { MAGNUS } from '../semconv.ts';
import { type Tracked, type TrackedValue, trackedInEnvironment } from './tracked-values.ts';

/** Runs that `trackThis` writes to when it is given none; the last one counts. */
const contexts: Run[] = [];

/** Where and at which step values are tracked. */
export interface TrackOptions {
  /** Integer; default 0. */
  readonly step?: number;
  /** Default: that of the innermost `getTrackerContext`, or of `--import simvue-otel/register`. */
  readonly run?: Run;
}

/**
 * Tracks values of the task at hand: numbers as metrics, everything else as metadata `<key>` (`<key>_<step>` from step 1 on) and an event.
 *
 * An object with `toJSON` is tracked as what that returns.
 *
 * @returns false when a value was not recorded (see `Run.counters`).
 * @throws `SIMVUE_ERR_RUN_NOT_ACTIVE` when no run is given and there is no context.
 * @see Magnus, `track_this` (seed 004)
 */
export function trackThis(
  values: Readonly<Record<string, unknown>>,
  { step = 0, run = contexts.at(-1) }: TrackOptions = {},
): boolean {
  if (run === undefined) {
    const fix = 'Give one as { run }, or start the program with --import simvue-otel/register.';
    throw new SimvueError('SIMVUE_ERR_RUN_NOT_ACTIVE', `trackThis needs a run. ${fix}`);
  }
  const tracked = Object.entries(values).map(([key, value]) => ({ key, step, value: plain(key, value) }));
  return recordTracked(run, tracked);
}

/** Makes `run` the one that `trackThis` writes to until the context is disposed of; without a run it changes nothing. */
export function getTrackerContext(run?: Run): Disposable {
  if (run !== undefined) contexts.push(run);
  return {
    [Symbol.dispose]() {
      const index = run === undefined ? -1 : contexts.lastIndexOf(run);
      if (index >= 0) contexts.splice(index, 1);
    },
  };
}

/** Tracks what `MAGNUS_TRACK_*` and `SIMVUE_TRACK_*` variables hold. @returns false when a value was not recorded. */
export function trackEnvironment(
  run: Run,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  return recordTracked(run, trackedInEnvironment(environment));
}

/** @param timestamp - when the values were tracked; default now. */
export function recordTracked(run: Run, tracked: readonly Tracked[], timestamp?: bigint): boolean {
  return tracked.map((item) => recordOne(run, item, timestamp)).every(Boolean);
}

function recordOne(run: Run, { key, step, value }: Tracked, timestamp: bigint | undefined): boolean {
  if (typeof value === 'number') return run.logMetrics({ [key]: value }, { step, timestamp });
  const text = formatPythonJson(value);
  const attributes = { [MAGNUS.key]: key, [MAGNUS.step]: step, [MAGNUS.value]: text };
  const when = timestamp === undefined ? {} : { timestamp };
  const logged = run.logEvent(`${key} = ${text}${step === 0 ? '' : ` (step ${step})`}`, { attributes, ...when });
  return run.updateMetadata({ [step === 0 ? key : `${key}_${step}`]: value }) && logged;
}

/** A value as JSON has it; numbers that JSON does not have stay numbers. */
function plain(key: string, value: unknown): TrackedValue {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  const text = asJson(key, value);
  if (text === undefined)
    throw new SimvueError(
      'SIMVUE_ERR_INVALID_ARGUMENT',
      `"${key}" is of type ${typeof value}, which cannot be tracked`,
    );
  return JSON.parse(text) as TrackedValue;
}

function asJson(key: string, value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `"${key}" cannot be tracked: ${errorText(error)}`, {
      cause: error,
    });
  }
}
