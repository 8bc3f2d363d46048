import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LastValues } from '../../../../collector/pipeline/last-values.ts';
import type { LastValueStore } from '../../../../collector/store/last-value-store.ts';

/** Points of runs, and what is kept of them; a read takes a turn of the event loop. */
function createStores(runs: readonly string[]) {
  const points = new Map<string, number>();
  const kept = new Map<string, Map<string, number>>();
  const read: string[] = [];
  let failure: Error | undefined;
  const values: LastValueStore & { sizeBytes: number } = {
    sizeBytes: 0,
    runsAfter: (id, count) => runs.filter((run) => run > id).slice(0, count),
    put(metric, given) {
      const ofMetric = kept.get(metric) ?? new Map<string, number>();
      kept.set(metric, ofMetric);
      for (const { runId, value } of given) if (value !== undefined) ofMetric.set(runId, value);
    },
    forget: (metric) => kept.delete(metric),
  };
  const readAll = async (number: string, asked: readonly string[]) => {
    read.push(...asked);
    const found = asked.map((runId) => points.get(`${number} ${runId}`));
    await new Promise(setImmediate);
    if (failure !== undefined) throw failure;
    return found;
  };
  const telemetry = {
    lastValues: (metric: string, asked: readonly string[]) => readAll(`metrics.${metric}`, asked),
    eventCounts: (counted: string, asked: readonly string[]) => readAll(`events.${counted}`, asked),
  };
  const fail = (error: Error | undefined): void => {
    failure = error;
  };
  return { points, kept, read, values, fail, lastValues: new LastValues({ values, telemetry }) };
}

it('reads every run once, then only those that got points', async () => {
  const runs = Array.from({ length: 1_201 }, (_, index) => `r${String(index).padStart(4, '0')}`);
  const { points, kept, read, lastValues } = createStores(runs);
  points.set('metrics.loss r0007', 3);
  lastValues.changed('r0001');
  const list = () => lastValues.during(['metrics.loss'], async () => kept.get('metrics.loss')?.get('r0007'));
  expect(await list()).toBe(3);
  expect(read).toEqual(runs);
  read.length = 0;
  points.set('metrics.loss r0007', 4);
  lastValues.changed('r0007');
  lastValues.changed('r0007');
  expect(await list()).toBe(4);
  expect(await list()).toBe(4);
  expect(read).toEqual(['r0007']);
});

it('reads everything again after a read that failed', async () => {
  const { points, kept, fail, lastValues } = createStores(['a', 'b']);
  fail(new Error('the shard is gone'));
  const list = () => lastValues.during(['metrics.loss'], async () => kept.get('metrics.loss')?.get('a'));
  await expect(list()).rejects.toThrow('the shard is gone');
  fail(undefined);
  points.set('metrics.loss a', 1);
  expect(await list()).toBe(1);
});

it('forgets the metric asked for longest ago when there is no room, and none that is being read', async () => {
  const { kept, values, lastValues } = createStores(['a']);
  values.sizeBytes = 1 << 30;
  await lastValues.during(['metrics.one', 'metrics.two'], async () => {
    await lastValues.during(['metrics.three'], async () => undefined);
    expect([...kept.keys()].sort()).toEqual(['metrics.one', 'metrics.two']);
  });
  expect([...kept.keys()]).toEqual(['metrics.two']);
});

it('shows each list the values of its moment, however reads and points meet', async () => {
  const ids = ['a', 'b', 'c'];
  const step = fc.oneof(
    fc.record({ run: fc.constantFrom(...ids), metric: fc.constantFrom('metrics.m', 'events.errors') }),
    fc.record({ list: fc.constantFrom('metrics.m', 'events.errors') }),
    fc.constant('turn' as const),
  );
  const law = fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
    const { points, kept, lastValues } = createStores(ids);
    const lists: Promise<void>[] = [];
    let value = 0;
    for (const one of steps) {
      if (one === 'turn') await new Promise(setImmediate);
      else if ('run' in one) {
        points.set(`${one.metric} ${one.run}`, ++value);
        lastValues.changed(one.run);
      } else {
        const known = ids.map((id) => points.get(`${one.list} ${id}`) ?? Number.NaN);
        const seen = async (): Promise<void> => {
          for (const [index, id] of ids.entries()) {
            const found = kept.get(one.list)?.get(id) as number;
            // A point that came meanwhile may be there.
            if (!Number.isNaN(known[index])) expect(found).toBeGreaterThanOrEqual(known[index] as number);
          }
        };
        lists.push(lastValues.during([one.list], seen));
      }
    }
    await Promise.all(lists);
  });
  await fc.assert(law, { numRuns: 200 });
});
