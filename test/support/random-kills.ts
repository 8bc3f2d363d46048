import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { TestProcess } from './child-process.ts';
import { CollectorProcess } from './collector-process.ts';
import { FaultyProxy } from './faulty-proxy.ts';
import { startSync, temporarySpool } from './journal-end.ts';

const PROGRAM = fileURLToPath(new URL('../integration/client/programs/until-killed.mjs', import.meta.url));
const MAX_MILLIS = 400;

/** Kills programs, and the senders of what they left, at random moments: every call that has returned is in the collector once. */
export async function killAtRandom(rounds: number): Promise<void> {
  await using collector = await CollectorProcess.start();
  for (let round = 0; round < rounds; round++) {
    await using spool = await temporarySpool();
    await using proxy = await FaultyProxy.start(collector.url, round % 2 === 0 ? 'up' : 'down');
    const id = randomUUID().replaceAll('-', '').slice(0, 22);
    const mode = round % 3 === 2 ? 'offline' : 'online';
    const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: proxy.url };
    const RUN_CONFIG = JSON.stringify({ mode });
    const job = new TestProcess(process.execPath, [PROGRAM], { ...environment, RUN_ID: id, RUN_CONFIG });
    await job.waitForOutput(/100/);
    await sleep(randomInt(MAX_MILLIS));
    const { stdout } = await job.end('SIGKILL');
    const returned = Number(stdout.trimEnd().split('\n').at(-1));
    proxy.condition = 'up';
    const sender = startSync([], environment);
    await sleep(randomInt(MAX_MILLIS));
    await sender.end('SIGKILL');
    const last = await startSync([], environment).exited;
    expect(last.code, last.stderr).toBe(0);
    const values = (await collector.rest.metricValues([id], ['x']))[id]?.['x'] ?? [];
    expect(values.length).toBeGreaterThanOrEqual(returned);
    expect(values.every(({ step, value }, i) => step === i && value === i)).toBe(true);
  }
}
