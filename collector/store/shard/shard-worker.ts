import { parentPort, workerData } from 'node:worker_threads';
import { errorText, SimvueError } from 'simvue-otel/errors';
import { POINT_BYTES } from '../../pipeline/staging.ts';
import { isDiskError } from '../disk-error.ts';
import type { FromShard, ShardCalls, ShardWorkerData, ToShard } from './messages.ts';
import type { MetricsText } from './metrics-json.ts';
import { Shard } from './shard.ts';

const STORE_INTERVAL_MS = 200;
const IDLE_AFTER_MS = 3_000;
/** Heads sealed in one turn, so that commits and reads are not kept waiting. */
const SEALS_A_TURN = 200;
/** When there was no room, the next try. */
const RETRY_MS = 1_000;
/** Merging in one turn of an idle shard. */
const TIDY_MS = 20;

if (parentPort === null) throw new Error('shard-worker.js runs in a worker thread only');
const port = parentPort;
const { path, gauge } = workerData as ShardWorkerData;
const liveBytes = new Float64Array(gauge);
const shard = new Shard(path);
let lastCommitAt = Date.now();
let toldPosition = shard.safeSequence;
let failedAt: number | undefined;
let nextTurn: NodeJS.Immediate | undefined;
let timer = setTimeout(tick, STORE_INTERVAL_MS);

const calls: ShardCalls = {
  openRun: (runId) => shard.openRun(runId),
  summaries: (runId) => shard.summaries(runId),
  metricsTexts: (runs) => shard.metricsTexts(runs),
  plot: (query) => shard.plot(query),
  metricCells: (query) => shard.metricCells(query),
  metricNames: (runIds) => shard.metricNames(runIds),
  lastValues: (metric, runIds) => shard.lastValues(metric, runIds),
  stepSpans: (runs) => shard.stepSpans(runs),
  points: (query) => shard.points(query),
  pointPage: (query) => shard.pointPage(query),
  eventCounts: (counted, runIds) => shard.eventCounts(counted, runIds),
  events: (query) => shard.events(query),
  histogram: (runId, from, to, bins) => shard.histogram(runId, from, to, bins),
  spans: (query) => shard.spans(query),
  writers: (runId) => shard.writers(runId),
  putArrays: (runId, arrays) => shard.putArrays(runId, arrays),
  arrayAt: (runId, metric, step) => shard.arrayAt(runId, metric, step),
  arraySteps: (runId, metric) => shard.arraySteps(runId, metric),
  arraySummaries: (runId) => shard.arraySummaries(runId),
  deleteRuns: (runIds) => shard.deleteRuns(runIds),
  flush: () => shard.flush(),
  statistics: () => shard.statistics(),
  close: () => {
    clearTimeout(timer);
    clearImmediate(nextTurn);
    setImmediate(() => port.close());
    shard.close();
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
      if (shard.isFull) store();
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
    const value = run(...parameters);
    post({ type: 'result', id, value }, handedOver(value));
  } catch (error) {
    const code = error instanceof SimvueError ? error.code : 'SIMVUE_ERR_STORE';
    post({ type: 'error', id, code, message: errorText(error) });
  }
  tellPosition();
}

function tick(): void {
  const isIdle = Date.now() - lastCommitAt > IDLE_AFTER_MS;
  const hasMore = shard.sweep(isIdle, SEALS_A_TURN);
  store();
  if (failedAt === undefined && !hasMore) tidy(isIdle);
  liveBytes[0] = shard.liveBytes;
  tellPosition();
  // One chain of turns: what waits at the port is handled after each.
  if (hasMore) nextTurn = setImmediate(tick);
  else timer = setTimeout(tick, STORE_INTERVAL_MS);
}

/** One merge a turn, or a few in an idle shard: commits and reads are not kept waiting. */
function tidy(isIdle: boolean): void {
  try {
    const until = performance.now() + (isIdle ? TIDY_MS : 0);
    let isTidy = !shard.compact();
    while (!isTidy && performance.now() < until) isTidy = !shard.compact();
    if (isTidy && isIdle) shard.shrink();
  } catch (error) {
    // The next store finds out whether there is room again.
    if (!isDiskError(error)) throw error;
  }
}

/** Without room everything waits: in memory, and in the log. */
function store(): void {
  if (failedAt !== undefined && Date.now() - failedAt < RETRY_MS) return;
  try {
    shard.store();
  } catch (error) {
    if (!isDiskError(error)) throw error;
    if (failedAt === undefined) post({ type: 'disk', trouble: error.message });
    failedAt = Date.now();
    return;
  }
  if (failedAt === undefined) return;
  failedAt = undefined;
  post({ type: 'disk', trouble: undefined });
}

function tellPosition(): void {
  if (shard.safeSequence === toldPosition) return;
  toldPosition = shard.safeSequence;
  post({ type: 'position', safeSequence: toldPosition });
}

/** Texts are not copied. */
function handedOver(value: unknown): ArrayBuffer[] {
  const texts: readonly (Partial<MetricsText> | undefined)[] = Array.isArray(value) ? value : [];
  return texts.flatMap((text) => text?.json?.buffer ?? []);
}

function post(message: FromShard, buffers: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, buffers);
}

port.on('message', handle);
post({ type: 'ready', safeSequence: shard.safeSequence, lastSeries: shard.lastSeries });
