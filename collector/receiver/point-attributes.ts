import { POINT, RESERVED_PREFIX } from 'simvue-otel/semconv';
import type { AttributeValue } from '../pipeline/telemetry.ts';
import { attributeText } from './attribute-text.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { REFUSAL } from './refusal-reasons.ts';

/** Key and text of an attribute that is part of a series. */
export type Label = readonly [key: string, value: string];

/** What the attributes of a point say: its series, its place in the run, and its number (NaN = none). */
export interface PointAttributes {
  readonly labels: readonly Label[];
  readonly step: number;
  readonly runTimeSeconds: number;
  readonly sequence: number;
}

/** Splits the attributes of a point of metric `name`. @returns the reason when the point must be refused. */
export function pointAttributes(
  name: string,
  attributes: Iterable<readonly [key: string, value: AttributeValue]>,
  limits: DecodeLimits,
): PointAttributes | string {
  const labels = new Map<string, string>();
  let step = Number.NaN;
  let runTimeSeconds = Number.NaN;
  let sequence = Number.NaN;
  for (const [key, value] of attributes) {
    if (!key.startsWith(RESERVED_PREFIX)) {
      const text = attributeText(value);
      if (Buffer.byteLength(key) + Buffer.byteLength(text) > limits.attributeBytes) {
        return REFUSAL.attributeTooLarge(name, key, limits.attributeBytes);
      }
      labels.set(key, text);
      if (labels.size > limits.seriesAttributes) return REFUSAL.tooManyAttributes(name, limits.seriesAttributes);
    } else if (key === POINT.step) {
      const parsed = stepOf(value);
      if (parsed === undefined) return REFUSAL.step(name);
      step = parsed;
    } else if (key === POINT.time) {
      if (typeof value !== 'number') return REFUSAL.runTime(name);
      runTimeSeconds = value;
    } else if (key === POINT.sequence) sequence = stepOf(value) ?? Number.NaN;
  }
  return { labels: sortLabels([...labels]), step, runTimeSeconds, sequence };
}

/** A step is an integer, or text of one. */
export function stepOf(value: AttributeValue): number | undefined {
  const step = typeof value === 'string' && /^[+-]?\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof step === 'number' && Number.isSafeInteger(step) ? step + 0 : undefined;
}

/** Sorts by key in code unit order. */
export function sortLabels(labels: Label[]): Label[] {
  return labels.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
}

/** Why a metric of this name must be refused, or undefined. */
export function metricNameProblem(name: string, limits: DecodeLimits): string | undefined {
  if (name === '') return REFUSAL.nameMissing;
  return name.length > limits.nameCharacters ? REFUSAL.nameTooLong(name, limits.nameCharacters) : undefined;
}
