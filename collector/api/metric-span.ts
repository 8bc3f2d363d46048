import { formatTimestamp } from 'simvue-otel/time';
import type { RunRow } from '../store/catalog-store.ts';
import type { Axis, PlotSeries, SeriesSummary } from '../store/telemetry-store.ts';
import type { ApiContext } from './api-context.ts';
import type { SpanView } from './contract/grid.ts';
import { runOrigin } from './views.ts';

/** First and last x over the metrics of several runs, on each axis; null where there is no point. */
export async function metricSpan(context: ApiContext, runs: readonly RunRow[]): Promise<SpanView> {
  const [step, time] = [new Range<number>(), new Range<number>()];
  const timestamp = new Range<bigint>();
  for (const run of runs) {
    const summaries = (await context.telemetry.summaries(run.id)).filter(({ count }) => count > 0);
    for (const { firstTimeUnixNano, lastTimeUnixNano } of summaries)
      timestamp.take(firstTimeUnixNano, lastTimeUnixNano);
    await takeAxis(context, run, summaries, 'step', step);
    await takeAxis(context, run, summaries, 'time', time);
  }
  return {
    min_step: step.least,
    max_step: step.greatest,
    min_time: time.least,
    max_time: time.greatest,
    min_timestamp: timestamp.least === null ? null : formatTimestamp(timestamp.least),
    max_timestamp: timestamp.greatest === null ? null : formatTimestamp(timestamp.greatest),
  };
}

class Range<T extends number | bigint> {
  least: T | null = null;
  greatest: T | null = null;

  take(first: T, last: T): void {
    if (this.least === null || first < this.least) this.least = first;
    if (this.greatest === null || last > this.greatest) this.greatest = last;
  }
}

/** One bucket a series: the store answers it from the summaries of its chunks. */
async function takeAxis(
  { telemetry }: ApiContext,
  run: RunRow,
  summaries: readonly SeriesSummary[],
  axis: Axis,
  range: Range<number>,
): Promise<void> {
  const seriesIds = summaries.map(({ series }) => series.id);
  const plots = await telemetry.plot({ runId: run.id, seriesIds, axis, originUnixNano: runOrigin(run), maxPoints: 1 });
  for (const plot of plots) {
    const [first, last] = ends(plot);
    if (first !== undefined && last !== undefined) range.take(first, last);
  }
}

function ends(plot: PlotSeries): readonly [number | undefined, number | undefined] {
  return plot.kind === 'points' ? [plot.x[0], plot.x.at(-1)] : [plot.x0[0], plot.x1.at(-1)];
}
