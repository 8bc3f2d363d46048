import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Run } from 'simvue-otel';
import { CollectorProcess } from '../test/support/collector-process.ts';
import { atMost, isShort, median, printRows } from './bench-report.ts';

const POINTS = isShort ? 200_000 : 1_000_000;
/** Calls in one turn of the event loop: a simulation step logs a few values, so this is already a burst. */
const CALLS_PER_TURN = 500;

await using collector = await CollectorProcess.start();
process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector.url;
const run = new Run();
await run.init({ name: 'log-metrics', folder: '/bench' });
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const microseconds: number[] = [];
for (let step = 0; step < POINTS; step += CALLS_PER_TURN) {
  const start = performance.now();
  for (let i = 0; i < CALLS_PER_TURN; i++) run.logMetrics({ loss: Math.sqrt(step + i) }, { step: step + i });
  microseconds.push(((performance.now() - start) * 1000) / CALLS_PER_TURN);
  await nextTurn();
}
await run.close({ timeoutMs: 120_000 });
delay.disable();

const [stored] = (await collector.rest.runs()).data;
const { metrics } = await collector.rest.run(stored?.id ?? '');
const count = metrics['loss']?.count ?? 0;
printRows([
  atMost('logMetrics, one value, in memory, per call', median(microseconds), 2, 'us', 2),
  atMost(
    `event loop delay at its longest while sending ${POINTS.toLocaleString('en')} points`,
    delay.max / 1e6,
    20,
    'ms',
  ),
  {
    what: '— points stored of those logged',
    mustReach: 'all',
    measured: `${count.toLocaleString('en')} of ${POINTS.toLocaleString('en')}`,
    peer: '',
    ratio: '',
    reached: count === POINTS,
  },
]);
