import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { CollectorProcess } from '../test/support/collector-process.ts';
import { startDemoProgram } from '../test/support/demo-process.ts';
import { inRepository } from '../test/support/repository.ts';
import { atMost, isShort, printRows, stated } from './bench-report.ts';
import { ownRound } from './ingest-round.ts';
import { diskUse, residentMebibytes } from './process-usage.ts';

const MEBIBYTE = 1 << 20;
/** 100 runs × 20 metrics × 1,000 steps, 5 steps of 25 runs in a request. */
const STORED = { runs: 100, metrics: 20, steps: 5, connections: 4, requests: isShort ? 40 : 200, seconds: 600 };

const { idleMebibytes, demoMebibytes } = await demoFootprint();
const stored = await ownRound(STORED, false);
const page = pageSize();
printRows([
  atMost('resident memory, idle', idleMebibytes, 160, 'MiB', 0),
  atMost('disk after the demo', demoMebibytes, 24, 'MiB'),
  atMost('bytes per stored point, mixed values, whole database file', stored.bytesPerPoint, 7, 'bytes', 2),
  atMost('page: JavaScript and CSS before lazy parts, gzip', page.firstKilobytes, 60, 'kB'),
  stated('page: all lazy parts together, gzip', page.lazyKilobytes, 'kB'),
]);

async function demoFootprint(): Promise<{ idleMebibytes: number; demoMebibytes: number }> {
  await using collector = await CollectorProcess.start();
  await sleep(3000);
  const { now } = await residentMebibytes(collector.pid);
  const { code, stderr } = await startDemoProgram(collector.url, 30, 0.1).exited;
  if (code !== 0) throw new Error(`the demo program ended with ${code}: ${stderr}`);
  const { databaseBytes, otherBytes } = await diskUse(collector.dataDirectory);
  return { idleMebibytes: now, demoMebibytes: (databaseBytes + otherBytes) / MEBIBYTE };
}

/** What the first view loads stands in index.html; the rest comes with the first chart. */
function pageSize(): { firstKilobytes: number; lazyKilobytes: number } {
  const folder = inRepository('collector/dist/web');
  const index = readFileSync(`${folder}/index.html`, 'utf8');
  const size = { firstKilobytes: 0, lazyKilobytes: 0 };
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(js|css)$/.test(name)) continue;
    const kilobytes = gzipSync(readFileSync(`${folder}/${name}`), { level: 9 }).length / 1000;
    size[index.includes(`/${name}`) ? 'firstKilobytes' : 'lazyKilobytes'] += kilobytes;
  }
  return size;
}
