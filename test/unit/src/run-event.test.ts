import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { eventRecord } from '../../../src/run-event.ts';

test.each<[unknown, string]>([
  ['as it is\n ', 'as it is\n '],
  ['', ''],
  [{ residual: 0.5 }, '{ residual: 0.5 }'],
  [[1, 'a'], "[ 1, 'a' ]"],
  [undefined, 'undefined'],
  [Symbol('x'), 'Symbol(x)'],
])('what a program logs as an event is kept: %j', (message, body) => {
  expect(eventRecord(message as string, {}).body).toBe(body);
});

test('an error of another realm, as test runners have them, brings its type, message and stack', () => {
  const error = runInNewContext("new RangeError('diverged')");
  expect(error instanceof Error).toBe(false);
  const { body, severityText, attributes } = eventRecord(error, {});
  expect([body, severityText]).toEqual(['RangeError: diverged', 'ERROR']);
  expect(attributes?.get('exception.stacktrace')).toContain('RangeError: diverged');
});

test('a level may be written in capitals; an attribute that is undefined is left out', () => {
  const { severityNumber, attributes } = eventRecord('m', {
    level: 'WARN' as never,
    attributes: { a: undefined as never, b: 1 },
  });
  expect(severityNumber).toBe(13);
  expect([...(attributes ?? [])]).toEqual([['b', 1]]);
  expect(() => eventRecord('m', { level: 'loud' as never })).toThrow('level "loud" is not one of');
});
