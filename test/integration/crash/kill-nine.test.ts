import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CollectorProcess } from '../../support/collector-process.ts';
import { LoadProcess } from '../../support/load/load-process.ts';
import { verifyLoad } from '../../support/load/verify-load.ts';

const KILLS = 4;
const BETWEEN_KILLS_MILLIS = [300, 1500] as const;

test('after several kill -9 under load, every acknowledged point is there once', { timeout: 90_000 }, async () => {
  await using collector = await CollectorProcess.start();
  const load = new LoadProcess(`${collector.url}/v1/metrics`, {
    prefix: 'kill',
    runs: 8,
    metrics: 10,
    steps: 20,
    connections: 4,
    seconds: 7,
    rate: 200_000,
  });
  for (let kill = 0; kill < KILLS; kill++) {
    await sleep(between(...BETWEEN_KILLS_MILLIS));
    await collector.kill();
    await collector.restart();
  }
  const report = await load.report();
  await collector.kill();
  await collector.restart();

  expect(report.acknowledgedPoints).toBeGreaterThan(10_000);
  expect(report.partialAnswers).toBe(0);
  expect(Object.keys(report.answers).filter((answer) => !isExpected(answer))).toEqual([]);
  const verdict = await verifyLoad(collector.rest, report);
  expect(verdict).toMatchObject({
    checkedPoints: report.acknowledgedPoints,
    missing: 0,
    doubled: 0,
    wrong: 0,
    invented: 0,
  });
});

/** Success, overload while it starts, and what a connection to a killed process ends with. */
function isExpected(answer: string): boolean {
  return ['200', '503', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(answer);
}

function between(least: number, most: number): number {
  return least + Math.random() * (most - least);
}
