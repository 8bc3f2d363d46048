import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attachment } from '../../../../collector/api/content-disposition.ts';

describe('the name of a saved artifact', () => {
  it.each([
    ['hello.txt', 'attachment; filename="hello.txt"'],
    ['scratch/x/test file.txt', 'attachment; filename="test file.txt"'],
    ['results/', 'attachment; filename="results"'],
    ['/', 'attachment; filename="artifact"'],
    ['naïve.txt', `attachment; filename="na_ve.txt"; filename*=UTF-8''na%C3%AFve.txt`],
    ['a"b\\c.txt', `attachment; filename="a_b_c.txt"; filename*=UTF-8''a%22b%5Cc.txt`],
    [`100%'(*).csv`, `attachment; filename="100_'(*).csv"; filename*=UTF-8''100%25%27%28%2A%29.csv`],
  ])('%s', (name, header) => {
    expect(attachment(name)).toBe(header);
  });

  it('is always a valid header that carries the last part of the name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' })), (name) => {
        const header = attachment(name);
        expect(header).toMatch(
          /^attachment; filename="[\x20-\x7e]*"(?:; filename\*=UTF-8''[!#$&+.^_`|~0-9A-Za-z%-]*)?$/,
        );
        const encoded = /filename\*=UTF-8''(.*)$/.exec(header)?.[1];
        const plain = /filename="([^"]*)"/.exec(header)?.[1];
        const saved = encoded === undefined ? plain : decodeURIComponent(encoded);
        expect(saved).not.toContain('/');
        const parts = name.split('/').filter((part) => part.trim() !== '');
        expect(saved).toBe(parts.at(-1) ?? 'artifact');
      }),
    );
  });

  it('survives half a surrogate pair', () => {
    expect(attachment('a\ud800.txt')).toBe(`attachment; filename="a_.txt"; filename*=UTF-8''a%EF%BF%BD.txt`);
  });
});
