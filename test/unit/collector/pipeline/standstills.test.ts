import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasOwnPoints } from '../../../../collector/pipeline/own-points.ts';
import { Standstills } from '../../../../collector/pipeline/standstills.ts';
import { SEGMENT_SERIES, SEGMENT_WORDS } from '../../../../collector/pipeline/telemetry-batch.ts';

const summary = (displayName: string, count: number, lastTimeUnixNano: bigint) =>
  ({ series: { definition: { displayName } }, count, lastTimeUnixNano }) as never;

test('the runs that were silent since a time come in the order of their silence', () => {
  const heard = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat({ max: 5 }));
  fc.assert(
    fc.property(fc.array(heard), fc.nat({ max: 60 }), (all, since) => {
      const standstills = new Standstills({ summaries: async () => [] });
      const last = new Map<string, number>();
      let now = 0;
      for (const [run, pause] of all) {
        now += pause;
        standstills.heard(run, now);
        last.delete(run);
        last.set(run, now);
      }
      const expected = [...last].filter(([, at]) => at <= since).map(([run]) => run);
      expect([...standstills.since(since)]).toEqual(expected);
    }),
  );
});

test('after a restart a run was silent as long as it was when the collector was last alive, and its downtime counts for nobody', () => {
  const run = fc.record({ last: fc.option(fc.nat({ max: 400 }), { nil: undefined }), isHeard: fc.boolean() });
  return fc.assert(
    fc.asyncProperty(fc.array(run, { maxLength: 6 }), fc.nat({ max: 900 }), async (runs, at) => {
      const [aliveAt, startedAt, later] = [300, 500, 530];
      const standstills = new Standstills({
        summaries: async (id) => {
          const { last } = runs[Number(id)] ?? {};
          return last === undefined ? [] : [summary('loss', 1, BigInt(last) * 1_000_000n)];
        },
      });
      for (const [id] of runs.entries()) standstills.heard(String(id), startedAt);
      for (const [id, { isHeard }] of runs.entries()) if (isHeard) standstills.heard(String(id), later);
      await standstills.resume(aliveAt, startedAt, new AbortController().signal);
      const heardAt = ({ last = aliveAt, isHeard }: (typeof runs)[number]) =>
        isHeard ? later : startedAt - Math.max(0, aliveAt - last);
      const found = [...standstills.since(at)];
      const silent = runs.map(heardAt);
      expect(found.toSorted()).toEqual([...runs.keys()].filter((id) => (silent[id] as number) <= at).map(String));
      const times = found.map((id) => silent[Number(id)] as number);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }),
  );
});

test('how far a run came is told by its newest own point, and read once a silence', async () => {
  let reads = 0;
  const standstills = new Standstills({
    summaries: async () => {
      reads++;
      return [
        summary('loss', 9, 5n),
        summary('resources/cpu', 90, 50n),
        summary('lift', 7, 6n),
        summary('empty', 0, 99n),
      ];
    },
  });
  standstills.heard('a', 1);
  const told = { metric: 'lift', points: 7, lastTimeUnixNano: 6n };
  expect([await standstills.progressOf('a'), await standstills.progressOf('a'), reads]).toEqual([told, told, 1]);
  standstills.heard('a', 2);
  await standstills.progressOf('a');
  expect([await standstills.progressOf('unknown'), reads]).toEqual([undefined, 2]);
});

test('what could not be read is read again', async () => {
  let reads = 0;
  const standstills = new Standstills({
    summaries: async () => {
      if (reads++ === 0) throw new Error('busy');
      return [summary('resources/cpu', 9, 5n)];
    },
  });
  standstills.heard('a', 1);
  await expect(standstills.progressOf('a')).rejects.toThrow('busy');
  expect(await standstills.progressOf('a')).toBeUndefined();
});

test('a part has points of its own when any of its segments has', () => {
  const names = ['resources/cpu.usage.percent', 'loss', 'resources/memory.usage'];
  const resource = { series: names.map((displayName) => ({ displayName })) } as never;
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 })), fc.nat({ max: 3 }), (series, before) => {
      const segments = new Int32Array((before + series.length) * SEGMENT_WORDS).fill(1);
      for (const [index, local] of series.entries())
        segments[(before + index) * SEGMENT_WORDS + SEGMENT_SERIES] = local;
      const part = { resource, segmentStart: before, segmentCount: series.length };
      expect(hasOwnPoints(part, segments)).toBe(series.includes(1));
    }),
  );
});
