import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseByteRange } from '../../../../collector/api/byte-range.ts';

const size = fc.integer({ min: 0, max: 40 });
const position = fc.integer({ min: 0, max: 60 });

/** Bytes that a range names, by trying every one. */
function named(length: number, wanted: (at: number) => boolean): number[] {
  return Array.from({ length }, (_, at) => at).filter(wanted);
}

function expectRange(header: string, length: number, expected: readonly number[]): void {
  const range = parseByteRange(header, length);
  if (expected.length === 0) expect(range).toBe('unsatisfiable');
  else expect(range).toEqual({ first: expected[0], last: expected.at(-1) });
}

describe('a range of bytes', () => {
  it('from a to b names what is there between them', () => {
    fc.assert(
      fc.property(size, position, position, (length, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        expectRange(
          `bytes=${from}-${to}`,
          length,
          named(length, (at) => at >= from && at <= to),
        );
      }),
    );
  });

  it('from a on, and of the last n, name the rest and the tail', () => {
    fc.assert(
      fc.property(size, position, (length, n) => {
        expectRange(
          `bytes=${n}-`,
          length,
          named(length, (at) => at >= n),
        );
        expectRange(
          `bytes=-${n}`,
          length,
          named(length, (at) => at >= length - n),
        );
      }),
    );
  });

  it.each([undefined, '', 'bytes=', 'bytes=-', 'bytes=5-2', 'bytes=0-1,3-4', 'items=0-1', 'bytes=a-b', 'bytes=1'])(
    'that is none, several or meaningless is ignored: %s',
    (header) => {
      expect(parseByteRange(header, 10)).toBeUndefined();
    },
  );

  it('may be larger than any number', () => {
    const digits = '9'.repeat(400);
    expect(parseByteRange(`bytes=0-${digits}`, 10)).toEqual({ first: 0, last: 9 });
    expect(parseByteRange(`bytes=-${digits}`, 10)).toEqual({ first: 0, last: 9 });
    expect(parseByteRange(`bytes=${digits}-`, 10)).toBe('unsatisfiable');
  });
});
