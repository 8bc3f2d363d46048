import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CATALOG_MIGRATIONS } from '../../../collector/dist/store/catalog/catalog-schema.js';
import { ListReader } from '../../../collector/dist/store/catalog/list-reader.js';
import { readRunList } from '../../../collector/dist/store/catalog/run-list.js';
import { SqliteLastValues } from '../../../collector/dist/store/catalog/sqlite-last-values.js';
import { openDatabase } from '../../../collector/dist/store/sqlite-database.js';
import type { RunListQuery } from '../../../collector/store/catalog-store.ts';
import type { NumberFilter, RunFilter } from '../../../collector/store/run-filter.ts';

interface TestRun {
  readonly id: string;
  readonly created: number;
  readonly status: 'running' | 'failed';
  readonly user: 'ann' | 'bob';
  readonly tags: readonly string[];
  readonly values: Readonly<Record<'a' | 'b', number | undefined>>;
}

const value = fc.constantFrom(undefined, Number.NaN, -Infinity, -1.5, 0, 2, 2, Infinity);
const runs = fc.array(
  fc.record({
    created: fc.nat(5),
    status: fc.constantFrom('running' as const, 'failed' as const),
    user: fc.constantFrom('ann' as const, 'bob' as const),
    tags: fc.subarray(['x', 'y']),
    values: fc.record({ a: value, b: value }),
  }),
  { maxLength: 12 },
);
const columns = ['metrics.a', 'metrics.b', 'created', 'name'] as const;
const query = fc.record({
  filters: fc.subarray<RunFilter>([
    { kind: 'tag', tag: 'x' },
    { kind: 'status', operator: '==', status: 'running' },
    { kind: 'text', column: 'name', operator: 'contains', value: '1' },
    { kind: 'number', number: 'metrics.a', operator: '<=', value: 2 },
    { kind: 'number', number: 'metrics.a', operator: '!=', value: 0 },
    { kind: 'number', number: 'metrics.b', operator: 'exists' },
    { kind: 'number', number: 'metrics.b', operator: '==', value: Number.NaN },
  ]),
  reader: fc.constantFrom(undefined, { username: 'ann', tenant: 't' }),
  sort: fc.uniqueArray(fc.record({ column: fc.constantFrom(...columns), descending: fc.boolean() }), {
    selector: ({ column }) => column,
    minLength: 1,
  }),
  start: fc.nat(6),
  count: fc.nat(6),
});

function fits(run: TestRun, { filters, reader }: RunListQuery): boolean {
  if (reader !== undefined && run.user !== reader.username) return false;
  return filters.every((filter) => {
    if (filter.kind === 'tag') return run.tags.includes(filter.tag);
    if (filter.kind === 'number') return fitsNumber(run, filter);
    return filter.kind === 'status' ? run.status === filter.status : run.id.includes('1');
  });
}

function fitsNumber({ values: { a, b } }: TestRun, { operator }: NumberFilter): boolean {
  if (operator === '<=') return a !== undefined && a <= 2;
  if (operator === '!=') return a !== undefined && a !== 0;
  return operator === 'exists' ? b !== undefined : Number.isNaN(b);
}

function keyOf(run: TestRun, column: string): string | number {
  if (column === 'name') return run.id;
  return column === 'created' ? run.created : (run.values[column === 'metrics.a' ? 'a' : 'b'] ?? Number.NaN);
}

/** What has no value comes last, whatever the direction. */
function compare(a: TestRun, b: TestRun, { sort }: RunListQuery): number {
  const last = { column: 'id', descending: sort.at(-1)?.descending ?? true };
  const isByCreation = sort.some(({ column }) => column === 'created');
  for (const { column, descending } of [...sort, ...(isByCreation ? [] : [{ ...last, column: 'created' }]), last]) {
    const [left, right] = column === 'id' ? [a.id, b.id] : [keyOf(a, column), keyOf(b, column)];
    if (Object.is(left, right) || left === right) continue;
    if (Number.isNaN(left) || Number.isNaN(right)) return Number.isNaN(left) ? 1 : -1;
    return left < right === descending ? 1 : -1;
  }
  return 0;
}

test('a page in the order of last values is that of all runs sorted, with the values looked up and read along them', () => {
  const database = openDatabase(':memory:', CATALOG_MIGRATIONS);
  const lists = new ListReader(database);
  const lastValues = new SqliteLastValues(database);
  const insert = database.prepare(
    `INSERT INTO run (id, name, folder, status, tags, metadata, system, user, created, modified, notification, attempt, state)
     VALUES (?1, ?1, '/', ?2, '[]', '{}', '{}', ?3, ?4, 0, 'none', 1, '{}')`,
  );
  const insertTag = database.prepare('INSERT INTO run_tag (tag, created, run, status) VALUES (?, ?, ?, ?)');
  const law = fc.property(runs, query, (given, asked) => {
    const all = given.map((run, index): TestRun => ({ ...run, id: `r${index}` }));
    database.exec('DELETE FROM run_tag; DELETE FROM run');
    for (const metric of ['a', 'b']) while (lastValues.forget(`metrics.${metric}`));
    for (const { id, status, user, created, tags } of all) {
      insert.run(id, status, user, created);
      for (const tag of tags) insertTag.run(tag, created, id, status);
    }
    for (const metric of ['a', 'b'] as const)
      lastValues.put(
        `metrics.${metric}`,
        all.map(({ id, values }) => ({ runId: id, value: values[metric] })),
      );
    const matching = all.filter((run) => fits(run, asked)).sort((a, b) => compare(a, b, asked));
    const end = asked.count > 0 ? asked.start + asked.count : undefined;
    const expected = { count: matching.length, ids: matching.slice(asked.start, end).map(({ id }) => id) };
    for (const maxLookedUp of [0, Infinity]) {
      const { count, runs: page } = readRunList(lists, asked, 0n, maxLookedUp);
      expect({ count, ids: page.map(({ id }) => id) }).toEqual(expected);
    }
  });
  fc.assert(law, { numRuns: 400 });
  database.close();
});
