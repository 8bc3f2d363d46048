import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventRecords } from '../../../src/run-event.ts';

test.each<[unknown, string]>([
  ['as it is\n ', 'as it is\n '],
  ['', ''],
  [{ residual: 0.5 }, '{ residual: 0.5 }'],
  [[1, 'a'], "[ 1, 'a' ]"],
  [undefined, 'undefined'],
  [Symbol('x'), 'Symbol(x)'],
])('what a program logs as an event is kept: %j', (message, body) => {
  expect(eventRecords(message as string, {})).toMatchObject([{ body }]);
});

test('an error of another realm, as test runners have them, brings its type, message and stack', () => {
  const error = runInNewContext("new RangeError('diverged')");
  expect(error instanceof Error).toBe(false);
  const [{ body, severityText, attributes } = {}] = eventRecords(error, {});
  expect([body, severityText]).toEqual(['RangeError: diverged', 'ERROR']);
  expect(attributes?.get('exception.stacktrace')).toContain('RangeError: diverged');
});

test('a level may be written in capitals; an attribute that is undefined is left out', () => {
  const [{ severityNumber, attributes } = {}] = eventRecords('m', {
    level: 'WARN' as never,
    attributes: { a: undefined as never, b: 1 },
  });
  expect(severityNumber).toBe(13);
  expect([...(attributes ?? [])]).toEqual([['b', 1]]);
  expect(() => eventRecords('m', { level: 'loud' as never })).toThrow('level "loud" is not one of');
});

test('a text above 256 KiB becomes several events, cut between characters, with nothing lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (unit) => {
      const text = unit.repeat(Math.ceil(600_000 / Buffer.byteLength(unit)));
      const records = eventRecords(text, { level: 'warn', attributes: { source: 'a' } });
      expect(records).toHaveLength(3);
      expect(records.map(({ body }) => body).join('')).toBe(text);
      for (const { body = '', severityText, attributes } of records) {
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(262_144);
        expect([severityText, attributes?.get('source')]).toEqual(['WARN', 'a']);
      }
    }),
    { numRuns: 20 },
  );
});

test('the line of an error has room in an event, its whole message is an attribute', () => {
  const message = 'é'.repeat(200_000);
  const [{ body = '', attributes } = {}, ...others] = eventRecords(new Error(message), {});
  expect(others).toEqual([]);
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(262_144);
  expect(attributes?.get('exception.message')).toBe(message);
});
