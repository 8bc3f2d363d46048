import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { InstrumentValues } from '../../../../src/register/instrument-values.ts';
import { Reports } from '../../../../src/reports.ts';

type Recorded = readonly [names: readonly string[], values: readonly number[], attributes: unknown];

function recorder() {
  const recorded: Recorded[] = [];
  const values = new InstrumentValues((names, points, attributes) => {
    recorded.push([names, [...points], attributes === undefined ? undefined : Object.fromEntries(attributes)]);
  }, new Reports());
  return { values, recorded };
}

describe('values of instruments', () => {
  test('gauges go out at once, with their attributes', () => {
    const { values, recorded } = recorder();
    values.gauge('g', 1, undefined);
    values.gauge('g', Number.NaN, { a: 'x', gone: undefined });
    expect(recorded).toEqual([
      [['g'], [1], undefined],
      [['g'], [Number.NaN], { a: 'x' }],
    ]);
  });

  test('totals of counters go out when they have changed, by attributes', () => {
    const { values, recorded } = recorder();
    values.counter('c', 1, undefined);
    values.counter('c', 2, undefined);
    values.counter('c', 5, { a: 1 });
    values.flush();
    values.flush();
    values.counter('c', -1, undefined);
    values.flush();
    expect(recorded).toEqual([
      [['c'], [3], undefined],
      [['c'], [5], { a: 1 }],
      [['c'], [2], undefined],
    ]);
  });

  test('law: a histogram is the count, sum, least, greatest and average of its values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (numbers) => {
        const { values, recorded } = recorder();
        for (const number of numbers) values.histogram('h', number, undefined);
        values.flush();
        const sum = numbers.reduce((a, b) => a + b, 0);
        const [[names, parts] = []] = recorded;
        expect(names).toEqual(['h.count', 'h.sum', 'h.min', 'h.max', 'h.avg']);
        expect(parts).toEqual([numbers.length, sum, Math.min(...numbers), Math.max(...numbers), sum / numbers.length]);
      }),
    );
  });

  test('series without end are left out, and said once', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { values, recorded } = recorder();
    for (let i = 0; i < 10_010; i++) values.counter('c', 1, { i });
    values.flush();
    expect(recorded).toHaveLength(10_000);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});
