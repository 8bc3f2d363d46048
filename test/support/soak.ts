import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { CollectorProcess } from './collector-process.ts';
import { LoadProcess } from './load/load-process.ts';
import { verifyLoad } from './load/verify-load.ts';

const SAMPLE_MILLISECONDS = 500;
const MAX_RSS_BYTES = 750 << 20;
/** What memory may grow from the first to the second half of the last life. */
const RSS_GROWTH = 1.15;
const RSS_SLACK_BYTES = 24 << 20;

/** A steady load: seconds, points a second, runs of 50 metrics; the collector is ended twice, once by SIGTERM and once by SIGKILL, each after a fifth of the time. */
export interface SoakLoad {
  readonly seconds: number;
  readonly rate: number;
  readonly runs: number;
}

/** A steady load over three lives of the collector: memory stays flat, and every acknowledged point is there once. */
export async function soak({ seconds, rate, runs }: SoakLoad): Promise<void> {
  await using collector = await CollectorProcess.start();
  const load = new LoadProcess(`${collector.url}/v1/metrics`, {
    prefix: 'soak',
    runs,
    metrics: 50,
    steps: 4,
    connections: 4,
    seconds,
    rate,
  });
  const fifth = seconds * 200;
  await sleep(fifth);
  expect((await collector.stop()).code).toBe(0);
  await collector.restart();
  await sleep(fifth);
  await collector.kill();
  await collector.restart();
  const report = load.report();
  const halves = [
    await greatestRss(collector.pid, 1.5 * fifth),
    await greatestRss(collector.pid, 1.4 * fifth),
  ] as const;
  const { acknowledgedPoints, partialAnswers, ...sent } = await report;
  expect(acknowledgedPoints).toBeGreaterThan(0.8 * rate * seconds);
  expect(partialAnswers).toBe(0);
  expect(Math.max(...halves)).toBeLessThan(MAX_RSS_BYTES);
  expect(halves[1]).toBeLessThan(halves[0] * RSS_GROWTH + RSS_SLACK_BYTES);
  expect(await verifyLoad(collector.rest, { acknowledgedPoints, partialAnswers, ...sent })).toMatchObject({
    checkedPoints: acknowledgedPoints,
    missing: 0,
    doubled: 0,
    wrong: 0,
    invented: 0,
  });
}

async function greatestRss(pid: number, milliseconds: number): Promise<number> {
  let greatest = 0;
  for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(SAMPLE_MILLISECONDS)) {
    const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    greatest = Math.max(greatest, 1024 * Number(kibibytes));
  }
  return greatest;
}
