import { encode } from '@msgpack/msgpack';
import { formatTimestamp } from 'simvue-otel/time';
import { Agent, Pool } from 'undici';
import { CollectorProcess, runCollectorCommand } from '../test/support/collector-process.ts';
import { atMost, isShort, printRows, stated } from './bench-report.ts';

/** As Simvue's Python client sends: each run a thread, each request a connection of its own. */
const SENDERS = 200;
const SECONDS = isShort ? 10 : 120;
const INTERVAL_MS = 500;
const ROWS = 10;
const METRICS = 5;
const VIEW_CONNECTIONS = 16;
const VIEW_SECONDS = isShort ? 2 : 10;

await using collector = await CollectorProcess.start();
const sender = new Agent({ pipelining: 0, connections: null, keepAliveTimeout: 1, keepAliveMaxTimeout: 1 });

const made = await runCollectorCommand(['token', 'create', '--data', collector.dataDirectory]);
const authorization = `Bearer ${made.stdout.trim()}`;
const millis: number[] = [];
const runs = await Promise.all(Array.from({ length: SENDERS }, (_, index) => createRun(index)));
const sent = await Promise.all(runs.map((run, index) => send(run, (index * INTERVAL_MS) / SENDERS)));
const wrong: string[] = [];
for (const [index, run] of runs.entries()) {
  const { metrics } = await collector.rest.run(run);
  for (let metric = 0; metric < METRICS; metric++) {
    const count = metrics[`metric-${metric}`]?.count;
    if (count !== sent[index]) wrong.push(`${run}: ${count} of ${sent[index]}`);
  }
}
if (wrong.length > 0) throw new Error(`lost or doubled: ${wrong.join(', ')}`);

millis.sort((a, b) => a - b);
const points = sent.reduce((sum, rows) => sum + rows * METRICS, 0);
printRows([
  atMost(
    `POST /api/metrics of ${SENDERS} senders for ${SECONDS} s, a connection a request (${millis.length.toLocaleString('en')} requests, ${points.toLocaleString('en')} points, none refused, lost or doubled), p99`,
    millis[Math.floor(millis.length * 0.99)] ?? Number.NaN,
    100,
    'ms',
  ),
  stated('the same, median', millis[millis.length >> 1] ?? Number.NaN, 'ms'),
  stated(
    `GET /api/runs/{id} of a run with ${METRICS} metrics, ${VIEW_CONNECTIONS} connections`,
    await viewsPerSecond(),
    'requests/s',
    0,
  ),
]);
await sender.close();

async function createRun(index: number): Promise<string> {
  const { status, text } = await call(
    'POST',
    '/api/runs',
    'application/json',
    JSON.stringify({ name: `sender-${index}`, folder: '/senders', status: 'running' }),
  );
  if (status !== 200) throw new Error(`the run was answered ${status}: ${text}`);
  return (JSON.parse(text) as { id: string }).id;
}

/** Sends rows at a steady pace. @returns how many. */
async function send(run: string, delayMillis: number): Promise<number> {
  await pause(delayMillis);
  const end = performance.now() + SECONDS * 1000;
  let rows = 0;
  while (performance.now() < end) {
    const start = performance.now();
    const { status, text } = await call(
      'POST',
      '/api/metrics',
      'application/msgpack',
      encode({ run, metrics: Array.from({ length: ROWS }, () => row(rows++)) }),
    );
    const took = performance.now() - start;
    if (status !== 200) throw new Error(`metrics were answered ${status}: ${text}`);
    millis.push(took);
    await pause(INTERVAL_MS - took);
  }
  return rows;
}

function row(step: number): unknown {
  const values = Object.fromEntries(
    Array.from({ length: METRICS }, (_, metric) => [`metric-${metric}`, step + metric / 10]),
  );
  return {
    timestamp: formatTimestamp(BigInt(Date.now()) * 1_000_000n + BigInt(step) * 1000n),
    step,
    time: step / 10,
    values,
  };
}

async function call(
  method: 'POST',
  path: string,
  type: string,
  body: string | Uint8Array,
): Promise<{ status: number; text: string }> {
  const response = await sender.request({
    origin: collector.url,
    path,
    method,
    body,
    headers: { authorization, 'content-type': type, connection: 'close' },
  });
  return { status: response.statusCode, text: await response.body.text() };
}

async function viewsPerSecond(): Promise<number> {
  const pool = new Pool(collector.url, { connections: VIEW_CONNECTIONS });
  const end = performance.now() + VIEW_SECONDS * 1000;
  let requests = 0;
  const read = async (): Promise<void> => {
    while (performance.now() < end) {
      const { statusCode, body } = await pool.request({ path: `/api/runs/${runs[0]}`, method: 'GET' });
      await body.dump();
      if (statusCode !== 200) throw new Error(`the run was answered ${statusCode}`);
      requests++;
    }
  };
  await Promise.all(Array.from({ length: VIEW_CONNECTIONS }, read));
  await pool.close();
  return requests / VIEW_SECONDS;
}

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, millis)));
}
