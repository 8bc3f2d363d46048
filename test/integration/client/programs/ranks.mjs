// One run of many writers: worker threads that are told its id, and child processes that have it in their environment.
// The owner ends while members still write.
import { fork } from 'node:child_process';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { Run } from 'simvue-otel';

const POINTS = 2000;
const id = process.env.RUN_ID;
const rank = isMainThread ? Number(process.argv[2] ?? 0) : workerData;

const run = new Run({ disableResourcesMetrics: true, suppressErrors: false });
if (rank === 0) await run.init({ id, name: 'ranks', folder: '/mpi' });
else await run.init(isMainThread ? {} : { id, role: 'member' });
const children = rank === 0 ? startRanks() : [];
for (let i = 0; i < POINTS; i++) {
  run.logMetrics({ [`rank-${rank}`]: i, shared: rank * POINTS + i });
  if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
}
if (rank === 3) throw new RangeError('rank 3 is out');
if (rank === 4) process.kill(process.pid, 'SIGKILL');
if (rank === 0) await Promise.all(children);
await run.close();

function startRanks() {
  const file = new URL(import.meta.url);
  const workers = [1, 2, 3].map((workerData) => new Worker(file, { workerData }));
  for (const worker of workers) worker.on('error', () => undefined);
  const env = { ...process.env, SIMVUE_RUN_ID: id, SIMVUE_RUN_ROLE: 'member' };
  const processes = [4, 5, 6].map((number) => fork(file, [String(number)], { env }));
  return [...workers, ...processes].map((child) => new Promise((resolve) => child.once('exit', resolve)));
}
