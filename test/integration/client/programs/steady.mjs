// Logs POINTS_PER_SECOND numbered points for SECONDS and says each second how much memory it holds; ends with its counters.
import { setTimeout as sleep } from 'node:timers/promises';
import { Run } from 'simvue-otel';

const [seconds, pointsPerSecond] = [Number(process.env.SECONDS), Number(process.env.POINTS_PER_SECOND)];
const run = new Run({ suppressErrors: false });
await run.init({ id: process.env.RUN_ID, name: 'steady', timeout: null });
const start = performance.now();
let told = 0;
for (let i = 0; i < seconds * pointsPerSecond; ) {
  const elapsedSeconds = (performance.now() - start) / 1000;
  for (; i < Math.min(seconds, elapsedSeconds) * pointsPerSecond; i++) run.logMetrics({ x: i });
  if (elapsedSeconds >= told + 1) console.log(`rss ${process.memoryUsage().rss}`, ++told);
  await sleep(5);
}
run.logEvent('the last line');
await run.close({ timeoutMs: 60_000 });
console.log(JSON.stringify(run.counters));
