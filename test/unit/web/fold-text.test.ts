import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldText } from '../../../web/src/lib/fold-text.ts';

const LIMITS = { characters: 20, lines: 3 };

test('a short text is not folded, a long one and one of many lines are', () => {
  expect(foldText('', LIMITS)).toBeUndefined();
  expect(foldText('a\nb\nc', LIMITS)).toBeUndefined();
  expect(foldText('a\nb\nc\nd', LIMITS)).toBe('a\nb\nc');
  expect(foldText('x'.repeat(21), LIMITS)).toBe('x'.repeat(20));
});

test('what is shown of any text is its beginning, within the limits, without half a character', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '🚀', 'é'), maxLength: 60 });
  fc.assert(
    fc.property(text, (whole) => {
      const shown = foldText(whole, LIMITS);
      if (shown === undefined) return whole.length <= 20 && whole.split('\n').length <= 3;
      return (
        whole.startsWith(shown) &&
        shown.length <= 20 &&
        shown.split('\n').length <= 3 &&
        Buffer.from(shown).toString() === shown
      );
    }),
  );
});
