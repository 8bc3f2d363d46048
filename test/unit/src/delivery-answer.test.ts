import { describe, expect, test } from 'vitest';
import { answerOfStatus, parseRetryAfter, retryDelayMillis } from '../../../src/delivery-answer.ts';
import { readErrorText, readExportResponse } from '../../../src/otlp-response.ts';

test.each([
  [200, 'accepted'],
  [202, 'accepted'],
  [301, 'misconfigured'],
  [400, 'malformed'],
  [401, 'misconfigured'],
  [403, 'misconfigured'],
  [404, 'misconfigured'],
  [405, 'misconfigured'],
  [408, 'retry'],
  [413, 'too-large'],
  [415, 'misconfigured'],
  [422, 'malformed'],
  [429, 'retry'],
  [500, 'retry'],
  [503, 'retry'],
])('status %i is %s', (status, kind) => {
  expect(answerOfStatus(status, 'reason').kind).toBe(kind);
});

test.each([
  ['3', 3000],
  ['0', 0],
  ['-1', 0],
  ['1.5', 1500],
  ['Thu, 01 Jan 1970 00:00:10 GMT', 9000],
  ['', undefined],
  ['soon', undefined],
  [undefined, undefined],
])('Retry-After %s is %s ms', (header, millis) => {
  expect(parseRetryAfter(header, 1000)).toBe(millis);
});

describe('delays', () => {
  test('double with each failure up to 30 s, half of it at random', () => {
    expect([1, 2, 3, 7, 100].map((failures) => retryDelayMillis(failures, 0, 1))).toEqual([
      500, 1000, 2000, 30_000, 30_000,
    ]);
    expect(retryDelayMillis(3, 0, 0)).toBe(1000);
  });

  test('are not shorter than Retry-After, which is cut at 5 minutes', () => {
    expect(retryDelayMillis(1, 7000, 0.5)).toBe(7000);
    expect(retryDelayMillis(1, 86_400_000, 0.5)).toBe(300_000);
  });
});

describe('answers', () => {
  test('partial_success has count and message; an empty one is none', () => {
    expect(readExportResponse(Buffer.from([0x0a, 6, 0x08, 0x96, 0x01, 0x12, 1, 0x61]))).toEqual({
      rejectedItems: 150,
      message: 'a',
    });
    expect(readExportResponse(Buffer.from([0x0a, 0]))).toBeUndefined();
    expect(readExportResponse(Buffer.alloc(0))).toBeUndefined();
  });

  test('what is not protobuf is an error', () => {
    expect(() => readExportResponse(Buffer.from('<html>'))).toThrow(RangeError);
  });

  test.each([
    { type: 'application/x-protobuf', body: Buffer.from([0x08, 3, 0x12, 2, 0x6e, 0x6f]), text: 'no' },
    { type: 'application/x-protobuf', body: Buffer.from([0x12, 200]), text: 'unreadable answer' },
    {
      type: 'application/json; charset=utf-8',
      body: Buffer.from('{"code":3,"message":"no \\"way\\""}'),
      text: 'no \\"way\\"',
    },
    { type: 'text/plain', body: Buffer.from('first\nsecond'), text: 'first' },
    { type: undefined, body: Buffer.alloc(0), text: '' },
  ])('the text of an error of type $type', ({ type, body, text }) => {
    expect(readErrorText(body, type)).toBe(text);
  });
});
