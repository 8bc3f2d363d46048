import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EventRecord } from '../../../../collector/pipeline/telemetry.ts';
import { Shard } from '../../../../collector/store/shard/shard.ts';
import type { EventQuery, RunEvents } from '../../../../collector/store/telemetry-store.ts';
import { memoryDirectory } from '../../../support/memory-directory.ts';
import { stage, stagingBlock, type TestPoint, type TestSegment, testSeries } from '../../../support/shard-requests.ts';

const RUN = 'cccccccccccccccccccccc';
const OTHER = 'dddddddddddddddddddddd';
const block = stagingBlock();

let directory: string;
let shard: Shard;
let sequence: number;

beforeEach(() => {
  directory = memoryDirectory('shard-');
  sequence = 0;
  shard = open();
});
afterEach(() => {
  shard.close();
  rmSync(directory, { recursive: true });
});

function open(): Shard {
  const opened = new Shard(join(directory, 'points-0.db'));
  opened.addBlock(block);
  return opened;
}

function commit(segments: readonly TestSegment[], events: readonly RunEvents[] = []): void {
  shard.commit(stage(block, ++sequence, segments, events));
}

function points(count: number, start = 0, value = 1): TestPoint[] {
  return Array.from({ length: count }, (_, i) => ({
    time: BigInt(start + i + 1),
    value: value + i,
    step: start + i,
    runTime: Number.NaN,
  }));
}

function event(body: string, time: number, other: Partial<EventRecord> = {}): EventRecord {
  return {
    timeUnixNano: BigInt(time),
    observedTimeUnixNano: BigInt(time),
    severityNumber: 9,
    severityText: 'INFO',
    eventName: '',
    body,
    attributes: {},
    traceId: '',
    spanId: '',
    uid: undefined,
    ...other,
  };
}

function of(...records: EventRecord[]): RunEvents {
  return { runId: RUN, instance: 'one', records };
}

function bodies(query: Partial<EventQuery> = {}): string[] {
  const page = shard.events({ runId: RUN, start: 0, count: 0, descending: false, ...query });
  return page.events.map((one) => one.body);
}

describe('writers', () => {
  const of = (instance: string, edges: number[], droppedAttributes = 0) => ({
    runId: RUN,
    instance,
    edges,
    givenUp: 0,
    droppedAttributes,
  });
  const requests = [[of('a', [1, 3], 2)], [of('a', [6, 6, 9, 9]), of('b', [5, 5])], [of('a', [5, 5, 7, 8], 1)]];
  const apply = (from: number): void => {
    for (const [index, writers] of requests.entries())
      if (index >= from) shard.commit({ ...stage(block, index + 1, []), writers });
  };

  test('tell what has not come, after a replay and a request that came again too', () => {
    apply(0);
    const expected = [
      { instance: 'a', missing: 1, droppedAttributes: 3 },
      { instance: 'b', missing: 0, droppedAttributes: 0 },
    ];
    expect(shard.writers(RUN)).toEqual(expected);
    shard.close();
    shard = open();
    apply(0);
    expect(shard.writers(RUN)).toEqual(expected);
    shard.commit({ ...stage(block, 4, []), writers: [of('a', [4, 4])] });
    expect(shard.writers(RUN)[0]).toEqual({ instance: 'a', missing: 0, droppedAttributes: 3 });
    shard.deleteRuns([RUN]);
    expect(shard.writers(RUN)).toEqual([]);
  });
});

describe('events', () => {
  test('are counted by level as they are stored: each once, over restarts, and gone with the run', () => {
    const levels = [0, 9, 12, 13, 16, 17, 24].map((severityNumber, i) => event(`no. ${i}`, i, { severityNumber }));
    const counts = (...runs: string[]) =>
      (['count', 'errors', 'warnings'] as const).map((counted) => shard.eventCounts(counted, runs));
    expect(counts(RUN)).toEqual([[undefined], [undefined], [undefined]]);
    commit([], [of(...levels)]);
    commit([], [of(...levels.slice(3), event('late', 1)), { ...of(event('quiet', 1)), runId: OTHER }]);
    const expected = [
      [1, 8],
      [undefined, 2],
      [undefined, 2],
    ];
    expect(counts(OTHER, RUN)).toEqual(expected);
    shard.close();
    shard = open();
    commit([], [of(...levels)]);
    expect(counts(OTHER, RUN)).toEqual(expected);
    shard.deleteRuns([RUN]);
    expect(counts(RUN, OTHER)).toEqual([
      [undefined, 1],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  test('the same uid is stored once, whenever it comes again', () => {
    const first = event('a', 1, { uid: 'x-1' });
    commit([], [of(first, first)]);
    commit([], [of(first)]);
    expect(bodies()).toEqual(['a']);
    shard.close();
    shard = open();
    commit([], [of(first)]);
    expect(bodies()).toEqual(['a']);
    expect(shard.statistics().duplicateEvents).toBe(1);
  });

  test('without uid, identical records count as often as one request had them', () => {
    commit([], [of(event('a', 1), event('a', 1))]);
    commit([], [of(event('a', 1))]);
    expect(bodies()).toEqual(['a', 'a']);
    commit([], [of(event('a', 1), event('a', 1), event('a', 1))]);
    expect(bodies()).toEqual(['a', 'a', 'a']);
  });

  test('whatever tells two records apart keeps both', () => {
    const records = [
      event('a', 1),
      event('b', 1),
      event('a', 2),
      event('a', 1, { severityNumber: 17 }),
      event('a', 1, { attributes: { k: 1 } }),
      event('a', 1, { eventName: 'n' }),
    ];
    commit([], [of(...records), { ...of(event('a', 1)), instance: 'two' }]);
    expect(bodies()).toHaveLength(7);
  });

  test('every field comes back', () => {
    const full = event('text ü €', 5, {
      severityText: 'Fine',
      eventName: 'n',
      attributes: { a: [1, 'x', null, { deep: true }] },
      traceId: 'ab'.repeat(16),
      spanId: 'cd'.repeat(8),
      uid: 'u',
    });
    commit([], [of(full)]);
    const page = shard.events({ runId: RUN, start: 0, count: 10, descending: false });
    expect(page).toEqual({ total: 1, events: [{ ...full, instance: 'one' }] });
  });

  test('lines of one moment stay in the order in which they came; a repeated one keeps its place', () => {
    const lines = Array.from({ length: 40 }, (_, i) => `line ${i}`);
    const [early, late] = [lines.slice(0, 25), lines.slice(25)];
    commit([], [of(...early.map((body) => event(body, 7)))]);
    commit([], [of(...[early[3] ?? '', ...late].map((body) => event(body, 7)))]);
    expect(bodies()).toEqual(lines);
    expect(bodies({ descending: true, start: 1, count: 2 })).toEqual(['line 38', 'line 37']);
  });

  test('pages go either way and filter by text, severity and time, with the total of all that match', () => {
    commit([], [of(...Array.from({ length: 25 }, (_, i) => event(`no. ${i}%`, i, { severityNumber: i })))]);
    expect(bodies({ start: 20, count: 3 })).toEqual(['no. 20%', 'no. 21%', 'no. 22%']);
    expect(bodies({ descending: true, count: 2 })).toEqual(['no. 24%', 'no. 23%']);
    expect(bodies({ contains: '7%' })).toEqual(['no. 7%', 'no. 17%']);
    expect(bodies({ minSeverity: 23 })).toEqual(['no. 23%', 'no. 24%']);
    expect(bodies({ fromUnixNano: 3n, toUnixNano: 5n })).toEqual(['no. 3%', 'no. 4%', 'no. 5%']);
    const page = shard.events({ runId: RUN, start: 0, count: 2, descending: false, contains: '1' });
    expect([page.total, page.events.length]).toEqual([12, 2]);
    expect(bodies({ runId: OTHER })).toEqual([]);
  });

  test('the histogram counts by level and covers the whole range', () => {
    commit(
      [],
      [
        of(
          event('a', 0, { severityNumber: 0 }),
          event('b', 49, { severityNumber: 13 }),
          event('c', 99, { severityNumber: 17 }),
          event('d', 100),
        ),
      ],
    );
    const bins = shard.histogram(RUN, 0n, 99n, 2);
    expect(bins.map(({ error, warn, info, debug }) => [error, warn, info, debug])).toEqual([
      [0, 1, 0, 1],
      [1, 0, 0, 0],
    ]);
    expect(shard.histogram(OTHER, 0n, 99n, 3)).toHaveLength(3);
  });
});

describe('a run that is deleted', () => {
  test('leaves nothing, and what was on its way to it is dropped and counted', () => {
    shard.define(RUN, testSeries(1));
    shard.define(OTHER, testSeries(2));
    commit([{ series: 1, points: points(3_000) }], [of(event('a', 1))]);
    shard.flush();
    commit([{ series: 1, points: points(10, 5_000) }]);
    shard.deleteRuns([RUN]);
    shard.define(RUN, testSeries(3));
    commit(
      [
        { series: 1, points: points(5, 9_000) },
        { series: 2, points: points(5) },
        { series: 3, points: points(5) },
      ],
      [of(event('late', 2))],
    );
    expect(shard.statistics().ofDeletedRuns).toBe(11);
    expect([shard.summaries(RUN), bodies()]).toEqual([[], []]);
    expect(shard.summaries(OTHER).map((one) => one.count)).toEqual([5]);
    shard.close();
    shard = open();
    expect([shard.openRun(RUN), bodies()]).toEqual([[], []]);
    expect(shard.summaries(OTHER).map((one) => one.count)).toEqual([5]);
  });

  test('can be opened again and starts empty', () => {
    shard.define(RUN, testSeries(1));
    commit([{ series: 1, points: points(5) }]);
    shard.deleteRuns([RUN]);
    expect(shard.openRun(RUN)).toEqual([]);
    shard.define(RUN, testSeries(2));
    commit([{ series: 2, points: points(2) }]);
    expect(shard.summaries(RUN).map((one) => [one.series.id, one.count])).toEqual([[2, 2]]);
  });
});

test('a series that was never defined is an error, not a dropped point', () => {
  expect(() => commit([{ series: 9, points: points(1) }])).toThrow('series 9 was never defined');
});

test('NaN, infinities, negative zero and times beyond 2^53 survive the file, and are counted apart', () => {
  shard.define(RUN, testSeries(1));
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1.5];
  const time = 2n ** 63n - 10n;
  const written = values.map((value, i) => ({ time: time + BigInt(i), value, step: i, runTime: Number.NaN }));
  commit([{ series: 1, points: written }]);
  shard.flush();
  shard.close();
  shard = open();
  commit([{ series: 1, points: written }]);
  expect(shard.statistics().points).toBe(0);
  const [summary] = shard.summaries(RUN);
  expect(summary).toMatchObject({ count: 5, nonFiniteCount: 3, min: -0, max: 1.5, sum: 1.5, last: 1.5, lastStep: 4 });
  expect([summary?.firstTimeUnixNano, summary?.lastTimeUnixNano]).toEqual([time, time + 4n]);
  const [plot] = shard.plot({ runId: RUN, seriesIds: [1], axis: 'step', originUnixNano: 0n });
  expect(plot?.kind === 'points' && [...plot.value]).toEqual(values);
});

test('only non-finite values make a summary without extremes', () => {
  shard.define(RUN, testSeries(1));
  commit([{ series: 1, points: [{ time: 1n, value: Number.NaN, step: Number.NaN, runTime: 2 }] }]);
  shard.flush();
  expect(shard.summaries(RUN)).toMatchObject([
    { count: 1, nonFiniteCount: 1, min: Number.NaN, sum: 0, lastRunTime: 2 },
  ]);
});

test('the position follows the oldest request with a point in a head, and passes all after a flush', () => {
  shard.define(RUN, testSeries(1));
  shard.define(RUN, testSeries(2));
  commit([{ series: 1, points: points(1) }]);
  for (let i = 0; i < 5; i++) commit([{ series: 2, points: points(1_024, i * 2_000) }]);
  shard.store();
  expect(shard.safeSequence).toBe(1);
  shard.flush();
  expect(shard.safeSequence).toBe(7);
});

test('memory of heads is given back when they are sealed', () => {
  for (let id = 1; id <= 50; id++) shard.define(RUN, testSeries(id));
  commit(Array.from({ length: 50 }, (_, i) => ({ series: i + 1, points: points(300) })));
  expect(shard.liveBytes).toBeGreaterThan(50 * 300 * 32);
  shard.flush();
  expect(shard.liveBytes).toBe(0);
});
