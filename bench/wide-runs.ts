import { generateLoad } from '../test/support/load/load.ts';
import { loadRunId } from '../test/support/load/load-values.ts';
import { postRuns } from './many-runs.ts';

const KEYS = 200;
const METRICS = 100;
const STEPS = 20;
const RUNS_PER_REQUEST = 50;

const prefixOf = (runIndex: number): string => `wide${Math.floor(runIndex / RUNS_PER_REQUEST)}`;
const idOf = (runIndex: number): string => loadRunId(prefixOf(runIndex), runIndex % RUNS_PER_REQUEST);

/** Fills a collector with runs of 200 metadata keys (`key-0` …) and 100 metrics (`metric.0` …) of 20 points each. */
export async function postWideRuns(collectorUrl: string, runs: number): Promise<void> {
  await postRuns(collectorUrl, runs, { keys: KEYS, idOf });
  for (let first = 0; first < runs; first += RUNS_PER_REQUEST) {
    const { acknowledgedPoints } = await generateLoad({
      url: `${collectorUrl}/v1/metrics`,
      prefix: prefixOf(first),
      runs: RUNS_PER_REQUEST,
      metrics: METRICS,
      steps: STEPS,
      connections: 1,
      requests: 1,
      seconds: 60,
      rate: 0,
      gzip: false,
      graceSeconds: 60,
    });
    const points = RUNS_PER_REQUEST * METRICS * STEPS;
    if (acknowledgedPoints !== points) throw new Error(`${acknowledgedPoints} of ${points} points were stored`);
  }
}
