import { expect, test } from 'vitest';
import { homeSentence } from '../../../web/src/lib/home-words.ts';

test.each([
  [{ running: 0, firing: 0, failed: 0, lost: 0 }, 'Nothing runs, and nothing failed within a day.'],
  [{ running: 1, firing: 0, failed: 0, lost: 0 }, '1 run is running.'],
  [{ running: 0, firing: 0, failed: 1, lost: 0 }, '1 run failed within a day. Nothing runs.'],
  [
    { running: 3, firing: 1, failed: 2, lost: 1 },
    '1 run has a firing alert, 1 run is lost and 2 runs failed within a day. 3 runs are running.',
  ],
])('%j is said in one line', (counts, sentence) => {
  expect(
    homeSentence(counts)
      .map(({ text }) => text)
      .join(''),
  ).toBe(sentence);
});

test('what needs a look is told in its colour', () => {
  const pieces = homeSentence({ running: 2, firing: 1, failed: 1, lost: 1 });
  expect(pieces.flatMap(({ state }) => state ?? [])).toEqual(['al-firing', 'st-lost', 'st-failed']);
});
