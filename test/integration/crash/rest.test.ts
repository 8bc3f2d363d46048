import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CollectorProcess } from '../../support/collector-process.ts';
import { driveRestRun, type RestRun, restValue } from '../../support/rest-load.ts';

const RUNS = 6;
const KILLS = 3;
const METRICS = ['loss', 'accuracy'] as const;

test('after several kill -9 under REST load, every acknowledged point, event and change is there once', async () => {
  await using collector = await CollectorProcess.start();
  let isOver = false;
  let rounds = 0;
  const drive = () =>
    driveRestRun(
      collector.url,
      () => isOver,
      () => rounds++,
    );
  const driving = Promise.all(Array.from({ length: RUNS }, drive));
  for (let kill = 0; kill < KILLS; kill++) {
    const before = rounds;
    await expect.poll(() => rounds, { timeout: 20_000 }).toBeGreaterThan(before + RUNS);
    await sleep(Math.random() * 500);
    await collector.kill();
    await collector.restart();
  }
  isOver = true;
  const runs = await driving;
  await collector.kill();
  await collector.restart();

  expect(rounds).toBeGreaterThan(KILLS * RUNS);
  expect(runs.some(({ answers }) => answers['no answer'] !== undefined)).toBe(true);
  for (const run of runs) await checkRun(collector, run);
}, 90_000);

async function checkRun({ rest }: CollectorProcess, { id, steps, round }: RestRun): Promise<void> {
  const all = Array.from({ length: steps }, (_, step) => step);
  const values = (await rest.metricValues([id], METRICS))[id];
  for (const metric of METRICS) {
    expect(values?.[metric]).toEqual(all.map((step) => ({ step, value: restValue(metric, step) })));
  }
  const messages: string[] = [];
  while (messages.length < steps) {
    const start = String(messages.length);
    const { count, data } = await rest.get<{ count: number; data: { message: string }[] }>('/events', {
      run: id,
      start,
      count: '1000',
    });
    expect(count).toBe(steps);
    expect(data).not.toEqual([]);
    messages.push(...data.map(({ message }) => message));
  }
  expect(messages).toEqual(all.map((step) => `step ${step}`));
  expect(await rest.run(id)).toMatchObject({ status: 'running', metadata: { round } });
}
