import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { flattenMetadata } from '../../../src/attributes.ts';
import { checkStepAndTime, checkValues, runTimeToSend } from '../../../src/metric-values.ts';
import { generateRunId } from '../../../src/run-id.ts';
import { generateRunName, mendRunName, nameProblem } from '../../../src/run-name.ts';
import { folderDetails, initOptions, normalizeFolder, uniqueTags } from '../../../src/run-options.ts';
import { timestampToUnixNano } from '../../../src/timestamp.ts';
import { VERSION } from '../../../src/version.ts';

test.each([
  ['', '/'],
  ['/', '/'],
  ['a', '/a'],
  ['/a/b/', '/a/b'],
  ['//a// b /', '/a/ b '],
])('folder "%s" is "%s"', (given, expected) => {
  expect(normalizeFolder(given)).toBe(expected);
});

test('tags are unique and keep their order', () => {
  expect(uniqueTags(['b', 'a', 'b'])).toEqual(['b', 'a']);
  for (const tag of [null, undefined, {}, '']) {
    expect(() => uniqueTags(['a', tag as string])).toThrow('tag 2 of 2 is not a text');
  }
});

describe('forms of arguments', () => {
  test('init by position leaves out what is not given', () => {
    expect(initOptions(['n', { a: 1 }, undefined, 'd'])).toEqual({ name: 'n', metadata: { a: 1 }, description: 'd' });
    expect(initOptions([])).toEqual({});
    expect(initOptions([undefined, { a: 1 }])).toEqual({ metadata: { a: 1 } });
  });

  test.each([
    { args: [{ tags: ['t'] }], path: undefined, details: { tags: ['t'] } },
    { args: ['/p', { metadata: { a: 1 } }], path: '/p', details: { metadata: { a: 1 } } },
    { args: ['/p', { environment: 'x' }], path: '/p', details: { metadata: { environment: 'x' } } },
    {
      args: ['/p', { tags: 'x' }, ['t'], 'd'],
      path: '/p',
      details: { metadata: { tags: 'x' }, tags: ['t'], description: 'd' },
    },
    { args: ['/p'], path: '/p', details: {} },
  ])('setFolderDetails($args)', ({ args, path, details }) => {
    expect(folderDetails(args as Parameters<typeof folderDetails>[0])).toEqual({ path, details });
  });
});

describe('metadata', () => {
  test('nested keys are joined with dots; lists, dates, null and hostile keys are kept', () => {
    const metadata = JSON.parse('{"a":{"b":{"c":1}},"list":[1,{"x":true}],"none":null,"__proto__":{"p":1},"empty":{}}');
    const flat = flattenMetadata({ ...metadata, ['__proto__.p']: 1, when: new Date(0) }, 'm.', []);
    expect(Object.fromEntries(flat)).toEqual({
      'm.a.b.c': 1,
      'm.list': [1, { x: true }],
      'm.none': null,
      'm.empty': {},
      'm.__proto__.p': 1,
      'm.when': '1970-01-01T00:00:00.000Z',
    });
  });

  test('what refers to itself is an error, not an endless loop', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    const problems: string[] = [];
    expect(flattenMetadata(loop as never, '', problems).size).toBe(0);
    expect(problems).toEqual([expect.stringContaining('deeper than 32')]);
  });

  test.each<[unknown, unknown, number]>([
    ['é'.repeat(32_769), 'é'.repeat(32_768), 65_538],
    [Array(10_000).fill('12345'), Array(8_000).fill('12345'), 80_001],
    [[2n ** 62n, 'x'.repeat(65_600)], [2n ** 62n], 65_626],
    [() => 1, 1, 0],
  ])(
    'a value beyond 64 KiB, or that is none, is left out with its key, however deep; the others stay',
    (wrong, right, bytes) => {
      const problems: string[] = [];
      const flat = flattenMetadata({ a: { wrong, right }, b: 2 } as never, 'm.', problems);
      expect(Object.fromEntries(flat)).toEqual({ 'm.a.right': right, 'm.b': 2 });
      const problem = bytes === 0 ? 'is of type function' : `has ${bytes} bytes, more than 65536`;
      expect(problems).toEqual([expect.stringContaining(`metadata "a.wrong" ${problem}`)]);
    },
  );
});

describe('values', () => {
  test('numbers, bigints and booleans are values; all else is a problem that names the metric', () => {
    const checked = checkValues({ a: 1, b: 2n, c: true, d: Number.NaN, e: '5', f: null, [' ']: 1 } as never);
    expect(checked.names).toEqual(['a', 'b', 'c', 'd', ' ']);
    expect(checked.values).toEqual([1, 2n, 1, Number.NaN, 1]);
    expect(checked.problems).toEqual([
      'metric "e" is of type string, not a number',
      'metric "f" is of type null, not a number',
    ]);
  });

  test('run time is sent only when it says something else than the timestamp', () => {
    expect(runTimeToSend(undefined, 5n, 0n)).toBeUndefined();
    expect(runTimeToSend(1.5, 1_500_000_000n, 0n)).toBeUndefined();
    expect(runTimeToSend(1.5, 1_500_002_000n, 0n)).toBe(1.5);
    expect(runTimeToSend(-3, 0n, 0n)).toBe(-3);
  });

  test.each([{ step: 0.5 }, { step: Number.NaN }, { time: Number.POSITIVE_INFINITY }])(
    '%o is refused',
    ({ step, time }) => {
      const invalid = expect.objectContaining({ code: 'SIMVUE_ERR_INVALID_ARGUMENT' });
      expect(() => checkStepAndTime(step, time)).toThrow(invalid);
    },
  );
});

test.each([
  ['2026-11-20T10:11:12.123456Z'],
  ['2026-11-20 10:11:12.123456'],
  [1_795_169_472_123_456_000n],
  [[1_795_169_472, 123_456_000] as const],
])('timestamp %s', (timestamp) => {
  expect(timestampToUnixNano(timestamp)).toBe(1_795_169_472_123_456_000n);
});

test.each([['now'], [new Date(Number.NaN)], [-1n], ['2026-13-01T00:00:00Z'], [2n ** 64n], [[1.5, 0] as const]])(
  'timestamp %s is refused',
  (timestamp) => {
    expect(() => timestampToUnixNano(timestamp)).toThrow('is not a time');
  },
);

test('names are two words that a run may have; a wrong name is mended', () => {
  for (let i = 0; i < 100; i++) expect(generateRunName()).toMatch(/^[a-z]+-[a-z]+$/);
  expect(nameProblem('my run/1.2:3_4-5')).toBeUndefined();
  expect(nameProblem('a;b')).toMatch('letters, digits');
  expect(nameProblem('a'.repeat(256))).toMatch('has 256 characters');
  expect(mendRunName('a;b')).toBe('a-b');
});

test('ids have 22 letters and digits', () => {
  const ids = Array.from({ length: 1000 }, generateRunId);
  expect(ids.every((id) => /^[A-Za-z0-9]{22}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(1000);
});

test("the scope's version is that of the package", () => {
  expect(VERSION).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});
