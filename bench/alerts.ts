import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CollectorProcess } from '../test/support/collector-process.ts';
import { LoadProcess } from '../test/support/load/load-process.ts';
import { loadMetricName } from '../test/support/load/load-values.ts';
import { HttpReceiver } from '../test/support/message-receivers.ts';
import { OtlpRun } from '../test/support/otlp-run.ts';
import { atLeast, atMost, isShort, median, printRows } from './bench-report.ts';

const RULES = isShort ? 50 : 500;
const RUNS = 20;
const RESTART_RUNS = isShort ? 20 : 200;
const SECONDS = isShort ? 3 : 15;
const ROUNDS = isShort ? 1 : 3;
const RATE = isShort ? 20_000 : 200_000;
const PROBES = isShort ? 5 : 150;
const PROBE_MILLIS = 150;
const PROBE_DEADLINE_MILLIS = 30_000;
const EVENT_RULE = { 'simvue.alert.source': 'events', 'simvue.alert.pattern': 'diverged' };
const TICK_RULE = {
  'simvue.alert.source': 'metrics',
  'simvue.alert.rule': 'is above',
  'simvue.alert.metric': 'loss',
  'simvue.alert.threshold': 1,
};
/** Minutes between the evaluations of a rule, four times as often as the default: some fall into every measurement. */
const FREQUENCY = 0.25;
/** About wall time at the highest rate. */
const STEP_MICROS = 2_000;
const SHAPE = {
  prefix: 'alerts',
  runs: RUNS,
  metrics: RULES,
  steps: 20,
  stepMicros: STEP_MICROS,
  connections: 4,
  seconds: SECONDS,
};
const ARGS = ['--max-new-runs', '1000000'];

/** One rule a metric of the load: every point of it is one of a rule. */
function alertsFile(webUrl: string): string {
  const rules = Array.from({ length: RULES }, (_, index) => ({
    name: `rule ${index}`,
    source: 'metrics',
    alert: {
      rule: 'is above',
      metric: loadMetricName(index),
      threshold: 1e9,
      window: 2 * FREQUENCY,
      frequency: FREQUENCY,
    },
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
    atLeast(`ingest rate with ${RULES * RUNS} rules that name every point, of that without`, share, 80, '%'),
    ...Object.entries(latencies).map(([what, { p99 }]) =>
      atMost(`${what}, sent -> webhook posted, p99, at ${RATE} points/s of ${RULES * RUNS} rules`, p99, 100, 'ms'),
    ),
    atMost(`restart with ${RULES * RESTART_RUNS} rule states, more than without`, restart, 2000, 'ms', 0),
  ],
  { rates, latencies },
);

async function ingestRate(args: readonly string[]): Promise<number> {
  await using collector = await CollectorProcess.start({ args });
  await warmUp(collector);
  const report = await new LoadProcess(`${collector.url}/v1/metrics`, SHAPE).report();
  if (args === withRules) await checkStates(collector);
  return report.pointsPerSecond;
}

/** Makes the runs of the load, and attaches their rules. */
async function warmUp(collector: CollectorProcess): Promise<void> {
  await new LoadProcess(`${collector.url}/v1/metrics`, { ...SHAPE, steps: 1, seconds: 2, rate: 50_000 }).report();
}

/** @throws Error when not every series is watched: then something else was measured. */
async function checkStates(collector: CollectorProcess): Promise<void> {
  const text = await (await fetch(`${collector.url}/metrics`)).text();
  const states = Number(/^simvue_collector_alert_states (\d+)/m.exec(text)?.[1]);
  if (states !== RULES * RUNS) throw new Error(`${states} states of rules, not ${RULES * RUNS}`);
}

interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Runs of their own that fire, in turn by an event and by the point that completes a tick, while the load passes by. */
async function webhookMillis(): Promise<Readonly<Record<string, Latency>>> {
  await using collector = await CollectorProcess.start({ args: withRules });
  await warmUp(collector);
  const stepMicros = (1e6 * RULES * RUNS) / RATE;
  const shape = { ...SHAPE, stepMicros, seconds: SECONDS * 3, rate: RATE };
  const load = new LoadProcess(`${collector.url}/v1/metrics`, shape);
  await sleep(2000);
  const [events, ticks]: [number[], number[]] = [[], []];
  for (let probe = 0; probe < PROBES; probe++) {
    events.push(
      await probeMillis(collector, `event${probe}`, EVENT_RULE, (run) => run.event('the solver diverged', 0)),
    );
    ticks.push(await probeMillis(collector, `tick${probe}`, TICK_RULE, (run) => run.points('loss', [[60, 9]])));
    await sleep(PROBE_MILLIS);
  }
  await load.report();
  return { 'matching event': latencyOf(events), 'point that completes a tick': latencyOf(ticks) };
}

async function probeMillis(
  collector: CollectorProcess,
  name: string,
  rule: Readonly<Record<string, string | number>>,
  fire: (run: OtlpRun) => Promise<void>,
): Promise<number> {
  const run = new OtlpRun(collector.url, name.padEnd(22, 'x'), Date.now() - 120_000);
  await run.start();
  await run.control('simvue.alert.define', {
    ...rule,
    'simvue.alert.name': name,
    'simvue.alert.notification': ['hook'],
  });
  await run.points('loss', [[30, 9]]);
  const posted = new Promise<number>((resolve, reject) => {
    web.beforeAnswer = () => resolve(performance.now());
    setTimeout(
      () => reject(new Error(`${name} was not posted within ${PROBE_DEADLINE_MILLIS} ms`)),
      PROBE_DEADLINE_MILLIS,
    ).unref();
  });
  const sentAt = performance.now();
  await fire(run);
  return (await posted) - sentAt;
}

function latencyOf(millis: readonly number[]): Latency {
  const sorted = millis.toSorted((a, b) => a - b);
  return { p50: median(sorted), p99: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN };
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
