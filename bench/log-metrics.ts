/**
 * What `logMetrics` costs its caller, and how long the event loop is held while a million points are sent.
 *
 * The server is a thread of this process that takes everything and says 200.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Run } from 'simvue-otel';
import { atMost, isShort, printRows } from './bench-report.ts';

const POINTS = isShort ? 200_000 : 1_000_000;
const POINTS_PER_TURN = 1000;

if (isMainThread) await measure();
else serve();

function serve(): void {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end());
  });
  server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
}

async function measure(): Promise<void> {
  const server = new Worker(new URL(import.meta.url));
  const port = await new Promise<number>((resolve) => server.once('message', resolve));
  const config = { url: `http://127.0.0.1:${port}`, disableResourcesMetrics: true };
  await logMillion(config);
  const result = await logMillion(config);
  const points = POINTS.toLocaleString('en');
  printRows(
    [
      atMost('logMetrics, one value, in memory, per call', result.microsecondsPerCall, 2, 'us', 2),
      atMost(
        `event loop held at its longest while sending ${points} points`,
        result.longestEventLoopHoldMillis,
        20,
        'ms',
      ),
      {
        what: '— records dropped',
        mustReach: 'none',
        measured: String(result.dropped),
        peer: '',
        ratio: '',
        reached: result.dropped === 0 && result.delivered >= POINTS,
      },
    ],
    result,
  );
  await server.terminate();
}

async function logMillion(config: { url: string; disableResourcesMetrics: boolean }) {
  const run = new Run(config);
  await run.init();
  let callMillis = 0;
  let longestTurnMillis = 0;
  const start = performance.now();
  for (let turn = 0; turn < POINTS / POINTS_PER_TURN; turn++) {
    const begin = performance.now();
    for (let i = 0; i < POINTS_PER_TURN; i++) run.logMetrics({ loss: i * 0.5 });
    const logged = performance.now();
    await new Promise((resolve) => setImmediate(resolve));
    callMillis += logged - begin;
    longestTurnMillis = Math.max(longestTurnMillis, performance.now() - logged);
  }
  await run.close({ timeoutMs: 60_000 });
  return {
    delivered: run.counters.delivered,
    dropped: run.counters.dropped,
    microsecondsPerCall: Number(((callMillis * 1000) / POINTS).toFixed(3)),
    longestEventLoopHoldMillis: Number(longestTurnMillis.toFixed(1)),
    totalMillis: Math.round(performance.now() - start),
  };
}
