import { CollectorProcess } from '../test/support/collector-process.ts';
import { LoadProcess } from '../test/support/load/load-process.ts';
import { loadRunId } from '../test/support/load/load-values.ts';
import { atMost, isShort, median, printRows } from './bench-report.ts';
import { postRuns, tagOf } from './many-runs.ts';

const CHART_POINTS = isShort ? 200_000 : 1_000_000;
const CHART_REQUEST_POINTS = 5000;
const RUNS = isShort ? 5000 : 100_000;
const REPEATS = 50;

printRows([
  atMost(
    `${CHART_POINTS.toLocaleString('en')} points of one series as a 1,000-bucket chart, HTTP included`,
    await chartMillis(),
    10,
    'ms',
    2,
  ),
  atMost(
    `runs list, 50 of ${RUNS.toLocaleString('en')}, filtered by tag and status, HTTP included`,
    await runsListMillis(),
    5,
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

async function runsListMillis(): Promise<number> {
  await using collector = await CollectorProcess.start({ args: ['--max-new-runs', '1000000'] });
  await postRuns(collector.url, RUNS);
  return await medianMillis(async () => {
    const filters = [`has tag.${tagOf(8)}`, 'status == completed'];
    const { count, data } = await collector.rest.runs({ count: 50, filters });
    if (count === 0 || data.length !== Math.min(50, count))
      throw new Error(`the list has ${data.length} of ${count} runs`);
  });
}

async function medianMillis(work: () => Promise<void>): Promise<number> {
  const millis: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now();
    await work();
    millis.push(performance.now() - start);
  }
  return median(millis);
}
