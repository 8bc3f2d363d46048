/**
 * What `logMetrics` costs its caller, how fast its points are delivered, and how long the event loop is held meanwhile;
 * the same of other trackers' clients.
 *
 * The server is a thread of this process that takes everything and says 200, except where the collector is named.
 */

import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { Run, type RunConfig } from 'simvue-otel';
import { CollectorProcess } from '../test/support/collector-process.ts';
import { atLeast, atMost, type BenchRow, isShort, median, printRows, stated } from './bench-report.ts';
import { mlflow, simvuePython, type TrackingCost, trackio, wandbOffline } from './tracking-peers.ts';

const POINTS = isShort ? 100_000 : 1_000_000;
const ROUNDS = isShort ? 1 : 5;
const POINTS_PER_TURN = 1000;
/** What the journal writes for a call with one value. */
const FRAME_BYTES = 80;
const CALL = 'logMetrics of one value, journal on a local disk, per call';
/** Calls of the peers, by how slow they are. */
const [MANY_CALLS, SOME_CALLS, FEW_CALLS] = isShort ? [5000, 1000, 100] : [50_000, 10_000, 1000];

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
  const [memory, disk, wide] = [[] as LogResult[], [] as LogResult[], [] as LogResult[]];
  const writes: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    memory.push(await log({ ...config, journal: 'memory' }, 1));
    disk.push(await log(config, 1));
    wide.push(await log(config, 20));
    writes.push(microsecondsPerWrite(spoolDirectory));
  }
  await server.terminate();
  const perCall = median(disk.map((one) => one.microsecondsPerCall));
  const all = [...memory, ...disk, ...wide];
  const [python, ...others] = await beside(perCall, spoolDirectory);
  const rows = [
    { ...atMost(CALL, perCall, 2, 'us', 2), peer: python.peer, ratio: python.ratio },
    stated(`of it one \`fs.writeSync\` of ${FRAME_BYTES} bytes, alone in a loop`, median(writes), 'us', 2),
    atMost(
      'logMetrics of one value, in memory, per call',
      median(memory.map((one) => one.microsecondsPerCall)),
      1.5,
      'us',
      2,
    ),
    atLeast(
      'delivered through the journal, 20 values a call',
      median(wide.map((one) => one.pointsPerSecond)) / 1e6,
      1,
      'M points/s',
      2,
    ),
    atMost(
      `event loop held at its longest while sending ${POINTS.toLocaleString('en')} points`,
      Math.max(...disk.map((one) => one.longestEventLoopHoldMillis)),
      20,
      'ms',
    ),
    atMost(
      'points dropped',
      all.reduce((sum, one) => sum + one.dropped, 0),
      0,
      'points',
      0,
    ),
  ];
  printRows([...rows, ...others], { memory, disk, wide });
  rmSync(spoolDirectory, { recursive: true });
}

/** What the system takes for the one write that a call with the journal cannot do without. */
function microsecondsPerWrite(directory: string): number {
  const path = join(directory, 'writes');
  const file = openSync(path, 'w');
  const frame = Buffer.alloc(FRAME_BYTES, 1);
  const begin = performance.now();
  for (let i = 0; i < POINTS; i++) writeSync(file, frame, 0, FRAME_BYTES, i * FRAME_BYTES);
  const microseconds = ((performance.now() - begin) * 1000) / POINTS;
  closeSync(file);
  rmSync(path);
  return microseconds;
}

/** Our figures beside those of other trackers. */
async function beside(perCall: number, spoolDirectory: string): Promise<[BenchRow, ...BenchRow[]]> {
  await using collector = await CollectorProcess.start();
  const { pointsPerSecond } = await log({ url: collector.url, disableResourcesMetrics: true, spoolDirectory }, 1);
  const stores = 'one value a call, from the first call until the collector has stored the last';
  const online = await simvuePython(MANY_CALLS, collector.url);
  const local = await trackio(MANY_CALLS);
  const offline = await wandbOffline(SOME_CALLS);
  const waiting = await mlflow(FEW_CALLS);
  const row = (peer: string, cost: TrackingCost) => besideCall(CALL, perCall, cost, peer);
  const rate = (peer: string, cost: TrackingCost) => besideRate(stores, pointsPerSecond, cost, peer);
  return [
    row('Simvue Python client, offline', await simvuePython(MANY_CALLS)),
    row('Trackio', local),
    row('W&B, offline', offline),
    row('MLflow', waiting),
    rate('Simvue Python client, the same collector', online),
    rate('Trackio, its SQLite file', local),
    rate('W&B, its offline file', offline),
    rate('MLflow, its SQLite file', waiting),
  ];
}

function besideCall(what: string, ours: number, { microsecondsPerCall }: TrackingCost, peer: string): BenchRow {
  return {
    ...stated(what, ours, 'us', 2),
    peer: `${microsecondsPerCall.toFixed(1)} us (${peer})`,
    ratio: `${Number((ours / microsecondsPerCall).toPrecision(2))}x`,
  };
}

function besideRate(what: string, ours: number, { pointsPerSecond }: TrackingCost, peer: string): BenchRow {
  if (pointsPerSecond === null) throw new Error(`${peer} delivered nothing`);
  return {
    ...stated(what, ours, 'points/s', 0),
    peer: `${pointsPerSecond.toFixed(0)} points/s (${peer})`,
    ratio: `${Number((ours / pointsPerSecond).toPrecision(2))}x`,
  };
}

interface LogResult {
  readonly delivered: number;
  readonly dropped: number;
  readonly pointsPerSecond: number;
  readonly microsecondsPerCall: number;
  readonly longestEventLoopHoldMillis: number;
}

async function log(config: RunConfig, valuesPerCall: number): Promise<LogResult> {
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
  };
}
