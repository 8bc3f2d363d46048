import type { Temporality } from '../pipeline/telemetry.ts';
import { temporalityOf } from './interned-resource.ts';
import { jsonInteger } from './json-fields.ts';

const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** `SeverityNumber` as its number or its name; NaN when it is neither. */
export function jsonSeverity(value: unknown): number {
  if (value === undefined || value === null || value === 'SEVERITY_NUMBER_UNSPECIFIED') return 0;
  const match = typeof value === 'string' ? /^SEVERITY_NUMBER_([A-Z]+)([2-4])?$/.exec(value) : null;
  const level = match === null ? -1 : SEVERITIES.indexOf(match[1] ?? '');
  return level < 0 ? Number(jsonInteger(value) ?? Number.NaN) : 4 * level + Number(match?.[2] ?? 1);
}

/** `AggregationTemporality` as its number or its name; undefined when it is neither delta nor cumulative. */
export function jsonTemporality(value: unknown): Temporality | undefined {
  if (value === 'AGGREGATION_TEMPORALITY_DELTA') return 'delta';
  if (value === 'AGGREGATION_TEMPORALITY_CUMULATIVE') return 'cumulative';
  return temporalityOf(Number(jsonInteger(value) ?? 0n));
}
