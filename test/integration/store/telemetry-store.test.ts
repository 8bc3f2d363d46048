import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTelemetryStore } from '../../../collector/dist/store/sharded-telemetry-store.js';
import type { TelemetryStore } from '../../../collector/store/telemetry-store.ts';
import { stage, stagingBlock, type TestPoint } from '../../support/shard-requests.ts';

let directory: string;
let store: TelemetryStore;
const block = stagingBlock();
const fail = (error: unknown): never => {
  throw error;
};

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'telemetry-'));
  store = await open();
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function open(onFatal: (error: unknown) => void = fail): Promise<TelemetryStore> {
  const opened = await openTelemetryStore({ directory, shards: 2, onFatal, onDisk: fail });
  opened.addBlock(block);
  return opened;
}

/** A run id of the given shard. */
function runOf(shard: number): string {
  for (let i = 0; ; i++) {
    const id = String(i).padStart(22, 'r');
    if (store.shardOf(id) === shard) return id;
  }
}

function define(runId: string, name = 'loss'): number {
  return store.defineSeries(
    runId,
    { name, displayName: name, attributes: [], unit: '', temporality: 'gauge' },
    'instance',
  );
}

function points(count: number, start = 0): TestPoint[] {
  return Array.from({ length: count }, (_, i) => ({
    time: BigInt(start + i + 1),
    value: start + i,
    step: start + i,
    runTime: Number.NaN,
  }));
}

/** Sends points and waits until the shard has copied them, so that the block can be written again. */
function commit(shard: number, sequence: number, series: number, sent: readonly TestPoint[]): Promise<void> {
  return new Promise((released) => {
    store.commit(shard, stage(block, sequence, [{ series, points: sent }]), released);
  });
}

async function count(runId: string): Promise<number | undefined> {
  return (await store.summaries(runId))[0]?.count;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 20));
}

test('a read right after a commit sees it', async () => {
  const runId = runOf(0);
  const series = define(runId);
  for (let i = 0; i < 50; i++) {
    const done = commit(0, i + 1, series, points(100, i * 100));
    expect(await count(runId)).toBe((i + 1) * 100);
    await done;
  }
});

test('shards are numbered in the directory once: another number later changes nothing', async () => {
  const runs = Array.from({ length: 20 }, (_, i) => String(i).padStart(22, 'x'));
  const before = runs.map((run) => store.shardOf(run));
  expect(new Set(before).size).toBe(2);
  await store.close();
  store = await openTelemetryStore({ directory, shards: 5, onFatal: fail, onDisk: fail });
  expect([store.shardCount, runs.map((run) => store.shardOf(run))]).toEqual([2, before]);
});

test('the position passes what a flush stored, and a shard without requests does not hold it back', async () => {
  const series = define(runOf(1));
  const told: number[] = [];
  store.onSafeSequence((sequence) => told.push(sequence));
  for (let sequence = 1; sequence <= 5; sequence++) await commit(1, sequence, series, points(10, sequence * 10));
  expect(store.safeSequence).toBe(1);
  await store.flush();
  await until(() => told.length > 0);
  expect([store.safeSequence, told.at(-1)]).toEqual([6, 6]);
});

test('a replay after a restart adds what is missing and nothing twice', async () => {
  const runId = runOf(0);
  const series = define(runId);
  await commit(0, 1, series, points(3_000));
  await store.close();
  store = await open();
  expect(store.replayFrom).toBe(1);
  expect((await store.openRun(runId)).map((one) => [one.id, one.definition.name, one.instance])).toEqual([
    [series, 'loss', 'instance'],
  ]);
  await commit(0, 1, series, points(3_000));
  await commit(0, 2, series, points(10, 3_000));
  expect(await count(runId)).toBe(3_010);
});

test('a shard that dies is told once, calls are refused and close does not hang', async () => {
  await store.close();
  const failures: unknown[] = [];
  store = await open((error) => failures.push(error));
  store.commit(0, stage(block, 1, [{ series: 77, points: points(1) }]), () => {});
  await until(() => failures.length > 0);
  await expect(store.summaries(runOf(0))).rejects.toThrow('series 77 was never defined');
  await expect(store.flush()).rejects.toMatchObject({ code: 'SIMVUE_ERR_STORE' });
  await store.close();
  expect(failures).toMatchObject([{ code: 'SIMVUE_ERR_STORE' }]);
});

test('a file that is no database names the setting, with the code of the data directory', async () => {
  await store.close();
  writeFileSync(
    join(directory, 'points-1.db'),
    'this is text, and long enough not to be taken for an empty file'.repeat(99),
  );
  await expect(open()).rejects.toMatchObject({
    code: 'SIMVUE_ERR_DATA_DIRECTORY',
    message: expect.stringMatching(/^--data: .*points-1\.db cannot be opened/),
  });
  rmSync(join(directory, 'points-1.db'));
  store = await open();
});
