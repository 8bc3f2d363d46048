import { expect, it } from 'vitest';
import type { WindowRule } from '../../../../collector/alert/rule.ts';
import { TickWatch } from '../../../../collector/alert/tick-watch.ts';
import { pointBatch } from '../../../support/point-batch.ts';

const SECOND = 1e9;
const DAY_SECONDS = 86_400;
const RULE: WindowRule = {
  kind: 'window',
  metric: 'm',
  bounds: { test: 'is above', threshold: 1 },
  aggregation: 'average',
  evaluatesPartialWindow: false,
  delayNano: 0,
  windowNano: DAY_SECONDS * SECOND,
  frequencyNano: 60 * SECOND,
};

it('a window of a day keeps cells, not points: a thousand points a second take no more than one', () => {
  const bytesAfter = (
    pointsASecond: number,
    fromSeconds: number,
    toSeconds: number,
    watch = new TickWatch(RULE, 0),
  ) => {
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
    return { bytes: watch.save().byteLength, watch };
  };
  const hour = DAY_SECONDS / 24;
  const slow = bytesAfter(1, 0, hour).bytes;
  expect(bytesAfter(1_000, 0, hour).bytes).toBe(slow);
  const day = bytesAfter(1, 0, DAY_SECONDS);
  expect(day.bytes).toBeLessThan(150_000);
  expect(bytesAfter(1, DAY_SECONDS, 2 * DAY_SECONDS, day.watch).bytes).toBe(day.bytes);
});
