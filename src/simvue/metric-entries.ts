import { DataPointType, type MetricData, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { POINT } from '../semconv.ts';
import { hrTimeToUnixNano } from '../time.ts';
import { EntryList, type MetricEntry, simvueName } from './entry-list.ts';

export interface EntryContext {
  readonly startUnixNano: bigint;
  /** Step of points that say none. */
  readonly step: number;
}

/** Puts the data points of an export into entries, in the order of their times; histograms become five metrics. */
export function metricEntries({ scopeMetrics }: ResourceMetrics, context: EntryContext): MetricEntry[] {
  const entries = new EntryList(context.startUnixNano, () => context.step);
  for (const metric of scopeMetrics.flatMap(({ metrics }) => metrics)) {
    for (const { attributes, endTime, value } of metric.dataPoints) {
      const { [POINT.step]: step, [POINT.time]: time } = attributes;
      const values = valuesOf(metric, value, simvueName(metric.descriptor.name, attributes));
      for (const [name, number] of Object.entries(values)) {
        entries.add(name, number, hrTimeToUnixNano(endTime), numberOf(step), numberOf(time));
      }
    }
  }
  return entries.sorted();
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

function numberOf(attribute: unknown): number | undefined {
  return typeof attribute === 'number' ? attribute : undefined;
}

function valuesOf(
  metric: MetricData,
  value: MetricData['dataPoints'][number]['value'],
  name: string,
): Record<string, number> {
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
