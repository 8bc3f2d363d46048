import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunView } from '../../../collector/api/contract/run.ts';
import type { SeriesView } from '../../../collector/api/contract/telemetry.ts';
import { marked, paletteFilters } from '../../../web/src/lib/command-text.ts';
import { compareRuns } from '../../../web/src/lib/comparison.ts';
import { orderBy, orderRows, spreadOf } from '../../../web/src/lib/comparison-order.ts';
import { metadataAt } from '../../../web/src/lib/flatten.ts';
import { leaves, nested, readValue } from '../../../web/src/lib/metadata-value.ts';
import { ROW_ORDERS } from '../../../web/src/lib/route.ts';
import { groupRuns, shortNames } from '../../../web/src/lib/series.ts';
import { runsCsv } from '../../../web/src/lib/table-export.ts';

const run = (
  metadata: Record<string, unknown>,
  last: Record<string, number | null> = {},
  inputs: Record<string, string> = {},
) => ({
  inputs: Object.entries(inputs).map(([name, checksum]) => ({ id: name, name, checksum })),
  run: {
    id: 'r',
    name: 'r',
    metadata,
    metrics: Object.fromEntries(Object.entries(last).map(([name, value]) => [name, { last: value }])),
  } as unknown as RunView,
});

describe('the comparison of runs', () => {
  const runs = [run({ Re: 1, mesh: { n: 5 } }, { loss: 0.5 }), run({ Re: 2, mesh: { n: 5 } }, { loss: 0.25, p: 1 })];

  test('leaves out what is the same, and says how much that is', () => {
    const { metadata, metrics, same } = compareRuns(runs, false);
    expect(metadata.map(({ key, cells }) => [key, ...cells.map(({ text }) => text)])).toEqual([['Re', '1', '2']]);
    expect(metrics.map(({ key }) => key)).toEqual(['loss', 'p']);
    expect(same).toBe(1);
    expect(compareRuns(runs, true).metadata.map(({ key }) => key)).toEqual(['Re', 'mesh.n']);
  });

  test('finds no difference between a metric that is not there and one of arrays, which has no such number', () => {
    const { metrics, same } = compareRuns([run({}, { field: null }), run({})], false);
    expect([metrics, same]).toEqual([[], 1]);
  });

  test('marks what the baseline does not have, and the lowest value', () => {
    const [loss, p] = compareRuns(runs, false).metrics;
    expect(loss?.cells.map(({ differs, isLowest }) => [differs, isLowest])).toEqual([
      [false, false],
      [true, true],
    ]);
    expect(p?.cells.map(({ text, isLowest }) => [text, isLowest])).toEqual([
      ['–', false],
      ['1', false],
    ]);
  });
});

test('inputs are told apart by their checksums, whatever their names', () => {
  const runs = [
    run({}, {}, { 'mesh.msh': 'a'.repeat(64), 'case.yaml': 'b'.repeat(64) }),
    run({}, {}, { 'mesh.msh': 'c'.repeat(64), 'case.yaml': 'b'.repeat(64), extra: 'd'.repeat(64) }),
  ];
  const { inputs, same } = compareRuns(runs, false);
  expect(inputs.map(({ key, cells }) => [key, ...cells.map(({ text }) => text)])).toEqual([
    ['mesh.msh', 'aaaaaaaa', 'cccccccc'],
    ['extra', '–', 'dddddddd'],
  ]);
  expect(inputs.map(({ artifacts }) => artifacts)).toEqual([
    ['mesh.msh', 'mesh.msh'],
    [undefined, 'extra'],
  ]);
  expect(same).toBe(1);
});

test('runs are ordered by a row: numbers, also printed ones, before texts, what is missing last, and back again', () => {
  const values = ['1e-3', undefined, 'PCG', '20', 3, null];
  expect(orderBy({ values }).map((place) => values[place])).toEqual(['1e-3', 3, '20', 'PCG', undefined, null]);
  const sorted = [0, 4, 3, 2, 1, 5].map((place) => values[place]);
  expect(orderBy({ values: sorted }).map((place) => sorted[place])).toEqual(['20', 3, '1e-3', 'PCG', undefined, null]);
  fc.assert(
    fc.property(fc.array(fc.option(fc.double({ noDefaultInfinity: true }))), (numbers) => {
      const ordered = orderBy({ values: numbers });
      expect(ordered.toSorted((a, b) => a - b)).toEqual(numbers.map((_, index) => index));
    }),
  );
});

describe('rows of the comparison', () => {
  const spread = (...values: readonly (string | number | null | undefined)[]) => spreadOf({ values });

  test('differ by their range beside their size, or by how many values there are', () => {
    expect([spread(4, 4, 4), spread('PCG', 'PCG'), spread(0, 0), spread(7)]).toEqual([0, 0, 0, 0]);
    expect([spread(8, 10), spread('-1', 1), spread(-10, -8)]).toEqual([0.2, 2, 0.2]);
    expect([spread('a', 'b', 'a'), spread('a', 'b', 'c'), spread(1, undefined, 1)]).toEqual([0.5, 1, 0.5]);
    expect([spread(1, Number.POSITIVE_INFINITY), spread(null, Number.NaN)]).toEqual([Number.POSITIVE_INFINITY, 0]);
  });

  test('stand as they came, by name, back, or with the greatest difference first', () => {
    const { metadata } = compareRuns([run({ k10: 1, k9: 'a', k1: 2 }), run({ k10: 1, k9: 'b', k1: 2.5 })], true);
    const order = (by: Parameters<typeof orderRows>[1]) => orderRows(metadata, by).map(({ key }) => key);
    expect([order('given'), order('name'), order('name-desc'), order('spread')]).toEqual([
      ['k10', 'k9', 'k1'],
      ['k1', 'k9', 'k10'],
      ['k10', 'k9', 'k1'],
      ['k9', 'k1', 'k10'],
    ]);
  });

  test('are never fewer or more in another order', () => {
    const metadata = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.double(), fc.boolean()));
    fc.assert(
      fc.property(fc.array(metadata, { minLength: 1, maxLength: 4 }), fc.constantFrom(...ROW_ORDERS), (all, order) => {
        const rows = compareRuns(
          all.map((one) => run(one)),
          true,
        ).metadata;
        const ordered = orderRows(rows, order);
        expect(new Set(ordered)).toEqual(new Set(rows));
        if (order !== 'spread') return;
        const spreads = ordered.map(spreadOf);
        expect(spreads).toEqual(spreads.toSorted((a, b) => (a === b ? 0 : b - a)));
      }),
    );
  });
});

test('runs share a card for each series, those of most runs first', () => {
  const series = (name: string, id: number) =>
    ({ id, name, metric: name, unit: '', count: 1, non_finite: 0 }) as SeriesView;
  const cards = groupRuns([
    { id: 'a', name: 'pitz-fine-07', colour: 0, series: [series('own', 1), series('loss', 2)] },
    { id: 'b', name: 'pitz-fine-08', colour: 4, series: [series('loss', 1)] },
  ]);
  expect(cards.map(({ title, lines }) => [title, ...lines.map(({ label, runId }) => `${runId} ${label}`)])).toEqual([
    ['loss', 'a 07', 'b 08'],
    ['own', 'a 07'],
  ]);
});

test.each([
  [
    ['pitz-1', 'pitz-2'],
    ['1', '2'],
  ],
  [
    ['pitz', 'pitz-2'],
    ['pitz', 'pitz-2'],
  ],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [
    ['same-1', 'same-1'],
    ['1', '1'],
  ],
  [['alone-1'], ['alone-1']],
])('%j are told apart as %j', (names, short) => {
  expect(shortNames(names)).toEqual(short);
});

describe('metadata', () => {
  test('leaves put back below their paths are the metadata', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const key = fc.string({ minLength: 1, maxLength: 4 }).filter((text) => text !== '__proto__');
    const tree = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf, { minKeys: 1, noNullPrototype: true })), {
      noNullPrototype: true,
    });
    const merge = (a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> => {
      const merged = { ...a };
      for (const [name, value] of Object.entries(b)) {
        const old = Object.hasOwn(merged, name) ? merged[name] : undefined;
        const both = [old, value].every((side) => typeof side === 'object' && side !== null);
        merged[name] = both ? merge(old as Record<string, unknown>, value as Record<string, unknown>) : value;
      }
      return merged;
    };
    fc.assert(
      fc.property(tree, (metadata) => {
        const parts = leaves(metadata).map(({ path, value }) => nested(path, value));
        expect(parts.reduce(merge, {})).toEqual(metadata);
      }),
    );
  });

  test.each([
    ['25', false, 25],
    ['25', true, '25'],
    ['true', false, true],
    ['[1, 2]', true, [1, 2]],
    ['GAMG', false, 'GAMG'],
    ['', false, ''],
  ])('%j is read as %s', (text, isText, value) => {
    expect(readValue(text, isText)).toEqual(value);
  });

  test('is found by its literal key before its path', () => {
    expect(metadataAt({ 'a.b': 1, a: { b: 2 } }, 'a.b')).toBe('1');
    expect(metadataAt({ a: { b: 2 } }, 'a.b')).toBe('2');
    expect(metadataAt({}, 'constructor.name')).toBe('');
  });
});

test('a table is exported with quotes where they are needed, and without formulas', () => {
  const row = { id: 'x', name: '=cmd()', tags: ['a,b'], metadata: { k: 'say "hi"', n: -5 }, metrics: {}, alerts: [] };
  const cells = { x: { loss: { last_text: '-0.25' }, end: { last_text: 'NaN' } } } as never;
  const columns = ['tags', 'metadata.k', 'metadata.n', 'metric.loss', 'metric.end', 'metric.no'];
  expect(runsCsv([row as never], columns, cells)).toBe(
    `id,name,tags,metadata.k,metadata.n,metric.loss,metric.end,metric.no\r\nx,'=cmd(),"a,b","say ""hi""",-5,-0.25,NaN,\r\n`,
  );
});

describe('the command palette', () => {
  test('takes words as parts of the name, and filters as they are', () => {
    expect(paletteFilters('fine status:failed tag:LES')).toEqual([
      'name contains fine',
      'status == failed',
      'has tag.LES',
    ]);
    expect(paletteFilters('status:fai')).toEqual([]);
  });

  test('marks what was typed', () => {
    expect(marked('pitz-fine.07', 'fine. x')).toEqual([
      { text: 'pitz-', isHit: false },
      { text: 'fine.', isHit: true },
      { text: '07', isHit: false },
    ]);
  });
});
