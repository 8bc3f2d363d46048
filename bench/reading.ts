import { CollectorProcess } from '../test/support/collector-process.ts';
import { LoadProcess } from '../test/support/load/load-process.ts';
import { loadRunId } from '../test/support/load/load-values.ts';
import { atMost, isShort, medianMillis, printRows } from './bench-report.ts';

const CHART_POINTS = isShort ? 200_000 : 1_000_000;
const CHART_REQUEST_POINTS = 5000;
const VIEW_METRICS = isShort ? 500 : 5000;
const VIEW_POINTS = 200;

printRows([
  atMost(
    `${CHART_POINTS.toLocaleString('en')} points of one series as a 1,000-bucket chart, HTTP included`,
    await chartMillis(),
    10,
    'ms',
    2,
  ),
  atMost(
    `a run with ${VIEW_METRICS.toLocaleString('en')} metrics of ${VIEW_POINTS} points, HTTP included`,
    await runViewMillis(),
    10,
    'ms',
    2,
  ),
]);

async function chartMillis(): Promise<number> {
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
  return await medianMillis(async () => {
    const [chart] = (await collector.rest.plot(runId, seriesId, 1000)).data;
    if (chart?.total !== CHART_POINTS) throw new Error(`the chart has ${chart?.total} points`);
  });
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
