// `npm run demo -- [--port N] [--data DIR] [--interval SECONDS] [--iterations N]`: the collector, a program that reports to it, and the address to look at.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ensureBuilt, ensureInstalled } from './ensure.mjs';
import { fail, followChild, root } from './repository.mjs';

const options = readOptions();
await ensureInstalled();
await ensureBuilt();

const collector = spawn(
  process.execPath,
  [join(root, 'collector/dist/main.js'), '--port', options.port, '--data', options.data],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const ended = followChild(collector);
const url = await Promise.race([listeningAddress(collector.stdout), ended.then(() => undefined)]);
if (url === undefined) process.exit(await ended);

const before = await newestRun(url);
const program = spawn(
  process.execPath,
  [
    join(root, '.cache/tools/examples/random-numbers.js'),
    '--interval',
    options.interval,
    '--iterations',
    options.iterations,
  ],
  { stdio: 'inherit', env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: url, SIMVUE_URL: url } },
);
const programEnded = new Promise((resolve) => program.once('close', resolve));
collector.once('close', () => program.kill());

const run = await appearing(url, before);
if (run === undefined) process.stdout.write(`No run appeared within 30 s; the page is ${url}/\n`);
else process.stdout.write(`\nThe run, live:  ${url}/runs/${run}\nStop with Ctrl-C.\n\n`);
const programCode = await programEnded;
if (collector.exitCode === null) {
  process.stdout.write(
    `\nThe program ended${programCode === 0 ? '' : ` with code ${programCode}`}; its run stays at the address above. Stop with Ctrl-C.\n`,
  );
}
process.exitCode = await ended;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '4318' },
        data: { type: 'string', default: join(root, '.cache/demo') },
        interval: { type: 'string', default: '1' },
        iterations: { type: 'string', default: '60' },
      },
    });
    return values;
  } catch (error) {
    return fail(`${error.message}. Options: --port, --data, --interval (seconds), --iterations.`, 2);
  }
}

function listeningAddress(stdout) {
  return new Promise((resolve) => {
    createInterface({ input: stdout }).on('line', (line) => {
      const address = /listening on (http:\/\/\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
      process.stdout.write(`${line}\n`);
    });
  });
}

async function newestRun(address) {
  const sorting = encodeURIComponent(JSON.stringify([{ id: 'created', desc: true }]));
  const response = await fetch(`${address}/api/runs?start=0&count=1&sorting=${sorting}`);
  if (!response.ok) fail(`${address}/api/runs answered ${response.status}`);
  return (await response.json()).data[0]?.id;
}

async function appearing(address, previous) {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline && collector.exitCode === null; await sleep(100)) {
    const id = await newestRun(address);
    if (id !== previous) return id;
  }
  return undefined;
}
