import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Shard } from '../../../../collector/store/shard/shard.ts';
import { memoryDirectory } from '../../../support/memory-directory.ts';
import { stage, stagingBlock, testSeries } from '../../../support/shard-requests.ts';

const block = stagingBlock();
let directory: string;
let shard: Shard;
let sequence = 0;
let series = 0;
beforeEach(() => {
  directory = memoryDirectory('step-span-');
  shard = new Shard(join(directory, 'points-0.db'));
  shard.addBlock(block);
});
afterEach(() => {
  shard.close();
  rmSync(directory, { recursive: true });
});

/** A writer's points of a metric, one a nanosecond from `begin` on, with steps from `firstStep` on; NaN = without steps. */
interface Written {
  readonly metric: string;
  readonly begin: number;
  readonly firstStep: number;
  readonly count: number;
}

function write(run: string, writers: readonly Written[], isSealed: boolean): void {
  for (const { metric, begin, firstStep, count } of writers) {
    shard.define(run, { ...testSeries(++series, metric), instance: `writer ${series}` });
    const points = Array.from({ length: count }, (_, i) => ({
      ...{ time: BigInt(begin + i), value: i, step: firstStep + i, runTime: Number.NaN },
    }));
    // Two requests, so that a part may be sealed and the rest in the head.
    for (const part of [points.slice(0, count >> 1), points.slice(count >> 1)]) {
      if (part.length > 0) shard.commit(stage(block, ++sequence, [{ series, points: part }]));
      if (isSealed) shard.flush();
    }
  }
}

const spanOf = (runId: string, since = 0) => shard.stepSpans([{ runId, sinceUnixNano: BigInt(since) }])[0];
const span = (firstStep: number, firstTime: number, lastStep: number, lastTime: number) => ({
  ...{ firstStep, firstTimeUnixNano: BigInt(firstTime), lastStep, lastTimeUnixNano: BigInt(lastTime) },
});

test('a run is as far as the metric that came furthest, from its first point on', () => {
  write(
    'r',
    [
      { metric: 'slow', begin: 10, firstStep: 0, count: 5 },
      { metric: 'fast', begin: 20, firstStep: 3, count: 8 },
    ],
    false,
  );
  expect(spanOf('r')).toEqual(span(3, 20, 10, 27));
  expect(shard.stepSpans([{ runId: 'unknown', sinceUnixNano: 0n }])).toEqual([undefined]);
});

test('what is sampled of the machine, and what has no steps, does not count', () => {
  write(
    'r',
    [
      { metric: 'resources/cpu.usage.percent', begin: 10, firstStep: 0, count: 50 },
      { metric: 'plain', begin: 10, firstStep: Number.NaN, count: 50 },
    ],
    false,
  );
  expect(spanOf('r')).toBeUndefined();
});

test('of several writers of a metric the one that began last counts, though an earlier one came further', () => {
  write(
    'r',
    [
      { metric: 'loss', begin: 10, firstStep: 0, count: 100 },
      { metric: 'loss', begin: 200, firstStep: 50, count: 4 },
    ],
    true,
  );
  expect(spanOf('r')).toEqual(span(50, 200, 53, 203));
});

test('what is measured is what came since a time, read anew for another time, sealed or not', () => {
  const writer = fc.record({
    metric: fc.constantFrom('a', 'b'),
    begin: fc.integer({ min: 1, max: 60 }),
    firstStep: fc.nat({ max: 200 }),
    count: fc.integer({ min: 1, max: 30 }),
  });
  const writers = fc.uniqueArray(writer, { maxLength: 4, selector: ({ begin }) => begin });
  let runs = 0;
  fc.assert(
    fc.property(
      writers,
      fc.boolean(),
      fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 3 }),
      (all, isSealed, times) => {
        const run = `law ${runs++}`;
        write(run, all, isSealed);
        for (const since of times) expect(spanOf(run, since)).toEqual(oracle(all, since));
      },
    ),
    { numRuns: 60 },
  );
});

function oracle(all: readonly Written[], since: number) {
  const endOf = ({ begin, count }: Written) => begin + count - 1;
  const lastStepOf = ({ firstStep, count }: Written) => firstStep + count - 1;
  const live = all.filter((one) => endOf(one) >= since);
  const newest = live.filter((one) => !live.some(({ metric, begin }) => metric === one.metric && begin > one.begin));
  const furthest = newest.reduce<Written | undefined>(
    (best, one) => (best === undefined || lastStepOf(one) > lastStepOf(best) ? one : best),
    undefined,
  );
  if (furthest === undefined) return undefined;
  const { begin, firstStep } = furthest;
  const first = Math.max(begin, since);
  return span(firstStep + first - begin, first, lastStepOf(furthest), endOf(furthest));
}
