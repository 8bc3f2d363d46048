import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPythonJson, parsePythonJson } from '../../../src/python-json.ts';

test('numbers that JSON does not have are read and written as Python does, text that looks like them stays text', () => {
  const text = '{"a":[NaN,-Infinity,Infinity,1e+300],"NaN":"-Infinity","\\u0000NaN":"say \\"NaN\\" NaN"}';
  const value = parsePythonJson(text) as Record<string, unknown>;
  expect(value['a']).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1e300]);
  expect(value['NaN']).toBe('-Infinity');
  expect(formatPythonJson(value)).toBe(text);
});

test('what is not JSON is refused as JSON.parse does', () => {
  for (const text of ['', '{NaN:1}', '[nan]', 'NaNs', '-NaN', '{"a":}'])
    expect(() => parsePythonJson(text), text).toThrow(SyntaxError);
});

test('law: every value with every number comes back', () => {
  const { any } = fc.letrec((tie) => ({
    any: fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.array(tie('any')), fc.dictionary(fc.string(), tie('any'))),
  }));
  fc.assert(
    fc.property(any, (value) => {
      const withoutMinusZero = JSON.parse(
        JSON.stringify({ value }, (_k, v) =>
          Object.is(v, -0) ? 0 : typeof v === 'number' && !Number.isFinite(v) ? `number ${v}` : v,
        ),
      );
      const read = { value: parsePythonJson(formatPythonJson(value)) };
      expect(
        JSON.parse(JSON.stringify(read, (_k, v) => (typeof v === 'number' && !Number.isFinite(v) ? `number ${v}` : v))),
      ).toEqual(withoutMinusZero);
    }),
  );
});
