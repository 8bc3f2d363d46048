import { inspect } from 'node:util';
import { isDate, isMap, isSet } from 'node:util/types';

/** What the value of an option must be. */
export interface Kind {
  /** Goes on from "must be". */
  readonly words: string;
  readonly accepts: (value: unknown) => boolean;
}

/** Whatever it is. */
export const ANY: Kind = { words: 'anything', accepts: () => true };
export const TEXT: Kind = { words: 'a text', accepts: (value) => typeof value === 'string' };
export const BOOLEAN: Kind = { words: 'true or false', accepts: (value) => typeof value === 'boolean' };
export const FUNCTION: Kind = { words: 'a function', accepts: (value) => typeof value === 'function' };
export const INTEGER: Kind = { words: 'an integer', accepts: Number.isSafeInteger };
export const FROM_ONE: Kind = {
  words: 'an integer from 1 on',
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
};
export const ABOVE_ZERO: Kind = {
  words: 'a number above 0',
  accepts: (value) => Number.isFinite(value) && Number(value) > 0,
};
export const TEXTS: Kind = {
  words: 'a list of texts',
  accepts: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
};
export const RECORD: Kind = { words: 'an object', accepts: isRecord };

/** One of these texts. */
export function oneOf(...known: readonly string[]): Kind {
  return { words: `one of ${known.join(', ')}`, accepts: (value) => known.some((item) => item === value) };
}

/** Whether a value is an object with keys: no list, no date, no map. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  return !(Array.isArray(value) || isDate(value) || isMap(value) || isSet(value));
}

/** What is wrong with options, by key; those that are undefined are right. */
export function wrongOptions(options: object, kinds: Readonly<Record<string, Kind>>): Map<string, string> {
  const wrong = new Map<string, string>();
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(kinds, key)) wrong.set(key, `is not known${hint(key, Object.keys(kinds))}`);
    else if (value !== undefined && kinds[key]?.accepts(value) === false) {
      wrong.set(key, `must be ${kinds[key].words}, not ${show(value)}`);
    }
  }
  return wrong;
}

/** ` (did you mean "…"?)` when a known name is like this one, else nothing. */
export function hint(name: string, known: readonly string[]): string {
  const plain = (text: string) => text.replaceAll('_', '').toLowerCase();
  const like =
    known.find((each) => plain(each) === plain(name)) ?? known.find((each) => isLike(plain(each), plain(name)));
  return like === undefined ? '' : ` (did you mean "${like}"?)`;
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 64));
  if (Array.isArray(value))
    return inspect(value, { depth: 0, maxArrayLength: 5, maxStringLength: 16, breakLength: Infinity });
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** Whether at most two letters are changed, missing or too many; of a short name, whether letters changed places. */
function isLike(a: string, b: string): boolean {
  if (a.length < 4) return [...a].sort().join('') === [...b].sort().join('');
  if (Math.abs(a.length - b.length) > 2) return false;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(changed, (above[j] as number) + 1, (row[j - 1] as number) + 1));
    }
  }
  return (row[b.length] as number) <= 2;
}
