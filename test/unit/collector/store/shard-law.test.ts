import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unixNano } from '../../../../collector/store/chunk/point-columns.ts';
import { seriesByName } from '../../../../collector/store/series-by-name.ts';
import { type MetricsText, mergeInstances } from '../../../../collector/store/shard/metrics-json.ts';
import { Shard } from '../../../../collector/store/shard/shard.ts';
import type { PageStart } from '../../../../collector/store/telemetry-store.ts';
import { memoryDirectory } from '../../../support/memory-directory.ts';
import { stage, stagingBlock, type TestPoint, type TestSegment, testSeries } from '../../../support/shard-requests.ts';

const RUN = 'aaaaaaaaaaaaaaaaaaaaaa';
const SERIES = [1, 2, 3];
const NAMES = [...new Set(SERIES.map((id) => testSeries(id).definition.displayName)), 'another'];

/** The naive oracle: a set of points a series. */
class Oracle {
  readonly #series = new Map<number, Map<string, TestPoint>>(SERIES.map((id) => [id, new Map()]));

  add(segments: readonly TestSegment[]): void {
    for (const { series, points } of segments) {
      for (const point of points) {
        const { time, value, step, runTime } = point;
        this.#series.get(series)?.set(identityOf(time, value, step, runTime), point);
      }
    }
  }

  points(series: number): TestPoint[] {
    return [...(this.#series.get(series)?.values() ?? [])];
  }
}

/** A shard with its log, which is a list here. `kill` forgets what was in memory and repeats the log. */
class Bench {
  readonly oracle = new Oracle();
  readonly log: (readonly TestSegment[])[] = [];
  readonly #path: string;
  readonly #block = stagingBlock();
  #text: MetricsText | undefined;
  shard: Shard;

  constructor(directory: string) {
    this.#path = join(directory, 'points-0.db');
    this.shard = this.#open();
    for (const id of SERIES) this.shard.define(RUN, testSeries(id));
  }

  request(segments: readonly TestSegment[]): void {
    this.log.push(segments);
    this.oracle.add(segments);
    this.shard.commit(stage(this.#block, this.log.length, segments));
  }

  /**
   * @param behind - records before its own position that the replay begins with, since another shard needs them.
   * @param replayed - records after which it is killed again.
   */
  kill({ behind, replayed }: Kill = { behind: 0, replayed: Number.POSITIVE_INFINITY }): void {
    this.#text = undefined;
    this.shard = this.#open();
    const known = this.shard.openRun(RUN).map((series) => series.id);
    for (const id of SERIES) if (!known.includes(id)) this.shard.define(RUN, testSeries(id));
    const first = Math.max(1, this.shard.safeSequence - behind);
    for (let sequence = first; sequence <= this.log.length; sequence++) {
      if (sequence - first === replayed) {
        this.shard.store();
        this.kill({ behind, replayed: Number.POSITIVE_INFINITY });
        return;
      }
      this.shard.commit(stage(this.#block, sequence, this.log[sequence - 1] ?? []));
    }
  }

  /** The metrics as text, asked for as a reader who keeps what has not changed. */
  read(): string {
    const version = this.#text?.version;
    const [changed] = this.shard.metricsTexts([{ runId: RUN, originUnixNano: 0n, version }]);
    this.#text = changed ?? this.#text;
    return Buffer.from(this.#text?.json ?? []).toString();
  }

  check(): void {
    const plots = this.shard.plot({ runId: RUN, seriesIds: SERIES, axis: 'timestamp', originUnixNano: 0n });
    const summaries = this.shard.summaries(RUN);
    const metrics = [...seriesByName(summaries)].map(([name, group]) => [name, mergeInstances(group, 0n)]);
    expect(this.read()).toBe(JSON.stringify(Object.fromEntries(metrics)));
    this.checkLastValues();
    this.checkPages();
    for (const [index, id] of SERIES.entries()) {
      const expected = this.oracle.points(id);
      const plot = plots[index];
      if (plot?.kind !== 'points') throw new Error('every point was asked for');
      const stored = [...plot.x].map((x, i) => `${Math.round(x * 1e9)} ${plot.value[i]}`).sort();
      expect(stored).toEqual(expected.map((point) => `${point.time} ${point.value}`).sort());
      expect([...plot.x].every((x, i) => i === 0 || x >= (plot.x[i - 1] as number))).toBe(true);
      const summary = summaries.find((one) => one.series.id === id);
      expect(summary?.count ?? 0).toBe(expected.length);
      if (summary === undefined) continue;
      const values = expected.map((point) => point.value);
      expect([summary.min, summary.max]).toEqual([Math.min(...values), Math.max(...values)]);
      expect(summary.sum).toBeCloseTo(values.reduce((a, b) => a + b));
      const times = expected.map((point) => point.time).sort((a, b) => Number(a - b));
      expect([summary.firstTimeUnixNano, summary.lastTimeUnixNano]).toEqual([times[0], times.at(-1)]);
    }
  }

  /** From memory, or from the file when the run is not in memory, they are what the view of the run shows. */
  checkLastValues(): void {
    const found = NAMES.map((name) => this.shard.lastValues(name, ['another', RUN]));
    const groups = seriesByName(this.shard.summaries(RUN));
    const shown = NAMES.map((name) => {
      const group = groups.get(name);
      return [undefined, group && mergeInstances(group, 0n).last];
    });
    expect(found).toEqual(shown);
  }

  /** Page after page every point is there once with all that it has, a series after the other, in the order of time. */
  checkPages(): void {
    const seriesIds = [SERIES[2], SERIES[0], -1, SERIES[1]].map(Number);
    const read = new Map<number, string[]>(SERIES.map((id) => [id, []]));
    let start: PageStart | undefined;
    let [place, newest] = [0, 0n];
    do {
      const page = this.shard.pointPage({ runId: RUN, seriesIds, start, maxPoints: 700 });
      for (const { seriesId, columns } of page.parts) {
        expect(seriesIds.indexOf(seriesId)).toBeGreaterThanOrEqual(place);
        if (seriesIds.indexOf(seriesId) > place) newest = 0n;
        place = seriesIds.indexOf(seriesId);
        for (let i = 0; i < columns.count; i++) {
          const time = unixNano(columns.timeLow[i] as number, columns.timeHigh[i] as number);
          expect(time).toBeGreaterThanOrEqual(newest);
          newest = time;
          read.get(seriesId)?.push(identityOf(time, columns.value[i], columns.step?.[i], columns.runTime?.[i]));
        }
      }
      start = page.next;
    } while (start !== undefined);
    for (const id of SERIES) {
      const expected = this.oracle
        .points(id)
        .map(({ time, value, step, runTime }) => identityOf(time, value, step, runTime));
      expect(read.get(id)?.sort()).toEqual(expected.sort());
    }
  }

  /** Closes the shard and opens it without a replay: no run is in memory. */
  restart(): void {
    this.shard.close();
    this.shard = this.#open();
  }

  #open(): Shard {
    const shard = new Shard(this.#path);
    shard.addBlock(this.#block);
    return shard;
  }
}

const identityOf = (time: bigint, value = Number.NaN, step = Number.NaN, runTime = Number.NaN): string =>
  `${time} ${value} ${step} ${runTime}`;

interface Kill {
  readonly behind: number;
  readonly replayed: number;
}

/** A segment in few words, so that a counterexample can be read. */
interface SegmentPlan {
  readonly series: number;
  readonly start: number;
  readonly count: number;
  readonly stride: number;
  readonly value: number;
  readonly hasStep: boolean;
}

const segmentPlan = fc.record<SegmentPlan>({
  series: fc.constantFrom(...SERIES),
  start: fc.nat(4_000),
  count: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 100, max: 1_500 })),
  stride: fc.constantFrom(0, 1, 1, 1, 2, -1),
  value: fc.constantFrom(0, 0, 0.5),
  hasStep: fc.constantFrom(true, true, false),
});

function segmentOf({ series, start, count, stride, value, hasStep }: SegmentPlan): TestSegment {
  const points = Array.from({ length: count }, (_, i) => {
    const time = Math.max(0, start + i * stride);
    const step = hasStep ? time : Number.NaN;
    return { time: BigInt(time), value: time + value, step, runTime: stride === 0 ? i : Number.NaN };
  });
  return { series, points };
}

const operation = fc.oneof(
  { weight: 8, arbitrary: fc.record({ segments: fc.array(segmentPlan, { minLength: 1, maxLength: 4 }) }) },
  { weight: 2, arbitrary: fc.nat(30).map((again) => ({ again })) },
  { weight: 2, arbitrary: fc.constant({ call: 'store' as const }) },
  { weight: 3, arbitrary: fc.constant({ call: 'flush' as const }) },
  { weight: 3, arbitrary: fc.constant({ call: 'compact' as const }) },
  { weight: 2, arbitrary: fc.record({ kill: fc.record<Kill>({ behind: fc.nat(5), replayed: fc.nat(8) }) }) },
);

test('whatever arrives, twice, late or in disorder, whenever chunks are merged and the shard is killed: each point is there once', () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 20 }), (operations) => {
      const directory = memoryDirectory('shard-');
      try {
        const bench = new Bench(directory);
        for (const one of operations) {
          if ('segments' in one) bench.request(one.segments.map(segmentOf));
          else if ('again' in one) bench.request(bench.log[one.again % Math.max(1, bench.log.length)] ?? []);
          else if ('kill' in one) bench.kill(one.kill);
          else if (one.call === 'compact') while (bench.shard.compact());
          else bench.shard[one.call]();
          bench.read();
        }
        bench.check();
        bench.kill();
        bench.check();
        bench.restart();
        bench.checkLastValues();
        bench.shard.close();
      } finally {
        rmSync(directory, { recursive: true });
      }
    }),
    { numRuns: 60 },
  );
}, 90_000);
