import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RECORD_KIND } from '../../../../collector/pipeline/record-kind.ts';
import { type ReplayParts, replayLog } from '../../../../collector/pipeline/replay.ts';
import { POINT_BYTES, StagingArena } from '../../../../collector/pipeline/staging.ts';
import { Refusals } from '../../../../collector/pipeline/telemetry-batch.ts';
import { createRequestDecoder } from '../../../../collector/receiver/request-decoder.ts';
import type { IngestRecord } from '../../../../collector/store/ingest-log-port.ts';
import { RequestTemplate } from '../../../support/load/request-template.ts';

const POINTS = 24;
const META = { receivedAt: 1, principal: 'local', decoderVersion: 1 };
const template = new RequestTemplate({ prefix: 'r', runs: 1, metrics: 1, steps: POINTS, first: 0, stride: 1 });

/** Each body takes three of four staging blocks, and a shard holds them for some turns of the event loop. */
async function replayed(records: readonly IngestRecord[]) {
  const arena = new StagingArena(() => undefined, { blockBytes: 8 * POINT_BYTES, maxBlocks: 4 });
  const committed: [sequence: number, points: number][] = [];
  const unreadable: [sequence: number, reason: string][] = [];
  const hold = async (blocks: readonly number[]): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    for (const block of blocks) arena.release(block);
  };
  const pipeline: ReplayParts['pipeline'] = {
    commit(sequence, _logBytes, _receivedAt, { blocks, points }) {
      committed.push([sequence, points]);
      for (const block of blocks) arena.retain(block);
      void hold(blocks);
    },
  };
  const plan = {
    bound: [],
    refusals: new Refusals(),
    warnings: [],
    choices: undefined,
    retryAfterSeconds: undefined,
    changedRuns: new Set<string>(),
  };
  const { records: count } = await replayLog({
    log: {
      async *replay() {
        yield* records;
      },
    },
    telemetry: { hasRoom: true },
    decoder: createRequestDecoder({ arena }),
    planner: { plan: () => Promise.resolve(plan) },
    pipeline,
    arena,
    from: 1,
    onUnreadable: ({ sequence }, reason) => unreadable.push([sequence, reason]),
  });
  return { count, committed, unreadable };
}

function record(sequence: number): IngestRecord {
  template.fill(sequence, 1_700_000_000_000);
  return { sequence, kind: RECORD_KIND.otlpMetricsProtobuf, meta: META, body: Buffer.from(template.body) };
}

test('a record for which the shards have no room yet is waited for, not left out', async () => {
  const sequences = [1, 2, 3, 4, 5];
  expect(await replayed(sequences.map(record))).toEqual({
    count: sequences.length,
    committed: sequences.map((sequence) => [sequence, POINTS]),
    unreadable: [],
  });
});

test('a record that cannot be decoded is told and left out', async () => {
  const damaged = { ...record(2), body: Buffer.from([0x0a, 0x05, 0xff]) };
  const { committed, unreadable } = await replayed([record(1), damaged, record(3)]);
  expect(committed.map(([sequence]) => sequence)).toEqual([1, 3]);
  expect(unreadable).toEqual([[2, expect.any(String)]]);
});
