import { parentPort, workerData } from 'node:worker_threads';
import { errorText } from 'simvue-otel/errors';
import { POINT_BYTES } from '../../pipeline/staging.ts';
import type { FromShard, ShardCalls, ShardWorkerData, ToShard } from './messages.ts';
import { Shard } from './shard.ts';

const STORE_INTERVAL_MS = 200;
const IDLE_AFTER_MS = 3_000;
/** Heads sealed in one turn, so that commits and reads are not kept waiting. */
const SEALS_A_TURN = 200;

if (parentPort === null) throw new Error('shard-worker.js runs in a worker thread only');
const port = parentPort;
const { path, gauge } = workerData as ShardWorkerData;
const liveBytes = new Float64Array(gauge);
const shard = new Shard(path);
let lastCommitAt = Date.now();
let toldPosition = shard.safeSequence;

const calls: ShardCalls = {
  openRun: (runId) => shard.openRun(runId),
  summaries: (runId) => shard.summaries(runId),
  metricsJson: (runs) => shard.metricsJson(runs),
  plot: (query) => shard.plot(query),
  metricCells: (query) => shard.metricCells(query),
  points: (query) => shard.points(query),
  events: (query) => shard.events(query),
  histogram: (runId, from, to, bins) => shard.histogram(runId, from, to, bins),
  spans: (query) => shard.spans(query),
  putArrays: (runId, arrays) => shard.putArrays(runId, arrays),
  arrayAt: (runId, metric, step) => shard.arrayAt(runId, metric, step),
  arraySummaries: (runId) => shard.arraySummaries(runId),
  deleteRuns: (runIds) => shard.deleteRuns(runIds),
  flush: () => shard.flush(),
  statistics: () => shard.statistics(),
  close: () => {
    clearInterval(timer);
    shard.close();
    setImmediate(() => port.close());
  },
};

function handle(message: ToShard): void {
  switch (message.type) {
    case 'block':
      shard.addBlock({
        index: message.index,
        buffer: message.buffer,
        words: new Uint32Array(message.buffer),
        doubles: new Float64Array(message.buffer),
        capacity: Math.floor(message.buffer.byteLength / POINT_BYTES),
      });
      return;
    case 'define':
      shard.define(message.runId, message.series);
      return;
    case 'commit':
      lastCommitAt = Date.now();
      shard.commit(message.commit);
      liveBytes[0] = shard.liveBytes;
      post({ type: 'applied' });
      return;
    case 'call':
      call(message);
  }
}

function call({ id, method, parameters }: Extract<ToShard, { type: 'call' }>): void {
  try {
    const run = calls[method] as (...parameters: readonly unknown[]) => unknown;
    post({ type: 'result', id, value: run(...parameters) });
  } catch (error) {
    post({ type: 'error', id, message: errorText(error) });
  }
  tellPosition();
}

function tick(): void {
  const hasMore = shard.sweep(Date.now() - lastCommitAt > IDLE_AFTER_MS, SEALS_A_TURN);
  shard.store();
  liveBytes[0] = shard.liveBytes;
  tellPosition();
  if (hasMore) setImmediate(tick);
}

function tellPosition(): void {
  if (shard.safeSequence === toldPosition) return;
  toldPosition = shard.safeSequence;
  post({ type: 'position', safeSequence: toldPosition });
}

function post(message: FromShard): void {
  port.postMessage(message);
}

const timer = setInterval(tick, STORE_INTERVAL_MS);
port.on('message', handle);
post({ type: 'ready', safeSequence: shard.safeSequence, lastSeries: shard.lastSeries });
