import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTEXT_LINES, countChanged, type DiffRow, diffRows } from '../../../web/src/lib/diff-rows.ts';
import { changedWords, lineTokens, markPieces } from '../../../web/src/lib/diff-words.ts';
import { lineChanges, splitLines } from '../../../web/src/lib/line-changes.ts';
import { unifiedPatch } from '../../../web/src/lib/patch.ts';

const FOREVER = Number.POSITIVE_INFINITY;
/** Few different lines, so that many match; ends that differ too. */
const text = fc
  .tuple(
    fc.array(fc.constantFrom('', 'a', 'b', 'c', 'a = 1', '\r'), { maxLength: 30 }),
    fc.constantFrom('', '\n', 'end'),
  )
  .map(([lines, end]) => lines.join('\n') + end);

/** Length of the longest common subsequence, by the table that everybody knows. */
function longestCommon(old: readonly string[], now: readonly string[]): number {
  let row = new Array<number>(now.length + 1).fill(0);
  for (const line of old) {
    const next = [0];
    for (const [at, other] of now.entries())
      next.push(line === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0));
    row = next;
  }
  return row.at(-1) ?? 0;
}

describe('the changes between two texts', () => {
  test('are the fewest lines there are, and what is between them is equal', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const [old, now] = [splitLines(before), splitLines(after)];
        expect(old.join('')).toBe(before);
        const { changes, isExact } = lineChanges(old, now, FOREVER);
        expect(isExact).toBe(true);
        const { added, removed } = countChanged(changes);
        const common = longestCommon(old, now);
        expect([removed, added]).toEqual([old.length - common, now.length - common]);
        let [oldAt, newAt] = [0, 0];
        for (const { oldFrom, oldTo, newFrom, newTo } of [
          ...changes,
          { oldFrom: old.length, oldTo: 0, newFrom: now.length, newTo: 0 },
        ]) {
          expect(old.slice(oldAt, oldFrom)).toEqual(now.slice(newAt, newFrom));
          [oldAt, newAt] = [oldTo, newTo];
        }
      }),
    );
  });

  test('are one from the first difference to the last when the time is over', () => {
    const lines = Array.from({ length: 400 }, (_, line) => `line ${line}`);
    const now = ['first', ...lines.toReversed(), 'last'];
    expect(lineChanges(['first', ...lines, 'last'], now, -1)).toEqual({
      changes: [{ oldFrom: 1, oldTo: 401, newFrom: 1, newTo: 401 }],
      isExact: false,
    });
  });

  test('of two times 50,000 lines without one in common are found without trying them all', () => {
    const lines = (name: string) => Array.from({ length: 50_000 }, (_, line) => `${name} ${line}`);
    // A single step of the search would be one too many.
    const { changes, isExact } = lineChanges(lines('a'), lines('b'), 0);
    expect([changes, isExact]).toEqual([[{ oldFrom: 0, oldTo: 50_000, newFrom: 0, newTo: 50_000 }], true]);
  });

  test('make a patch that turns one text into the other', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        const [old, now] = [splitLines(before), splitLines(after)];
        const { changes } = lineChanges(old, now, FOREVER);
        const patch = unifiedPatch('system/fvSolution', { old, now, changes });
        expect(applyPatch(before, patch, { autoConvertLineEndings: false })).toBe(after);
      }),
    );
  });
});

describe('the rows of a diff', () => {
  const old = Array.from({ length: 60 }, (_, line) => `${line}\n`);
  const now = old.flatMap((line, at) => (at === 10 ? ['ten\n', 'more\n'] : at === 45 ? [] : [line]));
  const { changes } = lineChanges(old, now, FOREVER);
  const rows = (isSplit: boolean, ...open: number[]) =>
    [...diffRows(changes, { oldLines: old.length, isSplit, open: new Set(open) })].map(short);
  const short = ({ kind, old, now, count }: DiffRow) =>
    `${kind} ${old ?? '·'} ${now ?? '·'}${kind === 'fold' ? ` ×${count}` : ''}`;

  test('have three equal lines around each change and fold the rest', () => {
    expect(CONTEXT_LINES).toBe(3);
    expect(rows(false)).toEqual([
      ...['fold 0 0 ×7', 'same 7 7', 'same 8 8', 'same 9 9'],
      ...['removed 10 10', 'added 10 10', 'added · 11'],
      ...['same 11 12', 'same 12 13', 'same 13 14', 'fold 14 15 ×28', 'same 42 43', 'same 43 44', 'same 44 45'],
      'removed 45 ·',
      ...['same 46 46', 'same 47 47', 'same 48 48', 'fold 49 49 ×11'],
    ]);
    expect(rows(true).filter((row) => row.startsWith('changed'))).toEqual([
      'changed 10 10',
      'changed · 11',
      'changed 45 ·',
    ]);
  });

  test('show what is folded where it was opened', () => {
    const open = rows(false, 1);
    expect(open.filter((row) => row.startsWith('fold'))).toEqual(['fold 0 0 ×7', 'fold 49 49 ×11']);
    expect(open).toContain('same 28 29');
  });

  test('are all lines of both texts once, whatever is open', () => {
    fc.assert(
      fc.property(text, text, fc.boolean(), fc.array(fc.nat(5)), (before, after, isSplit, open) => {
        const [old, now] = [splitLines(before), splitLines(after)];
        const { changes } = lineChanges(old, now, FOREVER);
        const shown: { old: number[]; now: number[] } = { old: [], now: [] };
        for (const { kind, old: left, now: right, count } of diffRows(changes, {
          oldLines: old.length,
          isSplit,
          open: new Set(open),
        }))
          for (let line = 0; line < count; line++) {
            if (left !== undefined && kind !== 'added') shown.old.push(left + line);
            if (right !== undefined && kind !== 'removed') shown.now.push(right + line);
          }
        expect(shown).toEqual({ old: [...old.keys()], now: [...now.keys()] });
      }),
    );
  });
});

describe('the words of a changed line', () => {
  const marked = (line: string, spans: readonly (readonly [number, number])[] = []) =>
    spans.map(([from, to]) => line.slice(from, to));

  test.each([
    ['    tolerance  1e-06;\n', '    tolerance  1e-08;\n', ['06'], ['08']],
    ['solver GAMG;', 'solver  PCG;', [' GAMG'], ['  PCG']],
    ['a = b', 'a = b  # why', [], ['  # why']],
    ['größe = 1', 'größe = 2', ['1'], ['2']],
  ])('%j became %j', (old, now, removed, added) => {
    const spans = changedWords(old, now);
    expect([marked(old, spans?.old), marked(now, spans?.now)]).toEqual([removed, added]);
  });

  test('are not marked in lines that have little in common, or are very long', () => {
    expect(changedWords('solver GAMG;', '}')).toBeUndefined();
    expect(changedWords('x'.repeat(2001), 'x'.repeat(2000))).toBeUndefined();
  });

  test('and the colours of the source cut a line without losing a character', () => {
    const source = 'if x:\n    """a\n    b"""\n    return 1  # one';
    expect(lineTokens(source, 'py').map((line) => line.map(({ text }) => text).join(''))).toEqual(splitLines(source));
    expect(lineTokens(source, 'py')[2]).toEqual([
      { text: '    b"""', kind: 'str' },
      { text: '\n', kind: undefined },
    ]);
    fc.assert(
      fc.property(fc.string(), fc.string(), (old, now) => {
        const pieces = markPieces(lineTokens(now, 'py').flat(), changedWords(old, now)?.now ?? []);
        expect(pieces.map(({ text }) => text).join('')).toBe(now);
        expect(pieces.every(({ text }) => text !== '')).toBe(true);
      }),
    );
  });
});
