import { type ExponentialSide, explicitBuckets, exponentialBuckets } from './bucket-quantile.ts';
import type { Distribution } from './distribution-series.ts';
import {
  type JsonObject,
  jsonDouble,
  jsonInt32,
  jsonInteger,
  jsonUnsigned,
  listField,
  messageField,
  messages,
  wrongInteger,
} from './json-fields.ts';
import { REFUSAL } from './refusal-reasons.ts';

/** Reads a `HistogramDataPoint`. @returns the reason when it must be refused. */
export function explicitOfJson(name: string, point: JsonObject): Distribution | string {
  const counts = countsOf(name, point);
  const bounds = doublesOf(name, 'explicitBounds', listField(point, 'explicitBounds'));
  const scalars = scalarsOf(name, point);
  if (typeof counts === 'string') return counts;
  if (typeof bounds === 'string') return bounds;
  if (typeof scalars === 'string' || (counts.length === 0 && bounds.length === 0)) return scalars;
  const buckets = explicitBuckets(counts, bounds);
  return buckets === undefined ? REFUSAL.buckets(name) : { ...scalars, buckets };
}

/** Reads an `ExponentialHistogramDataPoint`. @returns the reason when it must be refused. */
export function exponentialOfJson(name: string, point: JsonObject): Distribution | string {
  const scalars = scalarsOf(name, point);
  if (typeof scalars === 'string') return scalars;
  const wrong = wrongInteger(point, ['scale', 'zeroCount']);
  if (wrong !== undefined) return REFUSAL.number(name, wrong);
  const zeroThreshold = jsonDouble(point['zeroThreshold'] ?? 0);
  if (zeroThreshold === undefined) return REFUSAL.number(name, 'zeroThreshold');
  const positive = sideOf(name, messageField(point, 'positive'));
  const negative = sideOf(name, messageField(point, 'negative'));
  if (typeof positive === 'string') return positive;
  if (typeof negative === 'string') return negative;
  const zeroCount = Number(jsonUnsigned(point['zeroCount']));
  const buckets = exponentialBuckets(jsonInt32(point['scale']), zeroCount, zeroThreshold, positive, negative);
  return { ...scalars, buckets };
}

/** Reads a `SummaryDataPoint`; its sum is 0 when it is absent, as in protobuf. @returns the reason when it must be refused. */
export function summaryOfJson(name: string, point: JsonObject): Distribution | string {
  const scalars = scalarsOf(name, point);
  if (typeof scalars === 'string') return scalars;
  const items = [...messages(point, 'quantileValues')];
  const quantiles = doublesOf(
    name,
    'quantile',
    items.map((item) => item['quantile'] ?? 0),
  );
  const values = doublesOf(
    name,
    'quantileValues',
    items.map((item) => item['value'] ?? 0),
  );
  if (typeof quantiles === 'string') return quantiles;
  if (typeof values === 'string') return values;
  const pairs = quantiles.map((quantile, index) => ({ quantile, value: values[index] ?? Number.NaN }));
  return { ...scalars, sum: scalars.sum ?? 0, quantiles: pairs };
}

function scalarsOf(name: string, point: JsonObject): Distribution | string {
  for (const field of ['sum', 'min', 'max']) {
    if (point[field] !== undefined && jsonDouble(point[field]) === undefined) return REFUSAL.number(name, field);
  }
  if (wrongInteger(point, ['count']) !== undefined) return REFUSAL.number(name, 'count');
  const optional = (field: string) => (point[field] === undefined ? undefined : jsonDouble(point[field]));
  return {
    count: Number(jsonUnsigned(point['count'])),
    sum: optional('sum'),
    min: optional('min'),
    max: optional('max'),
    buckets: undefined,
    quantiles: [],
  };
}

function sideOf(name: string, side: JsonObject): ExponentialSide | string {
  if (wrongInteger(side, ['offset']) !== undefined) return REFUSAL.number(name, 'offset');
  const counts = countsOf(name, side);
  return typeof counts === 'string' ? counts : { offset: jsonInt32(side['offset']), counts };
}

function countsOf(name: string, parent: JsonObject): number[] | string {
  const counts = listField(parent, 'bucketCounts');
  const isWrong = counts.some((count) => jsonInteger(count) === undefined);
  return isWrong ? REFUSAL.number(name, 'bucketCounts') : counts.map((count) => Number(jsonUnsigned(count)));
}

function doublesOf(name: string, field: string, list: readonly unknown[]): number[] | string {
  const numbers = list.flatMap((item) => jsonDouble(item) ?? []);
  return numbers.length === list.length ? numbers : REFUSAL.number(name, field);
}
