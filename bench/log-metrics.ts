/**
 * What `logMetrics` costs its caller, how fast its points are delivered, and how long the event loop is held meanwhile.
 *
 * The server is a thread of this process that takes everything and says 200.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Run, type RunConfig } from 'simvue-otel';
import { TestProcess } from '../test/support/child-process.ts';
import { pythonOf } from '../test/support/python-environment.ts';
import { inRepository } from '../test/support/repository.ts';
import { CLIENT_TOKEN } from '../test/support/simvue-client.ts';
import { atLeast, atMost, isShort, printRows } from './bench-report.ts';

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
  const spoolDirectory = mkdtempSync(join(tmpdir(), 'simvue-bench-'));
  const server = new Worker(new URL(import.meta.url));
  const port = await new Promise<number>((resolve) => server.once('message', resolve));
  const config = { url: `http://127.0.0.1:${port}`, disableResourcesMetrics: true, spoolDirectory };
  await log(config, 1);
  const memory = await log({ ...config, journal: 'memory' }, 1);
  const disk = await log(config, 1);
  const wide = await log(config, 20);
  const peerMicroseconds = await simvuePythonClient(spoolDirectory);
  printRows(
    [
      {
        ...atMost('logMetrics of one value, journal on a local disk, per call', disk.microsecondsPerCall, 2, 'us', 2),
        peer: `${peerMicroseconds.toFixed(1)} us (Simvue Python client, offline)`,
        ratio: `${(disk.microsecondsPerCall / peerMicroseconds).toFixed(3)}x`,
      },
      atMost('logMetrics of one value, in memory, per call', memory.microsecondsPerCall, 1.5, 'us', 2),
      atLeast('delivered through the journal, 20 values a call', wide.pointsPerSecond / 1e6, 1, 'M points/s', 2),
      atMost(
        `event loop held at its longest while sending ${POINTS.toLocaleString('en')} points`,
        disk.longestEventLoopHoldMillis,
        20,
        'ms',
      ),
      atMost('points dropped', memory.dropped + disk.dropped + wide.dropped, 0, 'points', 0),
    ],
    { memory, disk, wide },
  );
  await server.terminate();
  rmSync(spoolDirectory, { recursive: true });
}

async function log(config: RunConfig, valuesPerCall: number) {
  const run = new Run(config);
  await run.init();
  const names = Array.from({ length: valuesPerCall }, (_, i) => `loss.${i}`);
  const calls = POINTS / valuesPerCall;
  const callsPerTurn = Math.ceil(POINTS_PER_TURN / valuesPerCall);
  let callMillis = 0;
  let longestTurnMillis = 0;
  const start = performance.now();
  for (let turn = 0; turn < calls / callsPerTurn; turn++) {
    const begin = performance.now();
    for (let i = 0; i < callsPerTurn; i++) {
      const values: Record<string, number> = {};
      for (const name of names) values[name] = i * 0.5;
      run.logMetrics(values);
    }
    const logged = performance.now();
    await new Promise((resolve) => setImmediate(resolve));
    callMillis += logged - begin;
    longestTurnMillis = Math.max(longestTurnMillis, performance.now() - logged);
  }
  if (!(await run.close({ timeoutMs: 60_000 }))) throw new Error('not everything was delivered within a minute');
  const totalSeconds = (performance.now() - start) / 1000;
  return {
    delivered: run.counters.delivered,
    dropped: run.counters.dropped,
    pointsPerSecond: Math.round(POINTS / totalSeconds),
    microsecondsPerCall: Number(((callMillis * 1000) / calls).toFixed(3)),
    longestEventLoopHoldMillis: Number(longestTurnMillis.toFixed(1)),
    totalMillis: Math.round(totalSeconds * 1000),
  };
}

/** Microseconds per call of the published client, which keeps its data on disk too. */
async function simvuePythonClient(directory: string): Promise<number> {
  const python = await pythonOf('simvue-2.6.2');
  const program = inRepository('bench/peers/simvue_log_metrics.py');
  const environment = {
    SIMVUE_URL: 'http://127.0.0.1:9/api',
    SIMVUE_TOKEN: CLIENT_TOKEN,
    SIMVUE_OFFLINE_DIRECTORY: join(directory, 'peer'),
  };
  const peer = new TestProcess(python, [program, String(POINTS / 20)], environment, directory);
  const { code, stdout, stderr } = await peer.exited;
  if (code !== 0) throw new Error(`the Simvue Python client failed:\n${stdout}\n${stderr}`);
  return Number(stdout.trimEnd().split('\n').at(-1));
}
