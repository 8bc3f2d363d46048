import { CollectorProcess } from '../test/support/collector-process.ts';
import { LoadProcess } from '../test/support/load/load-process.ts';
import { loadRunId } from '../test/support/load/load-values.ts';
import { atMost, isShort, medianMillis, printRows } from './bench-report.ts';

const CHART_POINTS = isShort ? 200_000 : 1_000_000;
const CHART_REQUEST_POINTS = 5000;
const VIEW_METRICS = isShort ? 500 : 5000;
const VIEW_POINTS = 200;

const MILLION = `${CHART_POINTS.toLocaleString('en')} points of one series`;

printRows([
  ...(await longSeriesRows()),
  atMost(
    `a run with ${VIEW_METRICS.toLocaleString('en')} metrics of ${VIEW_POINTS} points, HTTP included`,
    await runViewMillis(),
    10,
    'ms',
    2,
  ),
]);

async function longSeriesRows() {
  await using collector = await CollectorProcess.start();
  const report = await new LoadProcess(`${collector.url}/v1/metrics`, {
    prefix: 'chart',
    runs: 1,
    metrics: 1,
    connections: 1,
    steps: CHART_REQUEST_POINTS,
    requests: CHART_POINTS / CHART_REQUEST_POINTS,
    seconds: 600,
  }).report();
  const runId = loadRunId(report.prefix, 0);
  const seriesId = (await collector.rest.series(runId)).data[0]?.id ?? -1;
  const chart = await medianMillis(async () => {
    const [plot] = (await collector.rest.plot(runId, seriesId, 1000)).data;
    if (plot?.total !== CHART_POINTS) throw new Error(`the chart has ${plot?.total} points`);
  });
  return [
    atMost(`${MILLION} as a 1,000-bucket chart, HTTP included`, chart, 10, 'ms', 2),
    atMost(`${MILLION} as a file of Parquet, every point`, await exportSeconds(collector, runId, 'parquet'), 5, 's', 2),
    atMost(`${MILLION} as a file of CSV, every point`, await exportSeconds(collector, runId, 'csv'), 5, 's', 2),
  ];
}

async function exportSeconds(collector: CollectorProcess, runId: string, format: string): Promise<number> {
  const url = `${collector.url}/api/points?runs=["${runId}"]&format=${format}`;
  const startedAt = performance.now();
  const answer = await fetch(url);
  for await (const _ of answer.body ?? []);
  return (performance.now() - startedAt) / 1000;
}

async function runViewMillis(): Promise<number> {
  await using collector = await CollectorProcess.start();
  const report = await new LoadProcess(`${collector.url}/v1/metrics`, {
    prefix: 'view',
    runs: 1,
    metrics: VIEW_METRICS,
    connections: 1,
    steps: 1,
    requests: VIEW_POINTS,
    seconds: 600,
  }).report();
  const url = `${collector.url}/api/runs/${loadRunId(report.prefix, 0)}`;
  let text = '';
  const millis = await medianMillis(async () => {
    text = await (await fetch(url)).text();
  });
  const { metrics } = JSON.parse(text) as { metrics: Record<string, { count: number }> };
  const counts = Object.values(metrics).map(({ count }) => count);
  if (counts.length !== VIEW_METRICS || counts.some((count) => count !== VIEW_POINTS))
    throw new Error(`the run has ${counts.length} metrics with ${counts[0]} points each`);
  return millis;
}
