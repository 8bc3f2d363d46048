import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../web/src/lib/decode-text.ts';
import { indentJson, isSameValue } from '../../../web/src/lib/indent-json.ts';

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

describe('two texts of JSON', () => {
  /** The same value with its keys the other way round. */
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, of]) => [key, turned(of)]),
    );
  };
  /** The value as JSON that says everything in one order. */
  const sorted = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(sorted)}]`;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    return `{${Object.entries(value)
      .map(([key, of]) => `${JSON.stringify(key)}:${sorted(of)}`)
      .sort()}}`;
  };
  const small = fc.json({ maxDepth: 3, depthSize: 'small' });

  test('with their keys in another order and another layout hold the same value', () => {
    fc.assert(
      fc.property(small, (json) => {
        expect(isSameValue(json, JSON.stringify(turned(JSON.parse(json)), null, 3))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('hold the same value exactly when sorting all their keys makes them one text', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 2 },
        fc.constantFrom(1, 'a', null, ''),
        fc.array(tie('any'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b', '', '{', ','), tie('any'), { maxKeys: 3 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(isSameValue(JSON.stringify(a), JSON.stringify(b))).toBe(sorted(a) === sorted(b));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['an order of a list', '[1,2]', '[2,1]'],
    ['a value that changed its key', '{"a":1,"b":2}', '{"a":2,"b":1}'],
    ['digits that a number cannot hold', '{"id":12345678901234567890}', '{"id":12345678901234567891}'],
    ['a key that is there twice', '{"a":1,"a":2}', '{"a":2,"a":1}'],
    ['text that is not JSON', '{"a":1,,}', '{,"a":1,}'],
    ['text that was cut off', '{"a":1,"b":[', '{"b":[,"a":1'],
  ])('do not hold the same value for %s', (_, a, b) => {
    expect(isSameValue(a, b)).toBe(false);
  });

  test('may be as deep as they are long', () => {
    const deep = (keys: (inner: string) => string) => {
      let text = '0';
      for (let depth = 0; depth < 100_000; depth++) text = keys(text);
      return text;
    };
    const [one, other] = [deep((of) => `{"a":${of},"b":1}`), deep((of) => `{"b":1,"a":${of}}`)];
    expect(isSameValue(one, other)).toBe(true);
    expect(isSameValue(one, other.replace('0', '1'))).toBe(false);
  });
});
