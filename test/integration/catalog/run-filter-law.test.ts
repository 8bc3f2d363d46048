import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';
import type { CatalogStore, RunRow } from '../../../collector/store/catalog-store.ts';
import type { LeafFilter, NumberFilter, RunFilter } from '../../../collector/store/run-filter.ts';
import type { EventCount } from '../../../collector/store/telemetry-store.ts';

const RUNS = 300;
const WORDS = ['alpha', 'beta', 'a', '10', '9', '2.50', ''];
const STATUSES = ['created', 'running', 'completed', 'failed'] as const;
let directory: string;
let catalog: CatalogStore;
let runs: RunRow[];
const now = 1_800_000_000_000_000_000n;
let clock = 0n;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'filters-'));
  catalog = openCatalog(join(directory, 'catalog.db'), () => clock);
  const pick = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;
  runs = [];
  for (let i = 0; i < RUNS; i++) {
    clock = now - BigInt(i) * 3_600_000_000_000n;
    const { run } = await catalog.apply(`r${String(i).padStart(21, '0')}`, [
      {
        timeUnixNano: clock,
        uid: 'u',
        instance: '',
        name: `${pick(WORDS, i) || 'none'}-${i % 7}`,
        folder: pick(['/', '/a', '/a/b', '/ab'], i),
        ...(i % 3 === 0 ? {} : { description: `${pick(WORDS, i * 3)} text` }),
        user: pick(['ann', 'bob'], i),
        tenant: pick(['one', 'two', 'three'], i),
        visibility: { users: i % 5 === 0 ? ['carl'] : [], tenant: i % 4 === 0, public: i % 11 === 0 },
        tagsSet: [pick(WORDS, i) || 't', ...(i % 2 ? ['even'] : [])],
        metadataSet: {
          n: i % 10,
          ...(i % 4
            ? { w: pick(WORDS, i), deep: { x: i % 6, 'y.z': true }, ...(i % 8 === 1 ? { 'deep.x': 'literal' } : {}) }
            : {}),
        },
        system: {
          cwd: `/home/${i % 3}`,
          cpu: { arch: pick(['x86_64', 'arm64'], i) },
          ...(i % 2 ? {} : { 'host.name': 'node-1' }),
        },
        lifecycle: { status: pick(STATUSES, i) },
      },
    ]);
    runs.push(run);
    if (i % 6 === 0) await catalog.setStar('ann', 'run', run.id, true);
  }
  for (const counted of ['count', 'errors', 'warnings'] as const) {
    const values = runs.map(({ id }, i) => ({ runId: id, value: eventsOf(i)[counted] || undefined }));
    catalog.lastValues.put(`events.${counted}`, [...values, { runId: 'deleted', value: 3 }]);
  }
  for (const metric of METRICS) {
    const values = runs.map(({ id }, i) => ({ runId: id, value: lastOf(metric, i) }));
    catalog.lastValues.put(metric, [...values, { runId: 'deleted', value: 0 }]);
  }
  clock = now;
});
afterAll(async () => {
  await catalog.close();
  rmSync(directory, { recursive: true });
});

const text = fc.constantFrom(...WORDS, 'text', '-1', 'be');
const operator = fc.constantFrom('==' as const, '!=' as const, 'contains' as const, 'not contains' as const);
const comparison = fc.constantFrom(
  '==' as const,
  '!=' as const,
  'contains' as const,
  'not contains' as const,
  '<' as const,
  '<=' as const,
  '>' as const,
  '>=' as const,
);
const kind = <K extends string>(name: K) => fc.constant(name);
const key = fc.constantFrom('n', 'w', 'deep', 'deep.x', 'deep.y.z', 'missing');
/** @param path - without a slash at its end. */
const isIn = (folder: string, path: string, isDeep: boolean): boolean =>
  isDeep ? `${folder.replace(/^\/$/, '')}/`.startsWith(`${path}/`) : folder === (path || '/');

const METRICS = ['metrics.residuals.p', 'metrics.a "b" < c'] as const;
const VALUES = [undefined, Number.NaN, -Infinity, -1.5, 0, 1e-5, 3, Infinity] as const;
const lastOf = (metric: string, i: number) => VALUES[(metric === METRICS[0] ? i : i * 5 + 3) % VALUES.length];
const number = fc.constantFrom(...METRICS, 'metrics.nowhere' as const);
const eventsOf = (i: number) => ({ count: i % 9, errors: i % 5 ? 0 : i % 4, warnings: i % 3 });

const filter: fc.Arbitrary<RunFilter> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('tag' as const, 'untagged' as const),
    tag: fc.constantFrom(...WORDS.filter((word) => word !== ''), 'even'),
  }),
  fc.record({
    kind: kind('status'),
    operator: fc.constantFrom('==' as const, '!=' as const),
    status: fc.constantFrom(...STATUSES),
  }),
  fc.record({ kind: kind('folder'), path: fc.constantFrom('/', '/a', '/a/b/', '/nowhere'), isDeep: fc.boolean() }),
  fc.record({
    kind: kind('text'),
    column: fc.constantFrom('name' as const, 'description' as const, 'user' as const),
    operator,
    value: text,
  }),
  fc.record({
    kind: kind('age'),
    column: kind('created'),
    operator: fc.constantFrom('<' as const, '>' as const),
    seconds: fc.constantFrom(3_600, 86_400, 200_000, 1e30),
  }),
  fc.record({ kind: kind('described'), isDescribed: fc.boolean() }),
  fc.record({ kind: kind('starred'), user: fc.constantFrom('ann', 'bob') }),
  fc.record({
    kind: kind('metadata'),
    key,
    operator: comparison,
    value: fc.oneof(text, fc.constantFrom('true', 'True'), fc.nat(9).map(String)),
  }),
  fc.record({ kind: kind('metadata'), key, operator: fc.constantFrom('exists' as const, 'not exists' as const) }),
  fc.record({
    kind: kind('system'),
    key: fc.constantFrom('cwd', 'cpu.arch', 'host.name', 'hostname'),
    operator,
    value: fc.constantFrom('/home/1', 'x86_64', 'home', 'node-1'),
  }),
  fc.record({
    kind: kind('number'),
    number: fc.constantFrom('events.count' as const, 'events.errors' as const, 'events.warnings' as const),
    operator: fc.constantFrom('==' as const, '!=' as const, '<' as const, '<=' as const, '>' as const, '>=' as const),
    value: fc.nat(4),
  }),
  fc.record({ kind: kind('number'), number, operator: fc.constantFrom('exists' as const, 'not exists' as const) }),
  fc.record({
    kind: kind('number'),
    number,
    operator: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const),
    value: fc.constantFrom(-Infinity, -2, 0, 1e-5, 2.5, Infinity),
  }),
  fc.record({
    kind: kind('number'),
    number,
    operator: fc.constantFrom('==' as const, '!=' as const),
    value: fc.constantFrom(Number.NaN, -Infinity, 0, 1e-5, Infinity),
  }),
);

it('any list of filters finds what a look at every run finds, page by page', async () => {
  const reader = fc.option(fc.constantFrom({ username: 'ann', tenant: 'one' }, { username: 'carl', tenant: 'two' }), {
    nil: undefined,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(filter, { maxLength: 3 }), reader, async (filters, who) => {
      const expected = runs.filter(
        (run) => filters.every((one) => fits(run, one)) && (who === undefined || isVisible(run, who)),
      );
      const sort = [{ column: 'created', descending: true }] as const;
      const first = await catalog.listRuns({ filters, reader: who, sort, start: 0, count: 7 });
      const rest = await catalog.listRuns({ filters, reader: who, sort, start: 7, count: 0 });
      expect(first.count).toBe(expected.length);
      expect([...first.runs, ...rest.runs].map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    }),
    { numRuns: 400 },
  );
});

function isVisible({ user, tenant, visibility }: RunRow, who: { username: string; tenant: string }): boolean {
  const isShared = visibility.public || visibility.users.includes(who.username);
  return user === who.username || isShared || (visibility.tenant && tenant === who.tenant);
}

function fits(run: RunRow, filter: RunFilter): boolean {
  switch (filter.kind) {
    case 'tag':
      return run.tags.includes(filter.tag);
    case 'untagged':
      return !run.tags.includes(filter.tag);
    case 'status':
      return (run.status === filter.status) === (filter.operator === '==');
    case 'folder':
      return isIn(run.folder, filter.path.replace(/\/$/, ''), filter.isDeep);
    case 'text':
      return fitsText(
        filter.column === 'user' ? run.user : filter.column === 'name' ? run.name : run.description,
        filter,
      );
    case 'age':
      return now - run.createdUnixNano <= BigInt(filter.seconds) * 1_000_000_000n === (filter.operator === '<');
    case 'described':
      return (run.description !== null) === filter.isDescribed;
    case 'starred':
      return filter.user === 'ann' && runs.indexOf(run) % 6 === 0;
    case 'metadata':
      return fitsLeaf(run.metadata, filter);
    case 'system':
      return fitsLeaf({ hostname: run.system['host.name'], ...run.system }, filter);
    case 'number':
      return fitsNumber(runs.indexOf(run), filter);
    default:
      throw new Error(`not generated: ${filter.kind}`);
  }
}

function fitsNumber(i: number, { number, operator, value = 0 }: NumberFilter): boolean {
  const [, counted] = /^events\.(.+)$/.exec(number) ?? [];
  const stored = counted
    ? eventsOf(i)[counted as EventCount]
    : number === 'metrics.nowhere'
      ? undefined
      : lastOf(number, i);
  if (operator === 'exists' || operator === 'not exists') return (stored !== undefined) === (operator === 'exists');
  if (stored === undefined) return false;
  if (Number.isNaN(value)) return Number.isNaN(stored) === (operator === '==');
  return compare(operator, stored, value);
}

function fitsText(stored: string | null, { operator, value }: { operator: string; value: string }): boolean {
  if (operator === '==') return stored === value;
  if (operator === '!=') return stored !== value;
  return (stored?.includes(value) ?? false) === (operator === 'contains');
}

function fitsLeaf(root: unknown, { key, operator, value = '' }: LeafFilter): boolean {
  const literal = (root as Record<string, unknown>)[key];
  const stored = literal ?? leaf(root, key === 'deep.y.z' ? ['deep', 'y.z'] : key.split('.'));
  if (operator === 'exists' || operator === 'not exists') return (stored !== undefined) === (operator === 'exists');
  if (stored === undefined) return false;
  const word = typeof stored === 'string' ? stored : JSON.stringify(stored);
  const number =
    Number.isFinite(Number.parseFloat(word)) && String(Number.parseFloat(word)) === word ? Number(word) : undefined;
  if (operator === 'contains' || operator === 'not contains') return word.includes(value) === (operator === 'contains');
  const wanted = value.trim() === '' || !Number.isFinite(Number(value)) ? undefined : Number(value);
  const isTruth = (operator === '==' || operator === '!=') && value === 'True' && word === 'true';
  if (number === undefined) return isTruth ? operator === '==' : compare(operator, word, value);
  return wanted === undefined ? operator === '!=' : compare(operator, number, wanted);
}

function leaf(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], root);
}

function compare<T extends string | number>(operator: string, a: T, b: T): boolean {
  const results: Record<string, boolean> = {
    '==': a === b,
    '!=': a !== b,
    '<': a < b,
    '<=': a <= b,
    '>': a > b,
    '>=': a >= b,
  };
  return results[operator] ?? false;
}
