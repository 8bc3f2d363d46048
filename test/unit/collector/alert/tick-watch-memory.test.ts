import { expect, it } from 'vitest';
import type { WindowRule } from '../../../../collector/alert/rule.ts';
import { TickWatch } from '../../../../collector/alert/tick-watch.ts';
import { KeptWatch } from '../../../support/kept-watch.ts';
import { pointBatch } from '../../../support/point-batch.ts';

const SECOND = 1e9;
const MINUTE = 60 * SECOND;
const DAY_SECONDS = 86_400;
const RULE: WindowRule = {
  kind: 'window',
  metric: 'm',
  bounds: { test: 'is above', threshold: 1 },
  aggregation: 'average',
  evaluatesPartialWindow: false,
  delayNano: 0,
  windowNano: DAY_SECONDS * SECOND,
  frequencyNano: MINUTE,
};

/** Gives a watch evenly spaced points of a stretch of time, and has it evaluate. */
function log(watch: TickWatch, pointsASecond: number, fromSeconds: number, toSeconds: number): void {
  const points: [number, number, number][] = [];
  const flush = (toNano: number): void => {
    watch.addPoints(pointBatch(...points));
    points.length = 0;
    watch.advance(toNano, () => undefined);
  };
  for (let i = fromSeconds * pointsASecond + 1; i <= toSeconds * pointsASecond; i++) {
    const timeNano = (i / pointsASecond) * SECOND;
    points.push([timeNano, 0.5, i]);
    if (points.length === 1_000) flush(timeNano);
  }
  flush(toSeconds * SECOND);
}

/** Bytes of all that a watch knows. */
function bytesOf(watch: TickWatch): number {
  const kept = new KeptWatch();
  kept.save(watch);
  return kept.bytes;
}

it('a window of a day keeps cells, not points: a thousand points a second take no more than one', () => {
  const [slow, fast] = [new TickWatch(RULE, 0), new TickWatch(RULE, 0)];
  log(slow, 1, 0, 3_600);
  log(fast, 1_000, 0, 3_600);
  expect(bytesOf(fast)).toBe(bytesOf(slow));
  const day = new TickWatch(RULE, 0);
  log(day, 1, 0, DAY_SECONDS);
  expect(bytesOf(day)).toBeLessThan(150_000);
});

it('a window of a day that is evaluated each minute writes the last cells each time, and gives old ones up', () => {
  const watch = new TickWatch(RULE, 0);
  const kept = new KeptWatch();
  const saveMinutes = (from: number, to: number): number => {
    let written = 0;
    for (let minute = from; minute < to; minute++) {
      log(watch, 1, minute * 60, (minute + 1) * 60);
      written = Math.max(written, kept.save(watch));
    }
    return written;
  };
  const minutes = DAY_SECONDS / 60;
  expect(saveMinutes(0, minutes)).toBeLessThan(5_000);
  const day = kept.bytes;
  expect(saveMinutes(minutes, 2 * minutes)).toBeLessThan(5_000);
  expect(Math.abs(kept.bytes - day)).toBeLessThan(5_000);
  const verdicts = [watch, kept.restore(RULE)].map((one) => {
    const seen: unknown[] = [];
    log(one, 1, 2 * DAY_SECONDS, 2 * DAY_SECONDS + 600);
    one.end((2 * DAY_SECONDS + 700) * SECOND, (evaluation) => seen.push(evaluation));
    return seen;
  });
  expect(verdicts[0]).toHaveLength(2);
  expect(verdicts[1]).toEqual(verdicts[0]);
});

it('a state that was saved as a whole, before there were parts, is taken up and kept', () => {
  const watch = new TickWatch(RULE, 0);
  log(watch, 1, 0, 3_600);
  const head = watch.save();
  const cells = [...watch.changedParts().values()].flatMap((part) => [...part]);
  // Where the number of cells stands, behind what the watch itself knows.
  const at = 7;
  const whole = Float64Array.of(...head.subarray(0, at), cells.length / 12, ...cells, ...head.subarray(at + 1));
  const taken = TickWatch.restore(RULE, whole);
  const kept = new KeptWatch();
  kept.save(taken);
  for (const one of [taken, kept.restore(RULE)]) {
    const seen: number[] = [];
    one.advance(3_660 * SECOND, ({ points }) => seen.push(points));
    expect(seen).toEqual([3_600]);
  }
});
