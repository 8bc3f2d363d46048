import { type Distribution, distributionParts } from './distribution-series.ts';
import type { PointAttributes } from './point-attributes.ts';
import { type MetricIdentity, type RequestBuilder, timeProblem } from './request-builder.ts';

/** Adds each number of a distribution as a point of its series, or refuses the one point it is. */
export function addDistribution(
  builder: RequestBuilder,
  metric: MetricIdentity,
  attributes: PointAttributes,
  timeLow: number,
  timeHigh: number,
  distribution: Distribution,
): void {
  const problem = timeProblem(metric.name, timeLow, timeHigh);
  if (problem !== undefined) {
    builder.refuse(problem);
    return;
  }
  for (const { suffix, value, additive } of distributionParts(distribution)) {
    const identity: MetricIdentity = {
      name: `${metric.name}.${suffix}`,
      unit: suffix === 'count' ? '' : metric.unit,
      temporality: additive ? metric.temporality : 'gauge',
    };
    builder.addPoint(identity, attributes, timeLow, timeHigh, value);
  }
}
