import { type ExponentialSide, explicitBuckets, exponentialBuckets } from './bucket-quantile.ts';
import type { Distribution } from './distribution-series.ts';
import {
  type JsonObject,
  jsonDouble,
  jsonInt32,
  jsonUnsigned,
  listField,
  messageField,
  messages,
} from './json-fields.ts';
import { REFUSAL } from './refusal-reasons.ts';

/** Reads a `HistogramDataPoint`. @returns the reason when it must be refused. */
export function explicitOfJson(name: string, point: JsonObject): Distribution | string {
  const counts = listField(point, 'bucketCounts').map((count) => Number(jsonUnsigned(count)));
  const bounds = listField(point, 'explicitBounds').map((bound) => jsonDouble(bound) ?? Number.NaN);
  const scalars = scalarsOf(name, point);
  if (typeof scalars === 'string' || (counts.length === 0 && bounds.length === 0)) return scalars;
  const buckets = explicitBuckets(counts, bounds);
  return buckets === undefined ? REFUSAL.buckets(name) : { ...scalars, buckets };
}

/** Reads an `ExponentialHistogramDataPoint`. @returns the reason when it must be refused. */
export function exponentialOfJson(name: string, point: JsonObject): Distribution | string {
  const scalars = scalarsOf(name, point);
  if (typeof scalars === 'string') return scalars;
  const buckets = exponentialBuckets(
    jsonInt32(point['scale']),
    Number(jsonUnsigned(point['zeroCount'])),
    jsonDouble(point['zeroThreshold'] ?? 0) ?? 0,
    sideOf(messageField(point, 'positive')),
    sideOf(messageField(point, 'negative')),
  );
  return { ...scalars, buckets };
}

/** Reads a `SummaryDataPoint`; its sum is 0 when it is absent, as in protobuf. @returns the reason when it must be refused. */
export function summaryOfJson(name: string, point: JsonObject): Distribution | string {
  const scalars = scalarsOf(name, point);
  if (typeof scalars === 'string') return scalars;
  const quantiles = [...messages(point, 'quantileValues')].map((item) => ({
    quantile: jsonDouble(item['quantile'] ?? 0) ?? Number.NaN,
    value: jsonDouble(item['value'] ?? 0) ?? Number.NaN,
  }));
  return { ...scalars, sum: scalars.sum ?? 0, quantiles };
}

function scalarsOf(name: string, point: JsonObject): Distribution | string {
  for (const field of ['sum', 'min', 'max']) {
    if (point[field] !== undefined && jsonDouble(point[field]) === undefined) return REFUSAL.number(name, field);
  }
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

function sideOf(side: JsonObject): ExponentialSide {
  const counts = listField(side, 'bucketCounts').map((count) => Number(jsonUnsigned(count)));
  return { offset: jsonInt32(side['offset']), counts };
}
