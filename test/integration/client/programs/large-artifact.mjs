// Saves a file that is too large to be copied, and dies while it is sent.
import { Run } from 'simvue-otel';

const run = new Run({ disableResourcesMetrics: true });
await run.init({ name: 'large', id: process.env.RUN_ID });
void run.saveFile(process.argv[2], 'output', { onProgress: () => process.kill(process.pid, 'SIGKILL') });
