import { TOTAL_STEPS_KEY } from 'simvue-otel/semconv';
import type { AttributeValue } from './telemetry.ts';

/** What a total of steps must be; goes on from "must be". */
export const TOTAL_STEPS_WORDS = 'an integer from 1 on';

/** A total of steps, also as text, which is all that an environment variable can hold; undefined when it is none. */
export function readTotalSteps(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 1 ? number : undefined;
}

/** Steps that a run will make, as its metadata say; null = they do not. */
export function totalStepsOf(metadata: Readonly<Record<string, AttributeValue>>): number | null {
  return readTotalSteps(metadata[TOTAL_STEPS_KEY]) ?? null;
}
