import { describe, expect, test } from 'vitest';
import { jsonLines, keyValues, pattern, separatedValues } from '../../../../src/sidecar/line-readers.ts';
import type { LineReader, Reading } from '../../../../src/sidecar/reading.ts';

const readAll = (reader: LineReader, lines: readonly string[]): Reading[] =>
  lines.flatMap((line) => reader(line) ?? []).filter(({ values }) => Object.keys(values).length > 0);
const reading = (values: Record<string, number>, step?: number, time?: number): Reading => ({ values, step, time });

describe('columns with a header', () => {
  test('a row is a reading; the step and time columns are not metrics', () => {
    const reader = separatedValues(',', { step: ['iter'], time: 't' });
    expect(readAll(reader, ['iter,t,p,U x', '1,0.5,0.25,3', '2,1,NaN,-inf'])).toEqual([
      reading({ p: 0.25, 'U x': 3 }, 1, 0.5),
      reading({ p: Number.NaN, 'U x': Number.NEGATIVE_INFINITY }, 2, 1),
    ]);
  });

  test('a header that comes again with other columns counts from there on', () => {
    const reader = separatedValues(',', { step: ['iter'] });
    expect(readAll(reader, ['iter,p', '1,0.5', 'iter,q,p', '2,7,0.25'])).toEqual([
      reading({ p: 0.5 }, 1),
      reading({ q: 7, p: 0.25 }, 2),
    ]);
  });

  test('cells that are empty or no numbers are left out, cells without a column too; quotes hold separators', () => {
    const reader = separatedValues(',', {});
    expect(readAll(reader, ['"a,b",c,"d ""e"""', '1,,x', '"2",3,4,5', 'x,y,1'])).toEqual([
      reading({ 'a,b': 1 }),
      reading({ 'a,b': 2, c: 3, 'd "e"': 4 }),
      reading({ 'd "e"': 1 }),
    ]);
  });

  test('a Fortran table: spaces, a header behind #, exponents with D', () => {
    const reader = separatedValues(undefined, { step: ['step'] });
    const lines = ['# solver 1.2', '# step   residual', '   1   1.5D-03', '# mesh was refined', '   2   -2.0d+00  '];
    expect(readAll(reader, lines)).toEqual([reading({ residual: 0.0015 }, 1), reading({ residual: -2 }, 2)]);
  });

  test('Fortran leaves the letter of an exponent of three digits out, and prints stars where a number has no room', () => {
    expect(readAll(separatedValues(undefined, {}), ['step p q', '1 0.5-103 *****', '2 -.5D+101 1'])).toEqual([
      reading({ p: 0.5e-103 }, 1),
      reading({ p: -0.5e101, q: 1 }, 2),
    ]);
  });

  test('tabs separate cells that hold spaces', () => {
    expect(readAll(separatedValues('\t', {}), ['a b\tc', '1\t2'])).toEqual([reading({ 'a b': 1, c: 2 })]);
  });
});

test('the first step column that a line has is its step; step is without being named, unless there is another', () => {
  const columns = { step: ['iter', 'n'] };
  expect(readAll(jsonLines(columns), ['{"n":1,"a":0}', '{"iter":2,"n":7,"a":0}', '{"step":3,"a":0}'])).toEqual([
    reading({ a: 0 }, 1),
    reading({ n: 7, a: 0 }, 2),
    reading({ a: 0 }, 3),
  ]);
  expect(readAll(separatedValues(',', columns), ['iter,step,a', '4,0.5,0'])).toEqual([reading({ step: 0.5, a: 0 }, 4)]);
});

test('JSON lines: nested keys are joined, what is no number and what is no JSON is left out', () => {
  const reader = jsonLines({ step: ['epoch'] });
  const lines = ['{"epoch": 3, "loss": {"train": 0.5, "test": NaN}, "note": "x", "list": [1]}', 'not json', '[]', '{}'];
  expect(readAll(reader, lines)).toEqual([reading({ 'loss.train': 0.5, 'loss.test': Number.NaN }, 3)]);
});

test('key=value and key: value are found anywhere in a line; times and versions are no values', () => {
  const reader = keyValues({ step: ['step'] });
  expect(
    readAll(reader, ['[12:30:01] step=5 loss = 1.5e-3, acc: .5 lr=nan v=1.2.3', 'nothing here', 'name=wing']),
  ).toEqual([reading({ loss: 0.0015, acc: 0.5, lr: Number.NaN }, 5)]);
});

describe('a regular expression', () => {
  test('named groups are metrics, step and time', () => {
    const reader = pattern('Time step (?<step>\\d+) t=(?<time>\\S+) res (?<res>\\S+)', {});
    expect(readAll(reader, ['Time step 7 t=0.5 res 1e-3', 'else'])).toEqual([reading({ res: 0.001 }, 7, 0.5)]);
  });

  test('groups name and value make one metric; a line with only the step counts for those after it', () => {
    const reader = pattern('^(?:Iteration (?<step>\\d+)|\\s*(?<name>\\w+) residual (?<value>\\S+))$', {});
    expect(
      readAll(reader, ['Iteration 4', '  p residual 0.5', '  U residual 0.25', 'Iteration 5', 'p residual 0.1']),
    ).toEqual([reading({ p: 0.5 }, 4), reading({ U: 0.25 }, 4), reading({ p: 0.1 }, 5)]);
  });

  test('one that is wrong or names nothing is refused', () => {
    expect(() => pattern('(', {})).toThrow('--pattern: "(" is not a regular expression');
    expect(() => pattern('loss (\\d+)', {})).toThrow('has no named group');
  });
});
