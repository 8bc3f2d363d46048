// Logs a point each millisecond; while the disk is full, points are dropped. Ends when they are taken again, or as its argument says when they are not.
import { Run } from 'simvue-otel';

const [id, way] = process.argv.slice(2);
const run = new Run({ mode: 'offline', disableResourcesMetrics: true, disableProvenance: true });
await run.init({ id, name: 'full-for-a-while' });
console.log('started');
const taken = [];
let isFull = false;
for (let i = 0; !isFull || taken.at(-1) !== i - 1; i++) {
  if (run.logMetrics({ x: i })) taken.push(i);
  else if (!isFull) {
    isFull = true;
    // The last page of its file may have room yet.
    while (run.logEvent('filler'));
    console.log('full');
    if (way === 'throw') throw new RangeError('thrown');
    if (way === 'process.exit(1)') process.exit(1);
    if (way === 'SIGTERM') process.kill(process.pid, 'SIGTERM');
  }
  await new Promise((resolve) => setTimeout(resolve, 1));
}
run.logMetrics({ after: 1 });
run.logEvent('the last line');
await run.close();
console.log(JSON.stringify({ taken, ...run.counters }));
