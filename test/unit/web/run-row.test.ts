import { expect, it } from 'vitest';
import { fittingTags } from '../../../web/src/lib/run-row.ts';

it('as many tags are shown as fit, and one at the least', () => {
  expect(fittingTags([])).toBe(0);
  expect(fittingTags(['LES', 'sweep-B'])).toBe(2);
  expect(fittingTags(['sweep-B', 'hero-run', 'nightly'])).toBe(2);
  expect(fittingTags(['random-numbers', 'v1'])).toBe(2);
  expect(fittingTags(['random-numbers', 'v1', 'completed'])).toBe(1);
  expect(fittingTags(['a tag with a rather long name of many words', 'LES'])).toBe(1);
});
