// From its first point on no file can be written: `limit` takes the room away, a full disk has none from the start.
import { execFileSync } from 'node:child_process';
import { Run } from 'simvue-otel';

const points = Number(process.env.POINTS ?? 2000);
const [id, mode, limit] = process.argv.slice(2);
const run = new Run({ mode, disableResourcesMetrics: true, disableProvenance: true });
await run.init({ id, name: 'full-disk' });
if (limit !== undefined) execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=0:']);
for (let i = 0; i < points; i++) {
  run.logMetrics({ x: i });
  if (i % 100 === 0) await new Promise(setImmediate);
}
run.logEvent('the last line');
void run.saveObject({ kept: true }, 'output', { name: 'state' });
const closed = await run.close();
console.log(JSON.stringify({ closed, ...run.counters }));
