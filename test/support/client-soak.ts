import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { TestProcess } from './child-process.ts';
import { CollectorProcess } from './collector-process.ts';
import { expectEachPointOnce, expectStatus, temporarySpool } from './journal-end.ts';

const PROGRAM = fileURLToPath(new URL('../integration/client/programs/steady.mjs', import.meta.url));
const POINTS_PER_SECOND = 1000;
const MEBIBYTE = 2 ** 20;

/** How long a soak is, and how the collector is ended meanwhile: by turns with SIGTERM and `kill -9`. */
export interface Soak {
  readonly seconds: number;
  readonly restarts: number;
  /** For how long the collector is away each time. */
  readonly downSeconds: number;
}

/**
 * A program logs a thousand points a second while the collector goes and comes: each is stored once, without `simvue sync`.
 *
 * @returns resident memory of the program, a sample a second, MiB.
 */
export async function soakClient({ seconds, restarts, downSeconds }: Soak): Promise<number[]> {
  await using collector = await CollectorProcess.start();
  await using spool = await temporarySpool();
  const id = randomUUID().replaceAll('-', '').slice(0, 22);
  const program = new TestProcess(process.execPath, [PROGRAM], {
    SIMVUE_OFFLINE_DIRECTORY: spool.path,
    SIMVUE_URL: collector.url,
    RUN_ID: id,
    SECONDS: String(seconds),
    POINTS_PER_SECOND: String(POINTS_PER_SECOND),
  });
  const betweenMillis = (seconds * 1000) / (restarts + 1) - downSeconds * 1000;
  for (let restart = 0; restart < restarts; restart++) {
    await sleep(betweenMillis);
    await (restart % 2 === 0 ? collector.kill() : collector.stop());
    await sleep(downSeconds * 1000);
    await collector.restart();
  }
  const { code, stdout, stderr } = await program.exited;
  expect(code, stderr).toBe(0);
  const counters = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  expect(counters).toMatchObject({ dropped: 0, rejected: 0, invalid: 0, pendingPoints: 0, pendingEvents: 0 });
  await expectStatus(collector.rest, id, 'completed');
  await expectEachPointOnce(collector.rest, id, seconds * POINTS_PER_SECOND);
  return [...stdout.matchAll(/^rss (\d+)/gm)].map(([, bytes]) => Number(bytes) / MEBIBYTE);
}
