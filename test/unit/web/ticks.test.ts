import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ticksOf } from '../../../web/src/lib/axes-ticks.ts';
import { logTicks, numberTicks, stepTicks, type Tick, timeTicks } from '../../../web/src/lib/ticks.ts';

const labels = (ticks: readonly Tick[]) => ticks.map(({ label }) => label);
const at = (ticks: readonly Tick[]) => ticks.map((tick) => tick.at);
const second = (year: number, month: number, day = 1, hour = 0) => Date.UTC(year, month - 1, day, hour) / 1000;

describe('an axis of numbers', () => {
  it('has round places and short labels', () => {
    expect(at(numberTicks([0, 10], 5))).toEqual([0, 2, 4, 6, 8, 10]);
    expect(at(numberTicks([-0.13, 0.31], 5))).toEqual([-0.1, 0, 0.1, 0.2, 0.3]);
    expect(labels(numberTicks([0, 5e6], 2))).toEqual(['0', '2M', '4M']);
  });
  it('tells places apart where only their last digits differ', () => {
    expect(labels(numberTicks([1e9 - 1, 1e9 + 1], 4))).toEqual([
      '999\u202f999\u202f999.0',
      ...['999\u202f999\u202f999.5', '1\u202f000\u202f000\u202f000.0', '1\u202f000\u202f000\u202f000.5'],
      '1\u202f000\u202f000\u202f001.0',
    ]);
    expect(labels(numberTicks([1.21e9, 1.42e9], 3))).toEqual(['1.3e9', '1.4e9']);
    expect(labels(stepTicks([1_234_561, 1_234_575], 3))).toEqual([
      '1\u202f234\u202f565',
      '1\u202f234\u202f570',
      '1\u202f234\u202f575',
    ]);
  });
  it('has labels at any size that a number can have', () => {
    expect(labels(numberTicks([1e300, 3e300], 4))).toEqual(['1.0e300', '1.5e300', '2.0e300', '2.5e300', '3.0e300']);
    expect(labels(numberTicks([0, 2e-322], 2)).length).toBeGreaterThan(1);
    expect(labels(numberTicks([-7e307, 7e307], 3))).toEqual(['−5e307', '0', '5e307']);
  });
  it('of any range has two labels at least, all different, within the range', () => {
    const size = fc.integer({ min: -300, max: 300 }).map((power) => 10 ** power);
    fc.assert(
      fc.property(
        size,
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 9 }),
        (scale, low, span) => {
          // As fine as an axis is divided: a flat line has a range of its own.
          const range = [low * scale, (low + span * 1e-6) * scale] as const;
          const ticks = numberTicks(range, 4);
          expect(ticks.length).toBeGreaterThanOrEqual(2);
          expect(ticks.length).toBeLessThanOrEqual(6);
          expect(new Set(labels(ticks)).size).toBe(ticks.length);
          const air = 1e-6 * (range[1] - range[0]);
          expect(ticks.every((tick) => tick.at >= range[0] - air && tick.at <= range[1] + air)).toBe(true);
        },
      ),
    );
  });
});

it('an axis of steps has whole numbers, thousands alike', () => {
  expect(labels(stepTicks([0, 15_000], 3))).toEqual(['0', '5k', '10k', '15k']);
  expect(labels(stepTicks([0, 4000], 2))).toEqual(['0', '2000', '4000']);
  expect(at(stepTicks([5, 6], 4))).toEqual([5, 6]);
});

describe('a logarithmic axis', () => {
  it('has decades, and 1, 2, 5 where there are few', () => {
    expect(labels(logTicks([1e-8, 1], 4))).toEqual(['10⁻⁸', '10⁻⁶', '10⁻⁴', '10⁻²', '10⁰']);
    expect(labels(logTicks([1e-3, 1e-2], 5))).toEqual(['1e−3', '2e−3', '5e−3', '1e−2']);
    expect(labels(logTicks([1e-100, 1e99], 4))).toEqual(['10⁻¹⁰⁰', '10⁻⁵⁰', '10⁰', '10⁵⁰']);
  });
  it('of less than half a decade has labels too', () => {
    expect(labels(logTicks([2.1, 9], 4))).toEqual(['3e0', '5e0', '7e0']);
    expect(labels(logTicks([2.1, 2.95], 4))).toEqual(['2.2e0', '2.4e0', '2.6e0', '2.8e0']);
    expect(labels(logTicks([0.0301, 0.0312], 2))).toEqual(['3.05e−2', '3.10e−2']);
  });
  it('of any range has two labels at least, all different, within the range', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -300, max: 300, noNaN: true }),
        fc.double({ min: 1e-3, max: 600, noNaN: true }),
        (power, decades) => {
          const range = [10 ** power, 10 ** Math.min(307, power + decades)] as const;
          const ticks = logTicks(range, 5);
          expect(ticks.length).toBeGreaterThanOrEqual(2);
          expect(ticks.length).toBeLessThanOrEqual(8);
          expect(new Set(labels(ticks)).size).toBe(ticks.length);
          expect(ticks.every((tick) => tick.at >= range[0] * 0.999 && tick.at <= range[1] * 1.001)).toBe(true);
        },
      ),
    );
  });
});

describe('an axis in seconds', () => {
  it('since the start is a clock, then days', () => {
    expect(labels(timeTicks('time', [0, 3600], 2))).toEqual(['0:00', '30:00', '1:00:00']);
    expect(labels(timeTicks('time', [0, 3650 * 86_400], 4))).toEqual(['0 d', '1000 d', '2000 d', '3000 d']);
  });
  it('of wall time says seconds only where needed, and the day where it begins', () => {
    const noon = second(2026, 11, 20, 12);
    expect(labels(timeTicks('timestamp', [noon, noon + 600], 1))).toEqual(['12:00', '12:10']);
    expect(labels(timeTicks('timestamp', [noon, noon + 5], 1))).toEqual(['12:00:00', '12:00:05']);
    expect(labels(timeTicks('timestamp', [noon, noon + 86_400], 4))).toEqual([
      '12:00',
      '18:00',
      '11-21',
      '06:00',
      '12:00',
    ]);
    expect(labels(timeTicks('timestamp', [noon + 0.1, noon + 0.3], 2))).toEqual(['0.1 s', '0.2 s', '0.3 s']);
  });
  it('of wall time has days, months and years of the calendar', () => {
    expect(labels(timeTicks('timestamp', [second(2026, 11, 20), second(2026, 11, 23)], 4))).toEqual([
      '11-20',
      '11-21',
      '11-22',
      '11-23',
    ]);
    const half = timeTicks('timestamp', [second(2026, 1, 20), second(2026, 7, 1)], 6);
    expect(half).toEqual([2, 3, 4, 5, 6, 7].map((month) => ({ at: second(2026, month), label: `2026-0${month}` })));
    const decade = timeTicks('timestamp', [second(2016, 1), second(2026, 1)], 5);
    expect(labels(decade)).toEqual(['2016', '2018', '2020', '2022', '2024', '2026']);
  });
  it('of any length has labels, unlike their neighbours, within the range', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('time' as const, 'timestamp' as const),
        fc.double({ min: 0, max: 4e9, noNaN: true }),
        fc.double({ min: 0, max: 10, noNaN: true }),
        (axis, low, power) => {
          const range = [low, low + 10 ** power] as const;
          const air = 1e-6 * 10 ** power + 1e-6;
          const ticks = timeTicks(axis, range, 5);
          expect(ticks.length).toBeLessThanOrEqual(7);
          expect(ticks.length).toBeGreaterThanOrEqual(1);
          expect(ticks.every((tick, index) => tick.label !== ticks[index - 1]?.label)).toBe(true);
          expect(ticks.every((tick) => tick.at >= low - air && tick.at <= range[1] + air)).toBe(true);
        },
      ),
    );
  });
});

it('labels of a plot never touch, however long they are', () => {
  const wide = (label: string) => label.length * 6.5;
  fc.assert(
    fc.property(
      fc.constantFrom('step' as const, 'time' as const, 'timestamp' as const, 'metric.x' as const),
      fc.boolean(),
      fc.double({ min: 0.1, max: 2e9, noNaN: true }),
      fc.double({ min: -3, max: 9, noNaN: true }),
      fc.integer({ min: 40, max: 1600 }),
      (axis, logX, low, power, width) => {
        const range = [low, low + 10 ** power] as const;
        const view = { axis, logX, log: false, x: range, y: [0, 1] as const };
        const { x } = ticksOf(view, { width, height: 130 }, wide);
        const place = (value: number) =>
          logX
            ? (width * Math.log(value / low)) / Math.log(range[1] / low)
            : (width * (value - low)) / (range[1] - low);
        for (const [index, tick] of x.entries()) {
          const before = x[index - 1];
          if (!before) continue;
          const room = (wide(tick.label) + wide(before.label)) / 2;
          expect(place(tick.at) - place(before.at)).toBeGreaterThanOrEqual(room);
        }
      },
    ),
  );
});
