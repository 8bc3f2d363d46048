import { parsePythonJson } from '../python-json.ts';

/** What may be tracked: any value of JSON. */
export type TrackedValue = string | number | boolean | null | readonly TrackedValue[] | TrackedObject;
/** An object of JSON. */
export interface TrackedObject {
  readonly [key: string]: TrackedValue;
}

/** One value of one key at one step. */
export interface Tracked {
  readonly key: string;
  readonly step: number;
  readonly value: TrackedValue;
}

const PREFIXES = ['MAGNUS_TRACK_', 'SIMVUE_TRACK_'];
const KEY_AND_STEP = /^(.+)_step_(\d+)$/;

/**
 * Values of `MAGNUS_TRACK_<key>[_STEP_<n>]` and `SIMVUE_TRACK_…` variables; keys become lower case, no suffix is step 0.
 *
 * A value is JSON when it reads as JSON, else text; `true` and `false` are text unless `booleans`, as Magnus has none.
 *
 * @see Magnus, experiment tracking (seed 004)
 */
export function trackedInEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  { booleans = false }: { readonly booleans?: boolean } = {},
): Tracked[] {
  return PREFIXES.flatMap((prefix) =>
    Object.entries(environment).flatMap(([name, text]) => {
      if (text === undefined || !name.startsWith(prefix) || name.length === prefix.length) return [];
      return [{ ...keyAndStep(name.slice(prefix.length).toLowerCase()), value: read(text, booleans) }];
    }),
  );
}

/** A suffix that is not a step is part of the key. */
function keyAndStep(name: string): { key: string; step: number } {
  const [, key = name, digits = '0'] = KEY_AND_STEP.exec(name) ?? [];
  const step = Number(digits);
  return Number.isSafeInteger(step) ? { key, step } : { key: name, step: 0 };
}

function read(text: string, booleans: boolean): TrackedValue {
  try {
    const value = parsePythonJson(text) as TrackedValue;
    return typeof value === 'boolean' && !booleans ? text : value;
  } catch {
    return text;
  }
}
