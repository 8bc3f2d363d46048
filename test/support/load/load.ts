import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { LoadOptions, LoadReport } from './load-report.ts';
import { type Answer, OtlpConnection } from './otlp-connection.ts';
import { RequestTemplate } from './request-template.ts';

const RETRY_MILLIS = 100;
const LONGEST_RETRY_MILLIS = 1000;
/** A Collector answers success with an empty partial_success of two bytes. */
const EMPTY_PARTIAL_SUCCESS_BYTES = 2;

interface Tally {
  readonly answers: Record<string, number>;
  readonly latencies: number[];
  points: number;
  bytes: number;
  partialAnswers: number;
}

interface Progress {
  acknowledgedSteps: number;
  sentSteps: number;
}

/** Sends unique points over several connections until the time is over, and counts what was acknowledged. */
export async function generateLoad(options: LoadOptions): Promise<LoadReport> {
  const startUnixMillis = Date.now();
  const tally: Tally = { answers: {}, latencies: [], points: 0, bytes: 0, partialAnswers: 0 };
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const progress = await Promise.all(
    Array.from({ length: options.connections }, (_, first) => drive(options, first, startUnixMillis, tally)),
  );
  const seconds = (performance.now() - start) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const latencies = Float64Array.from(tally.latencies).sort();
  const quantile = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    prefix: options.prefix,
    runs: options.runs,
    metrics: options.metrics,
    steps: options.steps,
    connections: options.connections,
    startUnixMillis,
    seconds,
    acknowledgedPoints: tally.points,
    pointsPerSecond: Math.round(tally.points / seconds),
    acknowledgedSteps: progress.map((connection) => connection.acknowledgedSteps),
    sentSteps: progress.map((connection) => connection.sentSteps),
    answers: tally.answers,
    partialAnswers: tally.partialAnswers,
    megabytesPerSecond: tally.bytes / seconds / 1e6,
    p50Millis: quantile(0.5),
    p99Millis: quantile(0.99),
    maxMillis: quantile(1),
    generatorCpuNanosecondsPerPoint: ((cpu.user + cpu.system) * 1000) / Math.max(1, tally.points),
  };
}

async function drive(options: LoadOptions, first: number, startUnixMillis: number, tally: Tally): Promise<Progress> {
  const { steps, connections, rate, requests } = options;
  const template = new RequestTemplate({ ...options, first, stride: connections });
  const connection = new OtlpConnection(options.url, options.gzip);
  const progress = { acknowledgedSteps: 0, sentSteps: 0 };
  const end = startUnixMillis + options.seconds * 1000;
  const millisPerRequest = rate > 0 ? (template.points * connections * 1000) / rate : 0;
  for (let request = 0; Date.now() < end && (requests === 0 || request < requests); request++) {
    const wait = startUnixMillis + request * millisPerRequest - Date.now();
    if (millisPerRequest > 0 && wait > 0) await sleep(wait);
    template.fill(request, startUnixMillis);
    const body = options.gzip ? gzipSync(template.body, { level: 1 }) : template.body;
    progress.sentSteps = (request + 1) * steps;
    if (!(await deliver(connection, body, end + options.graceSeconds * 1000, tally))) break;
    tally.points += template.points;
    tally.bytes += body.length;
    progress.acknowledgedSteps = progress.sentSteps;
  }
  connection.close();
  return progress;
}

/** Posts until it is acknowledged; false when the receiver refused it for good or the deadline is over. */
async function deliver(connection: OtlpConnection, body: Buffer, deadline: number, tally: Tally): Promise<boolean> {
  for (;;) {
    const start = performance.now();
    const answer = await connection.post(body);
    tally.latencies.push(performance.now() - start);
    tally.answers[answer.outcome] = (tally.answers[answer.outcome] ?? 0) + 1;
    if (answer.outcome === 200) {
      if (answer.body.length > EMPTY_PARTIAL_SUCCESS_BYTES) tally.partialAnswers++;
      return true;
    }
    if (!isRetryable(answer) || Date.now() > deadline) return false;
    await sleep(Math.min(LONGEST_RETRY_MILLIS, Math.max(RETRY_MILLIS, answer.retryAfterMillis)));
  }
}

function isRetryable({ outcome }: Answer): boolean {
  return typeof outcome === 'string' || outcome === 429 || (outcome >= 502 && outcome <= 504);
}
