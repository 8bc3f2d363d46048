import type { Attributes } from '@opentelemetry/api';
import { METRICS_RECORD_DIMENSION_PREFIX, METRICS_RECORD_RESERVED_PREFIXES, POINT } from '../semconv.ts';
import { hrTimeToUnixNano } from '../time.ts';
import { type EntryList, simvueName } from './entry-list.ts';
import type { SimvueRecord } from './log-entries.ts';

/** Adds the values of a `simvue.metrics` record: a map as its body, else its numeric attributes. */
export function addMetricsRecord(entries: EntryList, { body, attributes, hrTime }: SimvueRecord): void {
  const isMap = typeof body === 'object' && body !== null && !Array.isArray(body) && !(body instanceof Uint8Array);
  const values = Object.entries(isMap ? body : attributes).filter(([name]) => isMap || !isReserved(name));
  const dimensions = dimensionsOf(attributes);
  const [step, time] = [attributes[POINT.step], attributes[POINT.time]].map(numberOf);
  for (const [name, raw] of values) {
    const value = numberOf(raw);
    if (value !== undefined) entries.add(simvueName(name, dimensions), value, hrTimeToUnixNano(hrTime), step, time);
  }
}

function dimensionsOf(attributes: SimvueRecord['attributes']): Attributes {
  const prefix = METRICS_RECORD_DIMENSION_PREFIX;
  const given = Object.entries(attributes).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(given.map(([key, value]) => [key.slice(prefix.length), String(value)]));
}

function isReserved(name: string): boolean {
  const prefixes = [...METRICS_RECORD_RESERVED_PREFIXES, METRICS_RECORD_DIMENSION_PREFIX];
  return prefixes.some((prefix) => name.startsWith(prefix));
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
