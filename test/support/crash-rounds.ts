import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { CollectorProcess } from './collector-process.ts';
import { LoadProcess } from './load/load-process.ts';
import { verifyLoad } from './load/verify-load.ts';

const LEAST_MILLIS_BETWEEN_KILLS = 200;
const MOST_MILLIS_BETWEEN_KILLS = 1500;

/** How hard the collector is hit: kills, seconds of load, points a second (0 = as fast as it answers). */
export interface CrashLoad {
  readonly kills: number;
  readonly seconds: number;
  readonly rate: number;
}

/** Kills the collector with -9 at random moments under load and once after it; every acknowledged point must be there once. */
export async function surviveKills({ kills, seconds, rate }: CrashLoad): Promise<void> {
  await using collector = await CollectorProcess.start();
  const load = new LoadProcess(`${collector.url}/v1/metrics`, {
    prefix: 'kill',
    runs: 8,
    metrics: 10,
    steps: 20,
    connections: 4,
    seconds,
    rate,
  });
  for (let kill = 0; kill < kills; kill++) {
    await sleep(LEAST_MILLIS_BETWEEN_KILLS + Math.random() * (MOST_MILLIS_BETWEEN_KILLS - LEAST_MILLIS_BETWEEN_KILLS));
    await collector.kill();
    await collector.restart();
  }
  const report = await load.report();
  await collector.kill();
  await collector.restart();

  expect(report.acknowledgedPoints).toBeGreaterThan(1000);
  expect(report.partialAnswers).toBe(0);
  expect(Object.keys(report.answers).filter((answer) => !EXPECTED_ANSWERS.has(answer))).toEqual([]);
  expect(await verifyLoad(collector.rest, report)).toMatchObject({
    checkedPoints: report.acknowledgedPoints,
    missing: 0,
    doubled: 0,
    wrong: 0,
    invented: 0,
  });
}

/** Success, overload while it starts, and what a connection to a killed process ends with. */
const EXPECTED_ANSWERS = new Set(['200', '503', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);
