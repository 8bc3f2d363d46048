/**
 * What the client costs beside its calls: its import, its memory while the collector comes and goes, its end when nobody answers.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Run } from 'simvue-otel';
import { TestProcess } from '../test/support/child-process.ts';
import { compiledTool, inRepository } from '../test/support/repository.ts';
import { atMost, isShort, median, printRows, stated } from './bench-report.ts';

/** A call a second for ten hours is 36,000 calls; here they are made as fast as they come, with 20 values each. */
const CALLS = isShort ? 36_000 : 360_000;
const IMPORTS = isShort ? 3 : 11;
const CLOSE_TIMEOUT_MILLIS = 1000;
/** Longer than the longest pause of a sender. */
const DRAIN_TIMEOUT_MILLIS = 60_000;
const HOURS = 10;
const MEBIBYTE = 1 << 20;

const OTEL_SDK = [
  '@opentelemetry/sdk-metrics',
  '@opentelemetry/sdk-logs',
  '@opentelemetry/exporter-metrics-otlp-proto',
  '@opentelemetry/exporter-logs-otlp-proto',
];

const bareMillis = importMillis([]);
const ownMillis = importMillis(['simvue-otel']) - bareMillis;
const sdkMillis = importMillis(OTEL_SDK) - bareMillis;
const job = await tenHours();
printRows(
  [
    atMost('import of simvue-otel, over that of the OpenTelemetry SDK alone', ownMillis / sdkMillis, 1.5, 'times', 2),
    atMost(
      `growth of resident memory over ten hours (${(CALLS * 20).toLocaleString('en')} points) with the collector down every other hour`,
      job.growthMebibytes,
      64,
      'MiB',
    ),
    atMost('points not delivered at the end of an hour in which the collector was up', job.undelivered, 0, 'points', 0),
    atMost('close() beyond its deadline with the collector down', job.closeMillis - CLOSE_TIMEOUT_MILLIS, 500, 'ms', 0),
    stated('import of simvue-otel', ownMillis, 'ms', 0),
  ],
  { bareMillis, ownMillis, sdkMillis, ...job },
);

function importMillis(packages: readonly string[]): number {
  const code = packages.map((name) => `await import('${name}');`).join('');
  const turns = Array.from({ length: IMPORTS }, () => {
    const start = performance.now();
    execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: inRepository() });
    return performance.now() - start;
  });
  return median(turns);
}

/** Ten hours of which the collector is down every other one, on a clock that is faster than the wall's: what is left is sent when it is back. */
async function tenHours(): Promise<{ growthMebibytes: number; closeMillis: number; undelivered: number }> {
  const spoolDirectory = mkdtempSync(join(tmpdir(), 'simvue-bench-'));
  const { port, stop } = await startSink('0');
  let stopSink: (() => Promise<unknown>) | undefined = stop;
  const run = new Run({ url: `http://127.0.0.1:${port}`, spoolDirectory, disableResourcesMetrics: true });
  await run.init();
  const log = async (calls: number) => {
    for (let i = 0; i < calls; i++) {
      run.logMetrics(Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`loss.${n}`, i + n])));
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await log(CALLS / HOURS);
  await delivered(run);
  const before = process.memoryUsage().rss;
  let most = before;
  let undelivered = 0;
  for (let hour = 0; hour < HOURS; hour++) {
    const isDown = hour % 2 === 0;
    if (isDown) await stopSink?.();
    stopSink = isDown ? undefined : (await startSink(port)).stop;
    await log(CALLS / HOURS);
    if (!isDown) undelivered += await delivered(run);
    most = Math.max(most, process.memoryUsage().rss);
  }
  await stopSink?.();
  await log(CALLS / HOURS);
  const start = performance.now();
  await run.close({ timeoutMs: CLOSE_TIMEOUT_MILLIS });
  const closeMillis = performance.now() - start;
  rmSync(spoolDirectory, { recursive: true });
  return { growthMebibytes: (most - before) / MEBIBYTE, closeMillis, undelivered };
}

async function startSink(port: string) {
  const sink = new TestProcess(process.execPath, [compiledTool('bench/sink.ts'), port]);
  const [, own = ''] = await sink.waitForOutput(/listening on http:\/\/127\.0\.0\.1:(\d+)/);
  return { port: own, stop: () => sink.end('SIGKILL') };
}

/** Waits for the sender, which looks again within its longest pause. @returns points that it has not sent. */
async function delivered(run: Run): Promise<number> {
  const deadline = performance.now() + DRAIN_TIMEOUT_MILLIS;
  while (run.counters.pendingPoints > 0 && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return run.counters.pendingPoints;
}
