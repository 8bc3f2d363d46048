import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArtifactView } from '../../../collector/api/contract/artifact.ts';
import { artifactKind, formatBytes, imageType } from '../../../web/src/lib/artifact-kind.ts';
import { treeRows } from '../../../web/src/lib/artifact-tree.ts';
import { parseSeparated } from '../../../web/src/lib/separated-values.ts';
import { tokenize } from '../../../web/src/lib/syntax.ts';

const artifact = (name: string, category: 'input' | 'output' | 'code' = 'output', mime_type = 'text/plain') =>
  ({ id: name, name, category, mime_type }) as ArtifactView;
const labels = (artifacts: readonly ArtifactView[], closed: readonly string[] = [], search = '') =>
  treeRows(artifacts, new Set(closed), search).map(({ label, depth }) => `${'  '.repeat(depth)}${label}`);

describe('the tree of artifacts', () => {
  const files = [artifact('b.txt'), artifact('sub/x/a.txt'), artifact('sub/z.txt'), artifact('main.py', 'code')];

  test('puts code before inputs before outputs, and folders before files', () => {
    expect(labels(files)).toEqual([
      'Code',
      '  main.py',
      'Outputs',
      '  sub',
      '    x',
      '      a.txt',
      '    z.txt',
      '  b.txt',
    ]);
  });

  test('hides what is below a shut folder, and what does not match', () => {
    expect(labels(files, ['output/sub'])).toEqual(['Code', '  main.py', 'Outputs', '  sub', '  b.txt']);
    expect(labels(files, [], 'Z.TXT')).toEqual(['Outputs', '  sub', '    z.txt']);
  });

  test('keeps a name of slashes only', () => {
    expect(labels([artifact('//')])).toEqual(['Outputs', '  //']);
  });
});

test.each([
  ['plot.PNG', 'application/octet-stream', 'image'],
  ['x', 'image/svg+xml', 'image'],
  ['x.html', 'text/html; charset=utf-8', 'text'],
  ['x', 'application/vnd.plotly.v1+json', 'figure'],
  ['x', 'application/vnd.simvue.df.v1', 'table'],
  ['x.npy', 'application/octet-stream', 'array'],
  ['x', 'application/vnd.simvue.torch.v1', 'none'],
  ['x.tar.zst', 'application/octet-stream', 'none'],
  ['fvSolution', 'application/octet-stream', 'text'],
  ['query.sql', 'application/sql', 'text'],
  ['plot.m', 'application/vnd.wolfram.mathematica.package', 'text'],
  ['x', 'application/pdf', 'none'],
  ['scan', 'image/tiff', 'none'],
] as const)('%s of type %s is shown as %s', (name, mime_type, kind) => {
  expect(artifactKind({ name, mime_type })).toBe(kind);
});

test('nothing but an image is given to an image element', () => {
  expect(imageType({ name: 'a.html', mime_type: 'text/html' })).toBeUndefined();
  expect(imageType({ name: 'a.svg', mime_type: 'text/html' })).toBe('image/svg+xml');
});

test.each([
  [999, '999 B'],
  [1400, '1.4 kB'],
  [184e6, '184 MB'],
  [2.1e9, '2.1 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

describe('separated values', () => {
  const cell = fc.string({ unit: 'grapheme' }).filter((text) => !/[\0]/.test(text));
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }));
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

  test('are read as they were written', () => {
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), (rows, end) => {
        const head = rows[0]?.map((_, index) => `c${index}`) ?? [];
        const text = [head, ...rows].map((row) => row.map(quote).join(',')).join(end);
        expect(parseSeparated(text, 100)).toEqual([head, ...rows]);
      }),
    );
  });

  test.each([
    [
      'a\tb\n1,5\t2\n',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'a;b\n1;\n',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
    [
      'a,b\n1,"open',
      [
        ['a', 'b'],
        ['1', 'open'],
      ],
    ],
    ['', []],
  ])('%j is %j', (text, rows) => {
    expect(parseSeparated(text, 100)).toEqual(rows);
  });

  test('stop at the greatest number of rows', () => {
    expect(parseSeparated('a\nb\nc\n', 2)).toHaveLength(2);
  });
});

test('coloured pieces joined are the text, whatever it is', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('py', 'ts', 'json', 'txt', 'zzz'), (text, extension) => {
      expect(
        tokenize(text, extension)
          .map((token) => token.text)
          .join(''),
      ).toBe(text);
    }),
  );
  expect(tokenize('x = "a # b" # c', 'py').map(({ kind }) => kind)).toEqual([undefined, 'str', undefined, 'com']);
});
