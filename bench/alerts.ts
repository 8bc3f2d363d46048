import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CollectorProcess } from '../test/support/collector-process.ts';
import { LoadProcess } from '../test/support/load/load-process.ts';
import { loadMetricName } from '../test/support/load/load-values.ts';
import { HttpReceiver } from '../test/support/message-receivers.ts';
import { OtlpRun } from '../test/support/otlp-run.ts';
import { atMost, type BenchRow, isShort, median, printRows } from './bench-report.ts';

const RULES = isShort ? 50 : 500;
const RUNS = 20;
const RESTART_RUNS = isShort ? 20 : 200;
const SECONDS = isShort ? 3 : 15;
const ROUNDS = isShort ? 1 : 3;
const RATE = isShort ? 20_000 : 200_000;
const PROBES = isShort ? 10 : 200;
const SHAPE = { prefix: 'alerts', runs: RUNS, metrics: RULES, steps: 20, connections: 4, seconds: SECONDS };
const ARGS = ['--max-new-runs', '1000000'];

/** One rule a metric of the load: as many active rules as there are series. */
function alertsFile(webUrl: string): string {
  const rules = Array.from({ length: RULES }, (_, index) => ({
    name: `rule ${index}`,
    source: 'metrics',
    alert: { rule: 'is above', metric: loadMetricName(index), threshold: 1e9, window: 2, frequency: 1 },
    runs: { folder: '/load/*' },
  }));
  const channels = { hook: { type: 'webhook', url: webUrl } };
  return JSON.stringify({ allow_private_ranges: ['127.0.0.0/8'], channels, rules });
}

await using web = await HttpReceiver.start();
const directory = await mkdtemp(join(tmpdir(), 'simvue-bench-alerts-'));
const file = join(directory, 'alerts.yaml');
await writeFile(file, alertsFile(web.url));
const withRules = [...ARGS, '--alerts', file];
const rates: { plain: number; ruled: number }[] = [];
for (let round = 0; round < ROUNDS; round++) {
  rates.push({ plain: await ingestRate(ARGS), ruled: await ingestRate(withRules) });
}
const share = median(rates.map(({ plain, ruled }) => (100 * ruled) / plain));
const latencies = await webhookMillis();
const restart = await restartMillis();
await rm(directory, { recursive: true });
printRows(
  [
    atLeast(`ingest rate with ${RULES * RUNS} rules, of that without`, share, 80, '%'),
    atMost(
      `event that fires, sent -> webhook posted, p99, at ${RATE} points/s and ${RULES * RUNS} rules`,
      latencies.p99,
      100,
      'ms',
    ),
    atMost(`restart with ${RULES * RESTART_RUNS} rule states, more than without`, restart, 2000, 'ms', 0),
  ],
  { rates, latencies },
);

function atLeast(what: string, value: number, least: number, unit: string): BenchRow {
  return {
    ...atMost(what, value, Number.POSITIVE_INFINITY, unit),
    mustReach: `>= ${least} ${unit}`,
    reached: value >= least,
  };
}

async function ingestRate(args: readonly string[]): Promise<number> {
  await using collector = await CollectorProcess.start({ args });
  await warmUp(collector);
  const report = await new LoadProcess(`${collector.url}/v1/metrics`, SHAPE).report();
  return report.pointsPerSecond;
}

/** Makes the runs of the load, and attaches their rules. */
async function warmUp(collector: CollectorProcess): Promise<void> {
  await new LoadProcess(`${collector.url}/v1/metrics`, { ...SHAPE, steps: 1, seconds: 2, rate: 50_000 }).report();
}

/** Events of runs of their own, while the load passes by. */
async function webhookMillis(): Promise<{ p50: number; p99: number }> {
  await using collector = await CollectorProcess.start({ args: withRules });
  await warmUp(collector);
  const load = new LoadProcess(`${collector.url}/v1/metrics`, { ...SHAPE, seconds: SECONDS * 3, rate: RATE });
  await sleep(2000);
  const millis: number[] = [];
  for (let probe = 0; probe < PROBES; probe++) {
    const run = new OtlpRun(collector.url, `probe${String(probe).padStart(17, '0')}`, Date.now());
    await run.start();
    await run.control('simvue.alert.define', {
      'simvue.alert.name': 'probe',
      'simvue.alert.source': 'events',
      'simvue.alert.pattern': 'diverged',
      'simvue.alert.notification': ['hook'],
    });
    const posted = new Promise<number>((resolve) => {
      web.beforeAnswer = () => resolve(performance.now());
    });
    const sentAt = performance.now();
    await run.event('the solver diverged', 0);
    millis.push((await posted) - sentAt);
  }
  await load.report();
  millis.sort((a, b) => a - b);
  return { p50: median(millis), p99: millis[Math.floor(millis.length * 0.99)] ?? Number.NaN };
}

async function restartMillis(): Promise<number> {
  const timed = async (args: readonly string[]): Promise<number> => {
    await using collector = await CollectorProcess.start({ args });
    await new LoadProcess(`${collector.url}/v1/metrics`, {
      ...SHAPE,
      runs: RESTART_RUNS,
      steps: 1,
      seconds: 4,
    }).report();
    await collector.stop();
    const startedAt = performance.now();
    await collector.restart();
    return performance.now() - startedAt;
  };
  return (await timed(withRules)) - (await timed(ARGS));
}
