import { readFile } from 'node:fs/promises';
import { parquetMetadata } from 'hyparquet';
import { expect, test } from 'vitest';
import { CollectorProcess } from '../support/collector-process.ts';
import { LoadProcess } from '../support/load/load-process.ts';
import { loadRunId } from '../support/load/load-values.ts';

const RUNS = 100;
const METRICS = 100;
const STEPS_A_REQUEST = 10;
const REQUESTS = 100;
const MAX_GROWTH_BYTES = 400 * 1024 ** 2;

/** The most memory that a process has had, bytes. */
async function peakBytes(pid: number): Promise<number> {
  const [, kibibytes] = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}

test('story 10: ten million points of 100 runs are one file with each of them, and the collector stays small', async () => {
  await using collector = await CollectorProcess.start();
  const load = { prefix: 'story10', runs: RUNS, metrics: METRICS, connections: 1, steps: STEPS_A_REQUEST };
  const report = await new LoadProcess(`${collector.url}/v1/metrics`, {
    ...load,
    requests: REQUESTS,
    seconds: 3600,
  }).report();
  expect(report.acknowledgedPoints).toBe(RUNS * METRICS * STEPS_A_REQUEST * REQUESTS);
  const before = await peakBytes(collector.pid);
  const runs = JSON.stringify(Array.from({ length: RUNS }, (_, run) => loadRunId(load.prefix, run)));
  const answer = await fetch(`${collector.url}/api/points?${new URLSearchParams({ runs, format: 'parquet' })}`);
  expect(answer.status, answer.ok ? '' : await answer.text()).toBe(200);
  const { num_rows, row_groups } = parquetMetadata(await answer.arrayBuffer());
  expect(Number(num_rows)).toBe(report.acknowledgedPoints);
  expect(row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0)).toBe(report.acknowledgedPoints);
  expect((await peakBytes(collector.pid)) - before).toBeLessThan(MAX_GROWTH_BYTES);
});
