import { expect, test } from 'vitest';
import { checkInit, durationSeconds } from '../../../src/init-settings.ts';
import { settingsUpdate } from '../../../src/run-update.ts';

test.each<[number | string, number | undefined]>([
  [3600, 3600],
  ['90 s', 90],
  ['1.5h', 5400],
  ['2 days', 172_800],
  ['1 week', 604_800],
  ['1 year', 31_536_000],
  ['10 MIN', 600],
  ['30 seconds', 30],
  ['5 months', undefined],
  ['5 ms', undefined],
  ['soon', undefined],
  ['', undefined],
  [0, undefined],
  [Number.NaN, undefined],
])('a time of %j is %j seconds', (duration, seconds) => {
  expect(durationSeconds(duration)).toBe(seconds);
});

test('what is right is kept, what is wrong is left out with the reason', () => {
  const right = {
    name: 'a',
    notification: 'lost',
    timeout: null,
    attempt: 2,
    firstStep: 450,
    visibility: ['ann'],
  } as const;
  expect(checkInit({ ...right, retentionPeriod: '2 days' })).toEqual({
    options: { ...right, retentionPeriod: 172_800 },
    problems: [],
  });
  const wrong = {
    notification: 'some' as 'all',
    timeout: 0,
    attempt: 0.5,
    firstStep: 1.5,
    visibility: ['a,b'],
    retentionPeriod: '?',
  };
  const { options, problems } = checkInit({ name: 'a', ...wrong });
  expect(options).toEqual({ name: 'a' });
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual(Object.keys(wrong));
});

test.each([
  ['public', 'public'],
  [['ann', 'bob'], 'ann,bob'],
  [[], 'private'],
] as const)('visibility %j travels as %j', (visibility, word) => {
  expect(settingsUpdate({ visibility }).get('simvue.run.visibility')).toBe(word);
});
