import { expect, test } from 'vitest';
import { missingText } from '../../../web/src/lib/missing.ts';

test('what did not come is said in words, over all writers, and nothing when nothing is missing', () => {
  expect(missingText([])).toBeUndefined();
  expect(missingText([{ instance: 'a', missing: 0, dropped_attributes: 0 }])).toBeUndefined();
  expect(
    missingText([
      { instance: 'a', missing: 1, dropped_attributes: 0 },
      { instance: 'b', missing: 0, dropped_attributes: 1200 },
    ]),
  ).toBe('1 numbered value did not arrive, 1,200 attributes dropped by the SDK');
});
