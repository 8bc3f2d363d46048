import { describe, expect, it } from 'vitest';
import { backOffSeconds } from '../../../web/src/lib/back-off.ts';
import { flatten } from '../../../web/src/lib/flatten.ts';
import { roundUp, stackBars } from '../../../web/src/lib/histogram.ts';
import { SLOTS, slotOfRun } from '../../../web/src/lib/run-key.ts';
import { durationOf } from '../../../web/src/lib/run-row.ts';
import { areaBelow, sparkPath } from '../../../web/src/lib/spark.ts';
import { rulerTicks, tapeOf } from '../../../web/src/lib/tape.ts';

const at = (minute: number) => `2026-11-20T11:${String(minute).padStart(2, '0')}:00.000000`;
const seconds = (minute: number) => Date.UTC(2026, 10, 20, 11, minute) / 1000;
const run = {
  status: 'running' as const,
  created: at(0),
  started: at(1),
  endtime: null,
  last_sign: at(10),
  attempt: 1,
};

describe('the tape', () => {
  it('keeps when the run was lost before, and where attempts began', () => {
    const change = (field: 'status' | 'attempt', minute: number, after: string) => ({
      field,
      timestamp: at(minute),
      after,
    });
    const changes = [
      change('attempt', 9, '2'),
      change('status', 8, '"running"'),
      change('status', 5, '"lost"'),
      change('status', 1, '"running"'),
    ];
    const { spans } = tapeOf({ ...run, attempt: 2 }, seconds(20), changes);
    expect(spans.map(({ from, to, kind, label }) => [from, to, kind, label])).toEqual([
      [seconds(1), seconds(5), 'running', 'attempt 1'],
      [seconds(5), seconds(8), 'lost', 'lost 3 m 00 s'],
      [seconds(8), seconds(9), 'running', ''],
      [seconds(9), seconds(20), 'running', 'attempt 2'],
    ]);
  });
  it('of a running run ends now', () => {
    expect(tapeOf(run, seconds(20))).toMatchObject({
      start: seconds(1),
      end: seconds(20),
      live: true,
      spans: [{ kind: 'running' }],
    });
  });
  it('of a lost run keeps the lost span after its last sign', () => {
    const tape = tapeOf({ ...run, status: 'lost' }, seconds(20));
    expect(tape.spans.map(({ from, to, kind, label }) => [from, to, kind, label])).toEqual([
      [seconds(1), seconds(10), 'running', ''],
      [seconds(10), seconds(20), 'lost', 'lost 10 m 00 s'],
    ]);
  });
  it('of a finished run ends at its end, and a created one has no span', () => {
    expect(tapeOf({ ...run, status: 'failed', endtime: at(15) }, seconds(50))).toMatchObject({
      end: seconds(15),
      live: false,
    });
    expect(tapeOf({ ...run, status: 'created', started: null }, seconds(5)).spans).toEqual([]);
  });
  it('has round clock times on its ruler', () => {
    expect(rulerTicks(seconds(1), seconds(31), 800).map(({ label }) => label)).toEqual([
      '11:05',
      '11:10',
      '11:15',
      '11:20',
      '11:25',
      '11:30',
    ]);
  });
  it('agrees with the duration in the table', () => {
    expect(durationOf(run, seconds(20))).toBe('19 m 00 s');
    expect(durationOf({ ...run, started: null }, seconds(20))).toBe('–');
  });
});

describe('small drawings', () => {
  it('stack a histogram with errors on top', () => {
    const { top, bars } = stackBars([{ timestamp: at(0), error: 1, warn: 0, info: 3, debug: 0 }], 100);
    expect(top).toBe(5);
    expect(bars.map(({ level, y, height }) => [level, y, height])).toEqual([
      ['info', 40, 60],
      ['error', 20, 20],
    ]);
    expect([1, 3, 7, 20, 21].map(roundUp)).toEqual([1, 5, 10, 20, 50]);
  });
  it('break a sparkline at a missing value', () => {
    const { path, end } = sparkPath([0, 1, null, 1], { width: 105, height: 25, log: false });
    expect(path.match(/M/g)).toHaveLength(2);
    expect(areaBelow('M1 2L3 4M5 6L7 8', 9)).toBe('M1 2L3 4V9H1ZM5 6L7 8V9H5Z');
    expect(end?.[0]).toBe(101);
    expect(sparkPath([null, -1], { width: 10, height: 10, log: true })).toEqual({ path: '', end: undefined });
  });
  it('give each slot of the palette a key of its own', () => {
    expect(slotOfRun({ colour: 13 })).toEqual({ colour: 2, round: 1 });
    const keys = new Set(Array.from({ length: SLOTS }, (_, colour) => JSON.stringify(slotOfRun({ colour }))));
    expect(keys.size).toBe(36);
  });
});

describe('odds', () => {
  it('flatten metadata to dotted keys and keep what is not text readable', () => {
    expect(flatten({ a: { b: 1, c: [1, 2] }, d: 'x', e: {}, f: null })).toEqual([
      ['a.b', '1'],
      ['a.c', '[1,2]'],
      ['d', 'x'],
      ['e', '{}'],
      ['f', 'null'],
    ]);
  });
  it('wait longer after each failed attempt, up to 15 s', () => {
    expect([0, 1, 2, 9].map((attempt) => backOffSeconds(attempt, 0))).toEqual([0.5, 1, 2, 15]);
    expect(backOffSeconds(50, 1)).toBeCloseTo(11.25);
  });
});
