import { describe, expect, it } from 'vitest';
import type { RunProgress } from '../../../collector/api/contract/run.ts';
import { expectedEnd, formatRate, formatShare, formatTotal, highestStep } from '../../../web/src/lib/progress.ts';
import { parseTimestamp } from '../../../web/src/lib/time.ts';

const NOW = parseTimestamp('2026-11-20T14:36:30.000000');
const progress: RunProgress = {
  step: 18_420,
  steps_per_second: 1.4211,
  from_step: 8650,
  from: '2026-11-20T12:41:40.000000',
  to: '2026-11-20T14:36:24.118000',
  expected_end: '2026-11-20T16:54:10.000000',
};
const endOf = (change: Partial<RunProgress>, now = NOW) =>
  expectedEnd({ progress: { ...progress, ...change } }, 30_000, now);

describe('how far a run is, in words', () => {
  it('is a share that is whole only with the last step, and goes on behind it', () => {
    expect([formatShare(18_420, 30_000), formatShare(29_999, 30_000), formatShare(30_000, 30_000)]).toEqual([
      '61 %',
      '99 %',
      '100 %',
    ]);
    expect(formatShare(31_200, 30_000)).toBe('104 %');
  });

  it('has a short total where it is round', () => {
    expect([30_000, 500_000, 2_000_000, 12_345, 400].map(formatTotal)).toEqual([
      '30k',
      '500k',
      '2M',
      '12\u202f345',
      '400',
    ]);
  });

  it('has a rate in the unit of time in which there is a whole step', () => {
    expect([1.4211, 1, 14_211, 0.5, 1 / 60, 0.01, 1 / 7200].map(formatRate)).toEqual([
      '1.42 steps/s',
      '1 step/s',
      '14\u202f200 steps/s',
      '30 steps/min',
      '1 step/min',
      '36 steps/h',
      '12 steps/d',
    ]);
  });

  it('counts the steps of the program, not those of the samples of its machine', () => {
    const summary = (step: number | null) => ({ step }) as never;
    expect(highestStep({ loss: summary(7), plain: summary(null), 'resources/cpu.usage.percent': summary(90) })).toBe(7);
    expect(highestStep({ 'resources/cpu.usage.percent': summary(90) })).toBe(-1);
  });
});

describe('the expected end of a run', () => {
  it('is a time of this day, of another or of another year, with the rate and over what it was measured', () => {
    expect(endOf({})).toEqual({
      time: '16:54',
      note: 'at 1.42 steps/s',
      title:
        '2026-11-20 16:54:10 UTC: 1.42 steps/s is the mean of 1 h 54 m, from step 8\u202f650 at 2026-11-20 12:41:40 to step 18\u202f420 at 14:36:24, UTC',
    });
    expect(endOf({ expected_end: '2026-11-24T06:05:00.000000' }).time).toBe('24 Nov, 06:05');
    expect(endOf({ expected_end: '2027-02-03T06:05:00.000000' }).time).toBe('3 Feb 2027');
  });

  it('is not known before two points, after the last step, and once it has passed; the reason is said', () => {
    expect(expectedEnd({ progress: null }, 30_000, NOW)).toEqual({ time: undefined, note: 'no step yet', title: '' });
    expect(endOf({ steps_per_second: null, expected_end: null })).toMatchObject({
      time: undefined,
      note: 'needs two steps',
    });
    for (const step of [30_000, 31_200])
      expect(endOf({ step, expected_end: null })).toMatchObject({ time: undefined, note: 'all steps are made' });
    expect(endOf({ expected_end: null })).toMatchObject({ time: undefined, note: 'at 1.42 steps/s' });
    expect(endOf({}, NOW + 86_400)).toMatchObject({ time: undefined, note: 'no step since 14:36' });
  });
});
