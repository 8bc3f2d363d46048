import { Type } from 'typebox';
import { nullable, Timestamp } from './json.ts';

/** All points of a metric of a run in a few numbers. */
export const MetricSummarySchema = Type.Object({
  count: Type.Integer(),
  /** Null when no finite value was logged. */
  min: nullable(Type.Number()),
  max: nullable(Type.Number()),
  average: nullable(Type.Number()),
  /** Null when the last value is not finite. */
  last: nullable(Type.Number()),
  step: nullable(Type.Number()),
  time: nullable(Type.Number()),
  timestamp: Timestamp,
});
