import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lines } from '../../../src/lines.ts';

function linesOf(pieces: readonly Buffer[]): string[] {
  const lines = new Lines();
  const complete = pieces.flatMap((piece) => lines.push(piece));
  const rest = lines.end();
  return rest === undefined ? complete : [...complete, rest];
}

test('law: the lines are the same wherever the text is cut', () => {
  const text = fc
    .array(fc.constantFrom('a', 'é', '🙂', '\n', ' '), { maxLength: 40 })
    .map((parts) => Buffer.from(parts.join('')));
  fc.assert(
    fc.property(text, fc.array(fc.nat(80)), (bytes, cuts) => {
      const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
      const whole = bytes.toString().split('\n');
      expect(linesOf(pieces)).toEqual(whole.at(-1) === '' ? whole.slice(0, -1) : whole);
    }),
  );
});

test('a line without an end does not grow without bound', () => {
  const lines = new Lines();
  const piece = 'x'.repeat(100_000);
  const cut = [piece, piece, piece, '\n'].flatMap((each) => lines.push(each));
  expect(cut.map((line) => line.length)).toEqual([300_000, 0]);
  expect(lines.end()).toBeUndefined();
});
