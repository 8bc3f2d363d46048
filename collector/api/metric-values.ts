import { setImmediate } from 'node:timers/promises';
import { formatTimestamp } from 'simvue-otel/time';
import type { Principal } from '../pipeline/principal.ts';
import { canRead } from '../pipeline/visibility.ts';
import type { RunRow } from '../store/catalog-store.ts';
import { seriesByName } from '../store/series-by-name.ts';
import type { Axis, PlotSeries, SeriesSummary } from '../store/telemetry-store.ts';
import type { ApiContext } from './api-context.ts';
import {
  CELL_WIDTH,
  type Columns,
  joinCells,
  mergeColumns,
  POINT_WIDTH,
  thinPoints,
  toCells,
  toPoints,
} from './point-columns.ts';
import { runOrigin } from './views.ts';

/** What `GET /api/metrics` asks for. */
export interface MetricValuesQuery {
  readonly runIds: readonly string[];
  /** Display names; undefined = all. */
  readonly metrics: readonly string[] | undefined;
  readonly axis: Axis;
  /** One answer over all runs instead of one a run. */
  readonly aggregate: boolean;
  /** Running totals of delta sums. */
  readonly totals: boolean;
  /** At the most this many points a metric (and run); fewer points come as they are. */
  readonly maxPoints: number | undefined;
}

interface RunSeries {
  readonly run: RunRow;
  readonly series: ReadonlyMap<string, readonly SeriesSummary[]>;
}

/** Rows in one piece of text: small enough that other requests get their turn. */
const ROWS_PER_PIECE = 8192;
/** Runs whose points are read together for an aggregate. */
const RUNS_A_STEP = 16;

/**
 * Writes metric values as Simvue's clients read them, piece by piece; only one metric of one run is in memory at a time.
 *
 * A single run: `{run: {metric: [{axis: x, value}]}}`; aggregated: `{metric: [{axis: x, average, min, max}]}`. x ascends; what has no
 * data (unknown runs, those of others, and unknown metrics too) is left out. Values that are not finite are bare `NaN`, `Infinity`, `-Infinity`, as Python
 * writes and reads them.
 */
export async function* metricValuesJson(
  context: ApiContext,
  principal: Principal,
  query: MetricValuesQuery,
): AsyncGenerator<string> {
  // Nothing is written before the first read: a store that fails at once is a 503.
  if (query.aggregate) {
    const runs: RunSeries[] = [];
    for await (const run of readableRuns(context, principal, query)) runs.push(run);
    yield '{';
    yield* metricsJson(context, query, runs);
    yield '}';
    return;
  }
  let opening = '{';
  for await (const entry of readableRuns(context, principal, query)) {
    yield `${opening}${JSON.stringify(entry.run.id)}:{`;
    yield* metricsJson(context, query, [entry]);
    yield '}';
    opening = ',';
  }
  yield opening === '{' ? '{}' : '}';
}

/** The runs that have any of the metrics, with these metrics only. */
async function* readableRuns(
  { catalog, telemetry }: ApiContext,
  principal: Principal,
  { runIds, metrics }: MetricValuesQuery,
): AsyncGenerator<RunSeries> {
  for (const id of runIds) {
    const run = await catalog.getRun(id);
    if (run === undefined || !canRead(principal, run)) continue;
    const all = seriesByName(await telemetry.summaries(id));
    const series = new Map(Array.from(metrics ?? all.keys(), (name) => [name, all.get(name) ?? []] as const));
    for (const [name, summaries] of series) if (summaries.length === 0) series.delete(name);
    if (series.size > 0) yield { run, series };
  }
}

async function* metricsJson(
  context: ApiContext,
  query: MetricValuesQuery,
  runs: readonly RunSeries[],
): AsyncGenerator<string> {
  let separator = '';
  for (const name of new Set(runs.flatMap(({ series }) => [...series.keys()]))) {
    const columns = await (query.aggregate ? cellsOf : pointsOf)(context, query, runs, name);
    const rows = columns[0]?.length ?? 0;
    if (rows === 0) continue;
    yield `${separator}${JSON.stringify(name)}:[`;
    for (let row = 0; row < rows; row += ROWS_PER_PIECE) {
      yield rowsJson(columns, query, row, Math.min(row + ROWS_PER_PIECE, rows));
      await setImmediate();
    }
    yield ']';
    separator = ',';
  }
}

/** Cells of the metric in all runs; a few runs at a time, so that memory holds as many cells as there are different x. */
async function cellsOf(
  context: ApiContext,
  query: MetricValuesQuery,
  runs: readonly RunSeries[],
  name: string,
): Promise<Columns> {
  let cells: Columns = mergeColumns([], CELL_WIDTH);
  for (let first = 0; first < runs.length; first += RUNS_A_STEP) {
    const plots = await plotMetric(context, query, runs.slice(first, first + RUNS_A_STEP), name);
    cells = joinCells(mergeColumns([cells, ...plots.map(toCells)], CELL_WIDTH), undefined);
  }
  return joinCells(cells, query.maxPoints);
}

async function pointsOf(
  context: ApiContext,
  query: MetricValuesQuery,
  runs: readonly RunSeries[],
  name: string,
): Promise<Columns> {
  const plots = await plotMetric(context, query, runs, name);
  return thinPoints(mergeColumns(plots.map(toPoints), POINT_WIDTH), query.maxPoints ?? Number.POSITIVE_INFINITY);
}

/** All series of a metric; in buckets when they hold more points than asked for. */
async function plotMetric(
  { telemetry }: ApiContext,
  { axis, maxPoints, aggregate, totals }: MetricValuesQuery,
  runs: readonly RunSeries[],
  name: string,
): Promise<readonly PlotSeries[]> {
  const groups = runs.flatMap(({ run, series }) => {
    const summaries = series.get(name);
    return summaries === undefined ? [] : [{ run, summaries }];
  });
  const limit = aggregate
    ? maxPoints
    : bucketLimit(
        groups.flatMap(({ summaries }) => summaries),
        maxPoints,
      );
  const plots = groups.map(({ run, summaries }) =>
    telemetry.plot({
      runId: run.id,
      seriesIds: summaries.map(({ series }) => series.id),
      axis,
      originUnixNano: runOrigin(run),
      maxPoints: limit,
      totals,
    }),
  );
  return (await Promise.all(plots)).flat();
}

/** Buckets a series, two points each (its extremes); undefined when all points of all instances together fit. */
function bucketLimit(summaries: readonly SeriesSummary[], maxPoints: number | undefined): number | undefined {
  const total = summaries.reduce((sum, { count }) => sum + count, 0);
  if (maxPoints === undefined || total <= maxPoints) return undefined;
  return Math.max(1, Math.floor(maxPoints / (summaries.length * 2)));
}

function rowsJson(columns: Columns, { axis, aggregate }: MetricValuesQuery, from: number, to: number): string {
  const [x, value, finite, min, max] = columns as [Float64Array, ...Float64Array[]];
  const key = `{"${axis}":`;
  let text = '';
  for (let row = from; row < to; row++) {
    text += `${row === 0 ? '' : ','}${key}${axisText(axis, x[row] as number)},`;
    if (aggregate) {
      const average = (value?.[row] as number) / (finite?.[row] as number);
      text += `"average":${average},"min":${min?.[row]},"max":${max?.[row]}}`;
    } else text += `"value":${value?.[row]}}`;
  }
  return text;
}

/** Steps and seconds are numbers; a timestamp is text, to the microsecond. */
function axisText(axis: Axis, x: number): string {
  return axis === 'timestamp' ? `"${formatTimestamp(BigInt(Math.round(x * 1e6)) * 1000n)}"` : String(x);
}
