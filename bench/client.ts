/**
 * What the client costs beside its calls: its import, its memory while the collector is down, its end when nobody answers.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Run } from 'simvue-otel';
import { inRepository } from '../test/support/repository.ts';
import { atMost, isShort, median, printRows, stated } from './bench-report.ts';

/** A call a second for ten hours is 36,000 calls; here they are made as fast as they come, with 20 values each. */
const CALLS = isShort ? 36_000 : 360_000;
const IMPORTS = isShort ? 3 : 11;
const CLOSE_TIMEOUT_MILLIS = 1000;
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
const down = await whileDown();
printRows(
  [
    atMost('import of simvue-otel, over that of the OpenTelemetry SDK alone', ownMillis / sdkMillis, 1.5, 'times', 2),
    atMost(
      `growth of resident memory over ${(CALLS * 20).toLocaleString('en')} points with the collector down`,
      down.growthMebibytes,
      64,
      'MiB',
    ),
    atMost(
      'close() beyond its deadline with the collector down',
      down.closeMillis - CLOSE_TIMEOUT_MILLIS,
      500,
      'ms',
      0,
    ),
    stated('import of simvue-otel', ownMillis, 'ms', 0),
  ],
  { bareMillis, ownMillis, sdkMillis, ...down },
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

async function whileDown(): Promise<{ growthMebibytes: number; closeMillis: number }> {
  const spoolDirectory = mkdtempSync(join(tmpdir(), 'simvue-bench-'));
  const run = new Run({ url: 'http://127.0.0.1:9', spoolDirectory, disableResourcesMetrics: true });
  await run.init();
  const log = async (calls: number) => {
    for (let i = 0; i < calls; i++) {
      run.logMetrics(Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`loss.${n}`, i + n])));
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await log(CALLS / 10);
  const before = process.memoryUsage().rss;
  await log(CALLS);
  const growthMebibytes = (process.memoryUsage().rss - before) / MEBIBYTE;
  const start = performance.now();
  await run.close({ timeoutMs: CLOSE_TIMEOUT_MILLIS });
  const closeMillis = performance.now() - start;
  rmSync(spoolDirectory, { recursive: true });
  return { growthMebibytes, closeMillis };
}
