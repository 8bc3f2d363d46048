// Numbers its points, and ends in the way that its argument names.
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { Run } from 'simvue-otel';

const POINTS = 2000;
const way = isMainThread ? process.argv[2] : workerData;

const ways = {
  close: (run) => run.close({ timeoutMs: 3000 }),
  'natural end': () => undefined,
  throw: () => {
    throw new RangeError('thrown');
  },
  'unhandled rejection': () => void Promise.reject(new RangeError('thrown')),
  'process.exit(1)': () => process.exit(1),
  SIGTERM: () => process.kill(process.pid, 'SIGTERM'),
  SIGINT: () => process.kill(process.pid, 'SIGINT'),
  SIGKILL: () => process.kill(process.pid, 'SIGKILL'),
  'crash of the worker thread that writes': () => {
    throw new RangeError('thrown');
  },
};

if (isMainThread && way.includes('worker')) {
  const worker = new Worker(new URL(import.meta.url), { workerData: way });
  worker.on('error', (error) => console.error(`worker: ${error.message}`));
} else {
  const run = new Run({ disableResourcesMetrics: true, ...JSON.parse(process.env.RUN_CONFIG ?? '{}') });
  await run.init({ name: 'numbered', id: process.env.RUN_ID, timeout: Number(process.env.RUN_TIMEOUT ?? 3) });
  for (let i = 0; i < POINTS; i++) {
    run.logMetrics({ x: i });
    if (i === POINTS / 2) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  run.logEvent('the last line');
  if (process.env.RUN_SAVES !== undefined) {
    void run.saveObject(new Float64Array(500_000), 'output', { name: 'state' });
    void run.saveFile(fileURLToPath(import.meta.url), 'code');
  }
  ways[way](run);
  if (way.startsWith('SIG')) setInterval(() => undefined, 1000);
}
