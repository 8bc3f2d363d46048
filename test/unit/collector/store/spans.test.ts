import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SpanRecord } from '../../../../collector/pipeline/span.ts';
import { Shard } from '../../../../collector/store/shard/shard.ts';
import type { SpanQuery } from '../../../../collector/store/span-store.ts';
import type { ShardCommit } from '../../../../collector/store/telemetry-store.ts';
import { memoryDirectory } from '../../../support/memory-directory.ts';

const RUNS = ['aaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbb'] as const;

let directory: string;
let shard: Shard;
let log: ShardCommit[];

const open = (): Shard => new Shard(join(directory, 'points-0.db'));

beforeEach(() => {
  directory = memoryDirectory('spans-');
  shard = open();
  log = [];
});
afterEach(() => {
  shard.close();
  rmSync(directory, { recursive: true });
});

/** Span number `index`: three in a trace, which begin at the same time; names alternate. */
function span(index: number): SpanRecord {
  const start = 10n ** 18n + BigInt(Math.floor(index / 3));
  return {
    traceId: (Math.floor(index / 3) + 1).toString(16).padStart(32, '0'),
    spanId: (index + 1).toString(16).padStart(16, '0'),
    parentSpanId: index % 3 === 0 ? '' : (index - (index % 3) + 1).toString(16).padStart(16, '0'),
    traceState: index % 4 === 0 ? '' : `a=${index}`,
    flags: 2 ** 32 - 1 - index,
    scope: { name: `scope ${index % 2}`, version: '1' },
    name: index % 2 === 0 ? 'even' : 'odd',
    kind: index % 6,
    startTimeUnixNano: start,
    endTimeUnixNano: start + 5n,
    statusCode: index % 3,
    statusMessage: '',
    attributes: { index, deep: { list: [1, 'two', null] } },
    events: index % 5 === 0 ? [{ timeUnixNano: start + 1n, name: 'tick', attributes: {} }] : [],
    links:
      index % 7 === 0
        ? [
            {
              traceId: '0'.repeat(31).concat('9'),
              spanId: '',
              traceState: 'b=1',
              flags: 1,
              attributes: { as: 'cause' },
            },
          ]
        : [],
  };
}

function commit(runId: string, indexes: readonly number[], sequence = log.length + 1): void {
  const spans = [{ runId, instance: 'w1', spans: indexes.map(span), textBytes: 100 * indexes.length }];
  const one = { sequence, logBytes: sequence * 1000, segments: new Int32Array(0), events: [], spans, writers: [] };
  log.push(one);
  shard.commit(one);
}

const read = (runId: string, query: Partial<SpanQuery> = {}) => shard.spans({ runId, start: 0, count: 1000, ...query });

describe('spans of a shard', () => {
  test('are read as they were written, in order of their start, and take no memory once they are stored', () => {
    commit(RUNS[0], [5, 2, 0, 9, 7]);
    expect(shard.liveBytes).toBeGreaterThan(500);
    expect(read(RUNS[0])).toEqual({
      total: 5,
      spans: [0, 2, 5, 7, 9].map((index) => ({ ...span(index), instance: 'w1' })),
    });
    expect(shard.liveBytes).toBe(0);
    expect(read(RUNS[1])).toEqual({ total: 0, spans: [] });
  });

  test('go with their run; those that were on their way are counted', () => {
    commit(RUNS[0], [1, 2, 3]);
    commit(RUNS[1], [4]);
    shard.deleteRuns([RUNS[0]]);
    commit(RUNS[0], [6, 7]);
    expect(read(RUNS[0]).total).toBe(0);
    expect(read(RUNS[1]).total).toBe(1);
    expect(shard.statistics()).toMatchObject({ spans: 4, duplicateSpans: 0, ofDeletedRuns: 2 });
  });
});

test('whatever arrives, twice or in disorder, and whenever the shard is killed: each span is there once', () => {
  const indexes = fc.array(fc.nat(40), { minLength: 1, maxLength: 8 });
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ run: fc.constantFrom(...RUNS), indexes }) },
    { weight: 1, arbitrary: fc.constant('store' as const) },
    { weight: 1, arbitrary: fc.constant('kill' as const) },
  );
  const range = fc.record({ from: fc.nat(14), to: fc.nat(14), name: fc.constantFrom(undefined, 'even', 'odd') });
  const page = fc.record({ start: fc.nat(10), count: fc.integer({ min: 1, max: 20 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), range, page, (steps, { from, to, name }, { start, count }) => {
      const home = directory;
      directory = mkdtempSync(join(home, 'law-'));
      shard.close();
      shard = open();
      log = [];
      const expected = new Map<string, Set<number>>(RUNS.map((run) => [run, new Set()]));
      for (const one of steps) {
        if (one === 'store') shard.store();
        else if (one === 'kill') {
          shard = open(); // what was not stored is gone
          for (const again of log.slice(shard.safeSequence - 1)) shard.commit(again);
        } else {
          commit(one.run, one.indexes);
          for (const index of one.indexes) expected.get(one.run)?.add(index);
        }
      }
      const [fromUnixNano, toUnixNano] = [10n ** 18n + BigInt(from), 10n ** 18n + BigInt(to)];
      for (const run of RUNS) {
        const all = [...(expected.get(run) ?? [])].sort((a, b) => a - b);
        expect(read(run).spans.map(({ attributes }) => attributes['index'])).toEqual(all);
        const matching = all
          .map(span)
          .filter(({ startTimeUnixNano: at }) => at >= fromUnixNano && at <= toUnixNano)
          .filter((one) => name === undefined || one.name === name);
        const found = read(run, { fromUnixNano, toUnixNano, name, start, count });
        expect(found.total).toBe(matching.length);
        expect(found.spans).toEqual(matching.slice(start, start + count).map((one) => ({ ...one, instance: 'w1' })));
      }
      directory = home;
    }),
    { numRuns: 60 },
  );
}, 60_000);
