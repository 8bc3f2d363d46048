// Two copies of the package, as two dependencies of a program bring them, have a run each when a signal comes.
import { Run } from 'simvue-otel';

const copy = await import(process.argv[2]);
const runs = [new Run({ disableResourcesMetrics: true }), new copy.Run({ disableResourcesMetrics: true })];
for (const run of runs) await run.init();
for (const run of runs) run.logMetrics({ x: 1 });
setInterval(() => undefined, 1000);
process.kill(process.pid, 'SIGTERM');
