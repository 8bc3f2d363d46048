import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Run } from 'simvue-otel';

// argv[2]: a file for the pid of what the program of the run has started.
const run = new Run({ disableResourcesMetrics: true, disableProvenance: true });
await run.init({ name: 'crashing' });
void run.addProcess('tree', { executable: 'sh', args: ['-c', `sleep 1000 & echo $! > '${process.argv[2]}'; wait`] });
while (!existsSync(process.argv[2])) await sleep(10);
throw new Error('diverged');
