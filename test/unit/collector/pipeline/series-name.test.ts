import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSeriesName, printSeriesName } from '../../../../collector/pipeline/series-name.ts';

const tricky = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('\\', '{', '}', '"', '=', ',', '\n', 'a', '.', 'n'), maxLength: 12 }),
);

describe('a series name', () => {
  test('is read back as it was printed, whatever the name, the keys and the values are', () => {
    fc.assert(
      fc.property(tricky, fc.array(fc.tuple(tricky, tricky), { maxLength: 4 }), (name, labels) => {
        expect(parseSeriesName(printSeriesName(name, labels))).toEqual({ name, labels });
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['loss', [], 'loss'],
    [
      'train/loss.total',
      [
        ['rank', '0'],
        ['http.method', 'GET'],
      ],
      'train/loss.total{rank="0",http.method="GET"}',
    ],
    ['a', [['k', 'say "hi"\n\\']], 'a{k="say \\"hi\\"\\n\\\\"}'],
    ['a', [['odd key', '']], 'a{"odd key"=""}'],
    ['a{b="c"}', [], 'a\\{b="c"}'],
  ] as [string, [string, string][], string][])('%s with %j is written %s', (name, labels, text) => {
    expect(printSeriesName(name, labels)).toBe(text);
  });

  test.each(['a{', 'a{}', 'a{b}', 'a{b="c"', 'a{b="c"}x', 'a{b="c",}', 'a{b="c"d="e"}', 'a\\b', 'a{b="\\x"}'])(
    '%s is not one',
    (text) => {
      expect(parseSeriesName(text)).toBeUndefined();
    },
  );
});
