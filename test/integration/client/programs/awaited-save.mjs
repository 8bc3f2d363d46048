// Awaits what keeps no process alive, and goes on.
import { fileURLToPath } from 'node:url';
import { Run } from 'simvue-otel';

const run = new Run({ disableResourcesMetrics: true });
await run.init({ id: process.env.RUN_ID });
for (const name of ['one', 'two']) {
  await run.saveFile(fileURLToPath(import.meta.url), 'code', { name });
  run.logMetrics({ saved: 1 });
}
