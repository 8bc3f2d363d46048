import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CollectorProcess, runCollectorCommand } from '../../support/collector-process.ts';
import { canMount, limitWrites, SmallDisk } from '../../support/full-disk.ts';
import { LoadProcess } from '../../support/load/load-process.ts';
import { verifyLoad } from '../../support/load/verify-load.ts';
import { postPoint } from '../../support/otlp-json.ts';
import { eventually } from '../../support/rest-reader.ts';

const LOAD = { prefix: 'full', runs: 4, metrics: 10, steps: 50, connections: 2, seconds: 2 };
const EVERYTHING = { missing: 0, doubled: 0, wrong: 0, invented: 0 };

/** Takes the room away under load and gives it back: said once, nothing lost. */
async function surviveFullDisk(
  collector: CollectorProcess,
  rate: number,
  take: () => Promise<void> | void,
  give: () => Promise<void> | void,
): Promise<void> {
  const ready = () => fetch(`${collector.url}/readyz`);
  const load = new LoadProcess(`${collector.url}/v1/metrics`, { ...LOAD, rate });
  await eventually(
    () => collector.rest.runs(),
    ({ count }) => count === LOAD.runs,
  );
  await take();
  const refused = await eventually(ready, ({ status }) => status === 503);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('cannot be written') });
  expect(await (await fetch(`${collector.url}/metrics`)).text()).toMatch(/^simvue_collector_disk_trouble [1-4]$/m);
  expect((await collector.rest.runs()).count).toBe(LOAD.runs);
  await expect(postPoint(collector.url, { 'simvue.run.name': 'refused' }, 'x', 0, 0)).rejects.toThrow('503');
  await sleep(1_200);
  expect(await (await fetch(`${collector.url}/healthz`)).json()).toEqual({ status: 'ok' });
  await give();
  await eventually(ready, ({ status }) => status === 200);
  const report = await load.report();
  // On a slow machine the load may be over before the disk is full.
  expect(['200', '503']).toEqual(expect.arrayContaining(Object.keys(report.answers)));
  expect(report.partialAnswers).toBe(0);
  expect(await verifyLoad(collector.rest, report)).toMatchObject(EVERYTHING);
  expect(collector.log.match(/cannot be written/g)).toHaveLength(1);
  expect(collector.log.match(/data is accepted again/g)).toHaveLength(1);

  await collector.kill();
  await collector.restart();
  expect(await verifyLoad(collector.rest, report)).toMatchObject(EVERYTHING);
  expect((await collector.stop()).code).toBe(0);
}

test.concurrent('while no file can be written data is refused with 503, and afterwards all that was acknowledged is there once', async () => {
  await using collector = await CollectorProcess.start();
  await surviveFullDisk(
    collector,
    20_000,
    () => limitWrites(collector.pid, true),
    () => limitWrites(collector.pid, false),
  );
});

test
  .runIf(canMount())
  .concurrent('the same on a file system without a free block, where a start ends with the reason', async () => {
    using disk = new SmallDisk(64);
    await using collector = await CollectorProcess.start({ dataDirectory: disk.directory });
    await surviveFullDisk(
      collector,
      // Enough to fill the segments of the log that are there.
      100_000,
      () => disk.fill(),
      () => disk.empty(),
    );
    disk.fill();
    const start = await runCollectorCommand(['--port', '0', '--data', disk.directory]);
    expect(start).toMatchObject({ code: 2, stderr: expect.stringMatching(/cannot be (written|opened): /) });
  });
