import type { Metadata, MetadataValue } from '../attributes.ts';
import { configError } from '../errors.ts';
import { parsePythonJson } from '../python-json.ts';
import { numberOf } from '../sidecar/reading.ts';

/** For options that may be given again. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** `key=value` pairs; a value is JSON when it reads as JSON, else text. @throws `SIMVUE_ERR_CONFIG` that shows the pair. */
export function parseMetadata(pairs: readonly string[]): Metadata {
  return Object.fromEntries(
    pairs.map((pair) => {
      const separator = pair.indexOf('=');
      if (separator < 1) throw configError('metadata', `"${pair}" is not key=value`, 'For example: mesh=fine.');
      return [pair.slice(0, separator), parseValue(pair.slice(separator + 1))];
    }),
  );
}

/** `key=value` pairs of numbers. @throws `SIMVUE_ERR_CONFIG` that shows the pair. */
export function parseMetrics(pairs: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name = '', text = ''] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
      const value = numberOf(text);
      if (value === undefined) throw configError('metric', `"${pair}" is not name=number`, 'For example: loss=0.5.');
      return [name, value];
    }),
  );
}

/** @throws `SIMVUE_ERR_CONFIG` that names the option. */
export function number(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw configError(option, `"${text}" is not a number`, 'For example: 2.5.');
}

/** @throws `SIMVUE_ERR_CONFIG` that names the option. */
export function integer(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw configError(option, `"${text}" is not an integer`, 'Write digits.');
}

/** A number of steps, from 1 on. @throws `SIMVUE_ERR_CONFIG` that names the option. */
export function steps(option: string, text: string): number {
  const value = integer(option, text);
  if (value >= 1) return value;
  throw configError(option, `"${text}" is not a number of steps from 1 on`, 'For example: 30000.');
}

/** Seconds above 0. @throws `SIMVUE_ERR_CONFIG` that names the option. */
export function seconds(option: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw configError(option, `"${text}" is not a number of seconds above 0`, 'For example: 30.');
}

/** A number from 0 on. @throws `SIMVUE_ERR_CONFIG` that names the option. */
export function amount(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw configError(option, `"${text}" is not a number from 0 on`, 'For example: 5.');
}

function parseValue(text: string): MetadataValue {
  try {
    return parsePythonJson(text) as MetadataValue;
  } catch {
    return text;
  }
}
