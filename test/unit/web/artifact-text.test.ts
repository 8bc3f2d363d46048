import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../web/src/lib/decode-text.ts';
import { indentJson } from '../../../web/src/lib/indent-json.ts';

const decoded = (bytes: Uint8Array) => decodeText(new Uint8Array(bytes).buffer);

describe('bytes are read as text', () => {
  const printable = fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Cc}|\ufeff/u.test(text));

  test('that is UTF-8, whole or cut off', () => {
    fc.assert(
      fc.property(printable, fc.nat(5), (text, cut) => {
        const bytes = Buffer.from(text);
        const read = decoded(bytes.subarray(0, bytes.length - cut)) ?? '';
        expect(text.startsWith(read)).toBe(true);
        if (cut === 0) expect(read).toBe(text);
      }),
    );
  });

  test('of Windows, with and without its mark', () => {
    expect(decoded(Buffer.from('\ufeffGröße\n', 'utf16le'))).toBe('Größe\n');
    expect(decoded(Buffer.from('\ufeffGröße\n', 'utf16le').swap16())).toBe('Größe\n');
    expect(decoded(Buffer.from('Größe', 'latin1'))).toBe('Größe');
    expect(decoded(Buffer.from('\ufeffa'))).toBe('a');
  });

  test('unless control characters say that it is none', () => {
    expect(decoded(Buffer.from('PK\x03\x04a.npy'))).toBeUndefined();
    expect(decoded(Buffer.from('\x1b[31mred\x1b[0m\ttab\r\n'))).toContain('red');
  });
});

describe('JSON', () => {
  test('has one value a line, as JSON.stringify indents it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), (json) => {
        const value: unknown = JSON.parse(json);
        expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
      { numRuns: 50 },
    );
  });

  test('keeps every number as it was written, those of Python included', () => {
    expect(indentJson('{"id":12345678901234567890,"x":[1.0,1e5,-0.10,NaN,-Infinity],"e":{},"s":"a: [b, NaN]"}')).toBe(
      `{
  "id": 12345678901234567890,
  "x": [
    1.0,
    1e5,
    -0.10,
    NaN,
    -Infinity
  ],
  "e": {},
  "s": "a: [b, NaN]"
}`,
    );
  });

  test('that is cut off or none is left as it is', () => {
    expect(indentJson('{"a": 1,,}')).toBe('{"a": 1,,}');
    expect(indentJson('[1, 2')).toBe('[1, 2');
  });
});
