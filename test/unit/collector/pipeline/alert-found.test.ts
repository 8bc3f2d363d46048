import { expect, it } from 'vitest';
import { foundText } from '../../../../collector/pipeline/alert-found.ts';
import type { AlertRule } from '../../../../collector/store/alert-store.ts';

const NONE = { value: undefined, points: 0, nonFinite: 0, state: 'firing' } as const;
const ABOVE = { rule: 'is above', metric: 'm', threshold: 1, window: 1, frequency: 1 };

it.each([
  ['metrics', ABOVE, { value: 153.200000001, points: 120 }, '153.2 (average of 120 points)'],
  ['metrics', { ...ABOVE, aggregation: 'sum' }, { value: 5, points: 1 }, '5 (sum of 1 point)'],
  ['metrics', ABOVE, { value: 5, points: 9, nonFinite: 2 }, '5 (average of 9 points, 2 of them not finite)'],
  [
    'metrics',
    { ...ABOVE, aggregation: 'rate of change' },
    { value: -3, points: 2 },
    '-3 per minute (rate of change of 2 points)',
  ],
  [
    'metrics',
    { ...ABOVE, aggregation: 'at least one' },
    { value: 1 / 12, points: 12 },
    '8.33 % of 12 points are above the threshold',
  ],
  [
    'metrics',
    { ...ABOVE, rule: 'is outside range', aggregation: 'all' },
    { value: 1, points: 3 },
    '100 % of 3 points are outside the range',
  ],
  ['metrics', ABOVE, {}, 'no point'],
  ['metrics', ABOVE, { points: 3, nonFinite: 3 }, 'nothing that can be judged in 3 points, 3 of them not finite'],
  ['metrics', { rule: 'has no data', metric: 'm', window: 1, frequency: 1 }, { value: 0 }, 'no point'],
  [
    'metrics',
    { rule: 'is not finite', metric: 'm', window: 1, frequency: 1 },
    { value: 1, points: 1 },
    'NaN or infinity',
  ],
  [
    'events',
    { pattern: 'FATAL' },
    { value: 1, points: 1, text: 'FATAL: no "mesh"' },
    'the event "FATAL: no \\"mesh\\""',
  ],
  ['events', { pattern: 'x' }, { value: 1, points: 1, text: 'x'.repeat(100_000) }, `the event "${'x'.repeat(500)}…"`],
  ['run', { status: 'failed' }, {}, null],
  ['user', null, {}, null],
] as const)('%s %o with %o is told as it was found', (source, rule, evaluation, text) => {
  expect(foundText({ source, rule: rule as AlertRule }, { ...NONE, ...evaluation })).toBe(text);
});
