import type { Attributes, HrTime } from '@opentelemetry/api';
import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { POINT, RESERVED_PREFIX } from '../semconv.ts';
import { formatTimestamp, hrTimeToUnixNano } from '../time.ts';

/** Values of one moment and step, as `POST /api/metrics` takes them. */
export interface MetricEntry {
  /** Seconds since the start of the run. */
  readonly time: number;
  readonly timestamp: string;
  readonly step: number;
  readonly values: Record<string, number>;
}

export interface EntryContext {
  readonly startUnixNano: bigint;
  /** Step of points that say none. */
  readonly step: number;
}

/** Puts the data points of an export into entries, in the order of their times; histograms become five metrics. */
export function metricEntries({ scopeMetrics }: ResourceMetrics, context: EntryContext): MetricEntry[] {
  const entries = new Map<string, MetricEntry>();
  for (const metric of scopeMetrics.flatMap(({ metrics }) => metrics)) {
    for (const point of metric.dataPoints) {
      const entry = entryOf(entries, point.endTime, point.attributes, context);
      Object.assign(entry.values, valuesOf(metric, point.value, simvueName(metric.descriptor.name, point.attributes)));
    }
  }
  return [...entries.values()].sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
}

/** Earliest time of the points, undefined without points. */
export function earliestUnixNano({ scopeMetrics }: ResourceMetrics): bigint | undefined {
  let earliest: bigint | undefined;
  for (const { dataPoints } of scopeMetrics.flatMap(({ metrics }) => metrics)) {
    for (const { endTime } of dataPoints) {
      const time = hrTimeToUnixNano(endTime);
      if (earliest === undefined || time < earliest) earliest = time;
    }
  }
  return earliest;
}

function entryOf(
  entries: Map<string, MetricEntry>,
  endTime: HrTime,
  attributes: Attributes,
  context: EntryContext,
): MetricEntry {
  const { [POINT.step]: givenStep, [POINT.time]: givenTime } = attributes;
  const step = typeof givenStep === 'number' ? givenStep : context.step;
  const key = `${endTime[0]}.${endTime[1]} ${step} ${givenTime}`;
  const known = entries.get(key);
  if (known !== undefined) return known;
  const timeUnixNano = hrTimeToUnixNano(endTime);
  const time = typeof givenTime === 'number' ? givenTime : Number(timeUnixNano - context.startUnixNano) / 1e9;
  const entry = { time, timestamp: formatTimestamp(timeUnixNano), step, values: {} };
  entries.set(key, entry);
  return entry;
}

function valuesOf(metric: MetricData, value: MetricData['dataPoints'][number]['value'], name: string) {
  if (metric.dataPointType === DataPointType.GAUGE || metric.dataPointType === DataPointType.SUM) {
    return { [name]: value as number };
  }
  const { count, sum = 0, min, max } = value as { count: number; sum?: number; min?: number; max?: number };
  return {
    [`${name}.count`]: count,
    [`${name}.sum`]: sum,
    ...(count === 0 ? {} : { [`${name}.avg`]: sum / count }),
    ...(min === undefined || count === 0 ? {} : { [`${name}.min`]: min }),
    ...(max === undefined || count === 0 ? {} : { [`${name}.max`]: max }),
  };
}

/**
 * The name of a series at a Simvue server: `name`, or `name(key=value+key=value)`; characters that it refuses become `_`.
 *
 * @see Simvue client, metric names `^[a-zA-Z0-9\-_\s/.:=><+()]+$`
 */
export function simvueName(name: string, attributes: Attributes): string {
  const dimensions = Object.entries(attributes).filter(([key]) => !key.startsWith(RESERVED_PREFIX));
  const text = dimensions.map(([key, value]) => `${key}=${value}`).sort();
  const full = text.length === 0 ? name : `${name}(${text.join('+')})`;
  return full.replace(/[^a-zA-Z0-9\-_\s/.:=><+()]/g, '_');
}
