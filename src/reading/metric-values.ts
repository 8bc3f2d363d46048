import type { ControlClient } from '../control/control-client.ts';
import { timestampToUnixNano } from '../timestamp.ts';
import type { AggregatedValues, MetricValues, XAxis } from './records.ts';

/** Which points are wanted; a metric that a run does not have is left out. */
export interface ValuesQuery {
  /** Ids, or what the programs call their runs. */
  readonly runIds: readonly string[];
  /** Names; a series with attributes is `name{key="value"}`. */
  readonly metrics: readonly string[];
  /** Default `step`. */
  readonly xAxis?: XAxis;
  /** Fewer points than there are, as a plot needs them; default: every point. */
  readonly maxPoints?: number;
}

/** Numbers that are not finite come as text. */
type Wire = number | string;
type Point = Readonly<Record<string, Wire>>;

/** Reads points of metrics; a metric that a run does not have is left out. */
export async function readMetricValues(control: ControlClient, query: ValuesQuery): Promise<MetricValues[]> {
  const axis = query.xAxis ?? 'step';
  const answer = await ask<Record<string, Record<string, readonly Point[]>>>(control, query, false);
  return Object.entries(answer).flatMap(([runId, metrics]) =>
    Object.entries(metrics).map(([metric, points]) => ({
      runId,
      metric,
      x: column(points, axis),
      values: column(points, 'value'),
    })),
  );
}

/** As {@link readMetricValues}, the runs summed up; not over `timestamp`. */
export async function readAggregatedValues(control: ControlClient, query: ValuesQuery): Promise<AggregatedValues[]> {
  const axis = query.xAxis ?? 'step';
  const answer = await ask<Record<string, readonly Point[]>>(control, query, true);
  return Object.entries(answer).map(([metric, points]) => ({
    metric,
    x: column(points, axis),
    average: column(points, 'average'),
    min: column(points, 'min'),
    max: column(points, 'max'),
  }));
}

function ask<Answer>(control: ControlClient, query: ValuesQuery, isAggregated: boolean): Promise<Answer> {
  return control.json({
    method: 'GET',
    path: '/metrics',
    query: {
      runs: JSON.stringify(query.runIds),
      metrics: JSON.stringify(query.metrics),
      xaxis: query.xAxis ?? 'step',
      aggregate: isAggregated ? 'True' : 'False',
      max_points: query.maxPoints?.toString(),
    },
  });
}

function column(points: readonly Point[], key: string): Float64Array {
  return Float64Array.from(points, (point) => {
    const value = point[key] ?? Number.NaN;
    if (key !== 'timestamp' || typeof value === 'number') return Number(value);
    return Number(timestampToUnixNano(value) / 1000n) / 1e6;
  });
}
