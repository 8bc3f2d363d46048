import { parseTimestamp } from 'simvue-otel/time';
import { InvalidQuery } from './problem.ts';

/** True for what Python or a browser writes for true; the schema has refused any other text. */
export const isTrue = (flag: string | undefined): boolean => flag === 'True' || flag === 'true' || flag === '1';

/** True for what they write for false; an absent flag is neither. */
export const isFalse = (flag: string | undefined): boolean => flag !== undefined && !isTrue(flag);

/**
 * Reads a JSON list of strings, as Simvue's clients put into a query.
 *
 * @throws InvalidQuery when the text is not such a list, or longer than `maxLength`.
 */
export function parseStringList(parameter: string, text: string, maxLength: number): readonly string[] {
  const value = parseJson(parameter, text);
  if (!Array.isArray(value) || !value.every((entry): entry is string => typeof entry === 'string')) {
    throw new InvalidQuery(parameter, `${parameter} must be a JSON list of strings, such as ["a","b"]`);
  }
  if (value.length > maxLength) throw new InvalidQuery(parameter, `${parameter} names more than ${maxLength} entries`);
  return [...new Set(value)];
}

/** @throws InvalidQuery when the text is not JSON. */
export function parseJson(parameter: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new InvalidQuery(parameter, `${parameter} must be JSON: ${cause.message}`);
  }
}

/**
 * Reads `YYYY-MM-DD[T ]hh:mm:ss[.f][Z|±hh:mm]` (no zone = UTC).
 *
 * @throws InvalidQuery when the text is not such a time.
 */
export function parseTimeParameter(parameter: string, text: string): bigint {
  const time = parseTimestamp(text);
  if (time === undefined) {
    throw new InvalidQuery(parameter, `${parameter} must be a time such as 2026-01-31T12:00:00.000000 (UTC)`);
  }
  return time;
}
