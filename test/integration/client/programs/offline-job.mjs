// An offline job: logs a point each millisecond, and goes on, when a path is given, until there is such a file.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Run } from 'simvue-otel';

const [id, points, until] = process.argv.slice(2);
const run = new Run({ mode: 'offline', disableResourcesMetrics: true, suppressErrors: false });
await run.init({ id, name: 'offline-job', folder: '/offline', tags: ['night'], metadata: { mesh: 'fine' } });
console.log('started');
for (let i = 0; i < Number(points); i++) {
  run.logMetrics({ x: i });
  if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}
while (until !== undefined && !existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 20));
run.logEvent('the last line');
await run.saveFile(fileURLToPath(import.meta.url), 'code');
await run.saveObject({ answer: 42 }, 'output', { name: 'result' });
if (!(await run.close())) throw new Error('an offline run waits for nobody');
