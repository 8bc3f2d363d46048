import { inspect } from 'node:util';
import { SimvueError } from './errors.ts';
import { type GridValue, type NumberGrid, numberGrid } from './grids/number-grid.ts';
import type { Timestamp } from './timestamp.ts';

/** A value of a metric; `true` is 1, `false` is 0. NaN, infinities and -0 are kept. Arrays lie on a grid. */
export type MetricValue = number | bigint | boolean | GridValue;

/** When and at which step values were measured. */
export interface LogMetricsOptions {
  /** Integer; default: the number of calls before this one. */
  readonly step?: number | undefined;
  /** Seconds since the start of the run, may be negative; default: what the timestamp says. */
  readonly time?: number | undefined;
  /** Default: now. */
  readonly timestamp?: Timestamp | undefined;
}

const MAX_NAME_LENGTH = 255;

/** Values of one call that can be sent, and what is wrong with the others. */
export interface CheckedValues {
  readonly names: readonly string[];
  readonly values: readonly (number | bigint)[];
  readonly grids: readonly (readonly [name: string, grid: NumberGrid])[];
  readonly problems: readonly string[];
}

const NONE: readonly never[] = [];

/** Sorts the values of one call into sendable ones and problems. */
export function checkValues(given: Readonly<Record<string, MetricValue>>): CheckedValues {
  // A map has no keys of its own: its values would be lost without a word.
  if (typeof given !== 'object' || given === null || Array.isArray(given) || given instanceof Map) {
    throw invalid('metrics must be an object of numbers by name');
  }
  const names = Object.keys(given);
  const values = new Array<number | bigint>(names.length);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const value = given[name];
    if ((typeof value !== 'number' && typeof value !== 'bigint') || !isMetricName(name)) return sortValues(given);
    values[i] = value;
  }
  return { names, values, grids: NONE, problems: NONE };
}

/** What is not plain numbers under good names, which is rare. */
function sortValues(given: Readonly<Record<string, unknown>>): CheckedValues {
  const names: string[] = [];
  const values: (number | bigint)[] = [];
  const grids: [string, NumberGrid][] = [];
  const problems: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (!isMetricName(name)) {
      problems.push(`metric name "${name.slice(0, 32)}" must have 1 to ${MAX_NAME_LENGTH} characters`);
    } else if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
      names.push(name);
      values.push(typeof value === 'boolean' ? Number(value) : value);
    } else if (typeof value === 'object' && value !== null) {
      const grid = numberGrid(value);
      if (typeof grid === 'string') problems.push(`metric "${name}" ${grid}`);
      else grids.push([name, grid]);
    } else {
      problems.push(`metric "${name}" is of type ${value === null ? 'null' : typeof value}, not a number`);
    }
  }
  return { names, values, grids, problems };
}

function isMetricName(name: string): boolean {
  return name !== '' && name.length <= MAX_NAME_LENGTH;
}

/** Checks what goes with the values. */
export function checkStepAndTime(step: number | undefined, time: number | undefined): void {
  if (step !== undefined && !Number.isSafeInteger(step))
    throw invalid(`step ${inspect(step)} is not an integer below 2^53`);
  if (time !== undefined && !Number.isFinite(time)) throw invalid(`time ${inspect(time)} is not a number of seconds`);
}

/**
 * The run time to send with a point: what the user gave, unless the timestamp says the same to the microsecond.
 */
export function runTimeToSend(
  time: number | undefined,
  timeUnixNano: bigint,
  startUnixNano: bigint,
): number | undefined {
  if (time === undefined) return undefined;
  const elapsedSeconds = Number(timeUnixNano - startUnixNano) / 1e9;
  return Math.abs(time - elapsedSeconds) < 1e-6 ? undefined : time;
}

function invalid(message: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', message);
}
