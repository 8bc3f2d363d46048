import type { Temporality } from '../pipeline/telemetry.ts';
import { keyValuePairs } from './any-value-json.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { explicitOfJson, exponentialOfJson, summaryOfJson } from './distribution-json.ts';
import { addDistribution } from './distribution-point.ts';
import { jsonTemporality } from './json-enums.ts';
import {
  isObject,
  type JsonObject,
  jsonDouble,
  jsonInt32,
  jsonInteger,
  jsonUnsigned,
  listField,
  textField,
} from './json-fields.ts';
import { metricNameProblem, pointAttributes } from './point-attributes.ts';
import { REFUSAL } from './refusal-reasons.ts';
import type { MetricIdentity, RequestBuilder } from './request-builder.ts';

const NO_RECORDED_VALUE = 1;
const KINDS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;
type Kind = (typeof KINDS)[number];

/** Decodes one `Metric` of OTLP/JSON. */
export function decodeMetricJson(builder: RequestBuilder, metric: JsonObject, limits: DecodeLimits): void {
  const name = textField(metric, 'name');
  const unit = textField(metric, 'unit');
  for (const kind of KINDS) {
    const data = metric[kind];
    if (!isObject(data)) continue;
    const points = listField(data, 'dataPoints');
    const temporality = temporalityOfKind(kind, data);
    const problem =
      metricNameProblem(name, limits) ?? (temporality === undefined ? REFUSAL.temporality(name) : undefined);
    if (problem !== undefined) builder.refuse(problem, points.length);
    else if (temporality !== undefined) {
      for (const point of points) decodePoint(builder, { name, unit, temporality }, kind, point, limits);
    }
  }
}

function temporalityOfKind(kind: Kind, data: JsonObject): Temporality | undefined {
  if (kind === 'gauge') return 'gauge';
  return kind === 'summary' ? 'cumulative' : jsonTemporality(data['aggregationTemporality']);
}

function decodePoint(
  builder: RequestBuilder,
  metric: MetricIdentity,
  kind: Kind,
  point: unknown,
  limits: DecodeLimits,
): void {
  if (!isObject(point)) {
    builder.refuse(REFUSAL.notObject('a data point'));
    return;
  }
  if ((jsonInt32(point['flags']) & NO_RECORDED_VALUE) !== 0) return;
  const attributes = pointAttributes(metric.name, keyValuePairs(point, 'attributes', limits.depth), limits);
  const time = jsonUnsigned(point['timeUnixNano']);
  const low = Number(time & 0xffff_ffffn);
  const high = Number(time >> 32n);
  if (kind === 'gauge' || kind === 'sum') {
    const value = numberValue(point);
    const problem = value === undefined ? REFUSAL.valueMissing(metric.name) : undefined;
    if (problem !== undefined) builder.refuse(problem);
    else if (typeof attributes === 'string') builder.refuse(attributes);
    else if (value !== undefined) builder.addPoint(metric, attributes, low, high, value);
    return;
  }
  const distribution =
    kind === 'summary'
      ? summaryOfJson(metric.name, point)
      : kind === 'histogram'
        ? explicitOfJson(metric.name, point)
        : exponentialOfJson(metric.name, point);
  if (typeof attributes === 'string') builder.refuse(attributes);
  else if (typeof distribution === 'string') builder.refuse(distribution);
  else addDistribution(builder, metric, attributes, low, high, distribution);
}

function numberValue(point: JsonObject): number | undefined {
  if (point['asDouble'] !== undefined) return jsonDouble(point['asDouble']);
  const integer = jsonInteger(point['asInt']);
  return integer === undefined ? undefined : Number(integer);
}
