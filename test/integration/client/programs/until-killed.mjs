// Logs points until it is killed, and says after each hundred how many calls have returned.
import { writeSync } from 'node:fs';
import { Run } from 'simvue-otel';

const run = new Run({ disableResourcesMetrics: true, suppressErrors: false, ...JSON.parse(process.env.RUN_CONFIG) });
await run.init({ id: process.env.RUN_ID, name: 'until-killed' });
for (let i = 0; ; i++) {
  run.logMetrics({ x: i });
  if (i % 100 === 99) writeSync(1, `${i + 1}\n`);
  if (i % 1000 === 999) await new Promise((resolve) => setTimeout(resolve, 5));
}
