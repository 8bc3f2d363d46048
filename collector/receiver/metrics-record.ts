import {
  METRICS_RECORD_DIMENSION_PREFIX,
  METRICS_RECORD_RESERVED_PREFIXES,
  RESERVED_PREFIX,
} from 'simvue-otel/semconv';
import type { AttributeValue } from '../pipeline/telemetry.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { metricNameProblem, pointAttributes } from './point-attributes.ts';
import { REFUSAL } from './refusal-reasons.ts';
import type { RequestBuilder } from './request-builder.ts';

/**
 * Adds the values of a `simvue.metrics` log record as points: a map body `{name: number}`, else the numeric attributes outside the reserved
 * prefixes. Attributes `dim.<key>` become the attribute `<key>` of each series.
 */
export function addMetricsRecord(
  builder: RequestBuilder,
  timeUnixNano: bigint,
  body: AttributeValue | undefined,
  attributes: Readonly<Record<string, AttributeValue>>,
  limits: DecodeLimits,
): void {
  const fromBody = typeof body === 'object' && body !== null && !Array.isArray(body);
  const values = Object.entries(fromBody ? body : attributes).filter(
    ([name, value]) => fromBody || (number(value) !== undefined && !isReserved(name)),
  );
  if (values.length === 0) {
    builder.refuse(REFUSAL.noValues);
    return;
  }
  const pointFields = pointAttributes('simvue.metrics', pointPairs(attributes), limits);
  if (typeof pointFields === 'string') {
    builder.refuse(pointFields, values.length);
    return;
  }
  const low = Number(timeUnixNano & 0xffff_ffffn);
  const high = Number(timeUnixNano >> 32n);
  for (const [name, raw] of values) {
    const value = number(raw);
    const problem = metricNameProblem(name, limits) ?? (value === undefined ? REFUSAL.valueMissing(name) : undefined);
    if (problem !== undefined) builder.refuse(problem);
    else if (value !== undefined) {
      builder.addPoint({ name, unit: '', temporality: 'gauge' }, pointFields, low, high, value);
    }
  }
}

/** Dimensions without their prefix, and `simvue.*`. */
function* pointPairs(attributes: Readonly<Record<string, AttributeValue>>): Generator<[string, AttributeValue]> {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith(METRICS_RECORD_DIMENSION_PREFIX)) {
      const dimension = key.slice(METRICS_RECORD_DIMENSION_PREFIX.length);
      if (!dimension.startsWith(RESERVED_PREFIX)) yield [dimension, value];
    } else if (key.startsWith(RESERVED_PREFIX)) yield [key, value];
  }
}

function isReserved(name: string): boolean {
  return (
    name.startsWith(METRICS_RECORD_DIMENSION_PREFIX) ||
    METRICS_RECORD_RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix))
  );
}

/** A number, or an integer beyond 2^53, which is kept as decimal text. */
function number(value: AttributeValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d{16,19}$/.test(value) ? Number(value) : undefined;
}
