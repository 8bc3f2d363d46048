import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestProcess } from '../../support/child-process.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { canMount, SmallDisk } from '../../support/full-disk.ts';
import { expectEachPointOnce, startSync, temporarySpool } from '../../support/journal-end.ts';

const PROGRAM = fileURLToPath(new URL('./programs/full-disk.mjs', import.meta.url));
const FOR_A_WHILE = fileURLToPath(new URL('./programs/full-for-a-while.mjs', import.meta.url));
const newRunId = () => randomUUID().replaceAll('-', '').slice(0, 22);

let collector: CollectorProcess;
beforeAll(async () => {
  collector = await CollectorProcess.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

async function expectWholeRun(id: string): Promise<void> {
  const { rest } = collector;
  await expectEachPointOnce(rest, id);
  expect(await rest.run(id)).toMatchObject({ status: 'completed' });
  expect(await rest.get(`/runs/${id}/artifacts`)).toMatchObject([{ name: 'state' }]);
}

test.concurrent('a disk that takes nothing any more costs a run that sends nothing, and is told once of each kind', async () => {
  await using spool = await temporarySpool();
  const id = newRunId();
  const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: collector.url };
  const { code, stdout, stderr } = await new TestProcess('node', [PROGRAM, id, 'online', 'limit'], environment).exited;
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ closed: true, dropped: 0, invalid: 0, pendingPoints: 0 });
  // A slow collector may be said to be one.
  expect(stderr.match(/SimvueWarning: (?!Data waits).*/g)).toEqual([
    expect.stringContaining('The journal fails: EFBIG'),
    expect.stringContaining('Artifacts are sent without the journal'),
  ]);
  await expectWholeRun(id);
});

test.runIf(canMount()).concurrent('on a disk that is full from the start a run that sends loses nothing', async () => {
  using disk = new SmallDisk(1);
  disk.fill();
  const id = newRunId();
  const environment = { SIMVUE_OFFLINE_DIRECTORY: join(disk.directory, 'spool'), SIMVUE_URL: collector.url };
  const { code, stdout, stderr } = await new TestProcess('node', [PROGRAM, id, 'online'], environment).exited;
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ closed: true, dropped: 0, invalid: 0, pendingPoints: 0 });
  await expectWholeRun(id);
});

test
  .runIf(canMount())
  .concurrent(
    'what an offline run keeps on a full disk is sent from there, and that it has ended is kept',
    async () => {
      using disk = new SmallDisk(1);
      const spool = join(disk.directory, 'spool');
      const environment = { SIMVUE_OFFLINE_DIRECTORY: spool, POINTS: '30000' };
      const id = newRunId();
      const job = await new TestProcess('node', [PROGRAM, id, 'offline'], environment).exited;
      const kept = JSON.parse(job.stdout) as { dropped: number; pendingPoints: number; pendingEvents: number };
      expect(kept.dropped).toBeGreaterThan(1000);
      expect(kept.pendingPoints).toBeGreaterThan(1000);
      // Where the end has room, so may have the artifact.
      expect(job.stderr.match(/SimvueWarning: (?!artifact).*/g)).toEqual([
        expect.stringContaining('The journal fails: ENOSPC'),
        expect.stringContaining('Data is dropped'),
      ]);
      const [journal = ''] = readdirSync(spool);
      expect(readdirSync(join(spool, journal)).length).toBeLessThan(6);
      disk.fill();
      const synced = await startSync([spool, '--url', collector.url], environment).exited;
      expect(synced.code, synced.stderr).toBe(0);
      expect(synced.stdout).toContain(`: ${kept.pendingPoints + kept.pendingEvents} delivered`);
      expect(readdirSync(spool)).toEqual([]);
      const run = await collector.rest.run(id);
      expect(run).toMatchObject({ status: 'completed' });
    },
  );

test.runIf(canMount()).concurrent('when there is room again an offline run goes on', async () => {
  using disk = new SmallDisk(1);
  const spool = join(disk.directory, 'spool');
  const environment = { SIMVUE_OFFLINE_DIRECTORY: spool };
  const id = newRunId();
  const job = new TestProcess('node', [FOR_A_WHILE, id], environment);
  await job.waitForOutput(/started/);
  disk.fill();
  await job.waitForOutput(/full/);
  disk.empty();
  const { code, stdout, stderr } = await job.exited;
  expect(code, stderr).toBe(0);
  const { taken } = JSON.parse(stdout.split('\n')[2] ?? '') as { taken: number[] };
  const synced = await startSync([spool, '--url', collector.url], environment).exited;
  expect(synced.code, synced.stderr).toBe(0);
  const values = (await collector.rest.metricValues([id], ['x', 'after']))[id];
  expect(values?.['x']?.map(({ value }) => value)).toEqual(taken);
  expect(values?.['after']).toHaveLength(1);
  expect(await collector.rest.run(id)).toMatchObject({ status: 'completed' });
});

test.runIf(canMount()).concurrent.each(['throw', 'process.exit(1)', 'SIGTERM'])(
  'how a run has ended on a full disk is kept: %s',
  async (way) => {
    using disk = new SmallDisk(1);
    const spool = join(disk.directory, 'spool');
    const environment = { SIMVUE_OFFLINE_DIRECTORY: spool };
    const id = newRunId();
    const job = new TestProcess('node', [FOR_A_WHILE, id, way], environment);
    await job.waitForOutput(/started/);
    disk.fill();
    await job.exited;
    const synced = await startSync([spool, '--url', collector.url], environment).exited;
    expect(synced.code, synced.stderr).toBe(0);
    expect(await collector.rest.run(id)).toMatchObject({ status: way === 'SIGTERM' ? 'terminated' : 'failed' });
  },
);
