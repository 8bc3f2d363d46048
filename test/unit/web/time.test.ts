import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatClock,
  formatDate,
  formatDuration,
  formatElapsed,
  formatMicroseconds,
  formatSetting,
  formatStamp,
  parseTimestamp,
} from '../../../web/src/lib/time.ts';

describe('time', () => {
  it('reads a timestamp without zone as UTC and keeps its microseconds', () => {
    expect(parseTimestamp('2026-11-20T14:37:11.402118')).toBeCloseTo(
      Date.UTC(2026, 10, 20, 14, 37, 11) / 1000 + 0.402118,
      5,
    );
    expect(parseTimestamp(null)).toBeNull();
  });
  it.each([
    [0.84, '0.8 s ago'],
    [59.9, '59 s ago'],
    [360, '6 min ago'],
    [5400, '1.5 h ago'],
    [40_000, '11 h ago'],
    [200_000, '2 d ago'],
    [-3, '0.0 s ago'],
  ])('an age of %s s is %s', (seconds, text) => expect(formatAge(seconds)).toBe(text));
  it.each([
    [0, '0 s'],
    [4.25, '4.3 s'],
    [48, '48 s'],
    [1224, '20 m 24 s'],
    [13_020, '3 h 37 m'],
    [180_000, '2 d 02 h'],
  ])('a duration of %s s is %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
  it.each([
    [0, '0 s'],
    [90, '90 s'],
    [180, '3 min'],
    [7200, '2 h'],
    [2_592_000, '30 d'],
  ])('a setting of %s s is %s', (seconds, text) => expect(formatSetting(seconds)).toBe(text));
  it.each([
    [7, '0:07'],
    [3723, '1:02:03'],
    [-5, '−0:05'],
  ])('%s s since the start is %s', (seconds, text) => expect(formatElapsed(seconds)).toBe(text));
  it('writes moments in UTC', () => {
    const moment = Date.UTC(2026, 10, 20, 14, 36, 24) / 1000;
    expect([formatClock(moment), formatStamp(moment), formatStamp(moment, true), formatDate(moment)]).toEqual([
      '14:36:24',
      '2026-11-20 14:36',
      '2026-11-20 14:36:24',
      '20 Nov 2026',
    ]);
    expect(formatMicroseconds('2026-11-20T14:37:11.402118')).toBe('14:37:11.402\u202f118');
  });
});
