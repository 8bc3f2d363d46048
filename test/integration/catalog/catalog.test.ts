import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';
import type { RunChange } from '../../../collector/pipeline/run-change.ts';
import type { CatalogStore } from '../../../collector/store/catalog-store.ts';

const ID = 'aaaaaaaaaaaaaaaaaaaaaa';
const OTHER = 'bbbbbbbbbbbbbbbbbbbbbb';
const DAY = 86_400n * 1_000_000_000n;
let directory: string;
let now = 1_700_000_000_000_000_000n;
let catalog: CatalogStore;

const open = (): CatalogStore => openCatalog(join(directory, 'catalog.db'), () => now);
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'catalog-'));
  catalog = open();
});
afterEach(async () => {
  await catalog.close();
  rmSync(directory, { recursive: true });
});

async function reopen(): Promise<void> {
  await catalog.close();
  catalog = open();
}

let uid = 0;
function change(timeUnixNano: bigint, members: Partial<RunChange> = {}): RunChange {
  return { timeUnixNano, uid: `u${uid++}`, instance: 'i', ...members };
}

const running = { status: 'running' } as const;

describe('the catalogue', () => {
  it('keeps a run with everything that was said of it, across a restart', async () => {
    const said = change(10n, {
      name: 'n',
      folder: '/a/b',
      externalId: 'job-17',
      metadataSet: { lr: 0.1, 'a.b': true, ['__proto__']: 'data', nested: { deep: [1, null] } },
      tagsAdded: ['x', 'y'],
      heartbeatTimeoutSeconds: 0,
      system: { 'host.name': 'h' },
      lifecycle: { status: 'failed', exitCode: 3, exitSignal: 'SIGTERM', attempt: 2 },
    });
    const { run, changed } = await catalog.apply(ID, [said]);
    expect(changed).toBe(true);
    await reopen();
    expect(await catalog.getRun(ID)).toEqual(run);
    expect(run).toMatchObject({
      name: 'n',
      folder: '/a/b',
      externalId: 'job-17',
      tags: ['x', 'y'],
      heartbeatTimeoutSeconds: null,
      status: 'failed',
      endedUnixNano: 10n,
      exitCode: 3,
      exitSignal: 'SIGTERM',
      attempt: 2,
      createdUnixNano: now,
    });
    expect(Object.keys(run.metadata)).toContain('__proto__');
  });

  it('changes nothing when the same change comes again, and says so', async () => {
    const said = change(10n, { name: 'n', folderDetails: { path: '/f', tags: ['t'] }, lifecycle: running });
    const first = await catalog.apply(ID, [said]);
    now += DAY;
    expect(await catalog.apply(ID, [said])).toEqual({ run: first.run, changed: false });
  });

  it('comes to the same run whatever the order and grouping of the changes', async () => {
    const changes = [
      change(0n, { name: 'resource', tagsAdded: ['a'], firstSeenUnixNano: 9n, system: { host: 'h' } }),
      change(10n, { lifecycle: { ...running, role: 'owner' } }),
      change(11n, { instance: 'j', lifecycle: { ...running, role: 'member' } }),
      change(12n, { tagsSet: ['b'], metadataSet: { a: { b: 1 } } }),
      change(13n, { metadataSet: { a: { c: 2 } }, metadataRemoved: ['z'] }),
      change(14n, { instance: 'j', lifecycle: { status: 'failed' } }),
      change(15n, { lifecycle: { status: 'completed' } }),
    ];
    const expected = (await catalog.apply(ID, changes)).run;
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...changes, ...changes.slice(0, 3)], { minLength: changes.length + 3 }),
        fc.nat(changes.length),
        async (arrivals, cut) => {
          await catalog.apply(OTHER, arrivals.slice(0, cut));
          const { run } = await catalog.apply(OTHER, arrivals.slice(cut));
          expect({ ...run, id: ID }).toEqual(expected);
          await catalog.close();
          rmSync(join(directory, 'catalog.db'));
          catalog = open();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('shows the resource of the owner, whoever came first', async () => {
    const rank1 = { instance: 'a-rank1', system: { host: 'n1' } };
    await catalog.apply(ID, [change(0n, rank1), change(1n, { ...rank1, lifecycle: { ...running, role: 'member' } })]);
    await catalog.apply(ID, [change(0n, { instance: 'rank0', system: { host: 'n0' } })]);
    expect((await catalog.getRun(ID))?.system).toEqual({ host: 'n0' });
  });

  it('keeps signs and the end of each instance', async () => {
    await catalog.apply(ID, [change(1n, { lifecycle: { ...running, role: 'owner' } })]);
    await catalog.recordSigns([
      { runId: ID, instance: 'i', timeUnixNano: 9n },
      { runId: ID, instance: 'i', timeUnixNano: 5n },
    ]);
    await catalog.apply(ID, [change(8n, { lifecycle: { status: 'completed' } })]);
    expect(await catalog.instances(ID)).toMatchObject([
      { instance: 'i', role: 'owner', firstSignUnixNano: 5n, lastSignUnixNano: 9n, ended: true },
    ]);
    await catalog.apply(ID, [change(10n, { lifecycle: running })]);
    expect(await catalog.instances(ID)).toMatchObject([{ ended: false }]);
  });

  it('loses a run at its last sign and takes that back for a later one only', async () => {
    await catalog.apply(ID, [change(10n, { lifecycle: running, tagsAdded: ['t'] })]);
    await catalog.recordSigns([{ runId: ID, instance: 'i', timeUnixNano: 20n }]);
    expect(await catalog.setLost(ID)).toBe(true);
    expect(await catalog.setLost(ID)).toBe(false);
    expect(await catalog.getRun(ID)).toMatchObject({ status: 'lost', endedUnixNano: 20n });
    expect(
      (
        await catalog.listRuns(
          list([
            { kind: 'tag', tag: 't' },
            { kind: 'status', operator: '==', status: 'lost' },
          ]),
        )
      ).count,
    ).toBe(1);
    expect(await catalog.recordSigns([{ runId: ID, instance: 'i', timeUnixNano: 20n }])).toEqual([]);
    await reopen();
    expect(await catalog.recordSigns([{ runId: ID, instance: 'i', timeUnixNano: 21n }])).toEqual([ID]);
    expect(await catalog.getRun(ID)).toMatchObject({ status: 'running', endedUnixNano: null, lastSignUnixNano: 21n });
  });

  it('never changes a terminal status by signs', async () => {
    await catalog.apply(ID, [change(10n, { lifecycle: { status: 'completed' } })]);
    expect(await catalog.recordSigns([{ runId: ID, instance: 'i', timeUnixNano: 99n }])).toEqual([]);
    expect(await catalog.setLost(ID)).toBe(false);
    expect((await catalog.getRun(ID))?.status).toBe('completed');
  });

  it('a lost run that is started again is running', async () => {
    await catalog.apply(ID, [change(10n, { lifecycle: running })]);
    await catalog.setLost(ID);
    await catalog.apply(ID, [change(now + 1n, { lifecycle: running })]);
    expect((await catalog.getRun(ID))?.status).toBe('running');
  });

  it('makes the parents of a folder, and counts the runs directly in it', async () => {
    await catalog.apply(ID, [change(1n, { folder: '/a/b/c' })]);
    await catalog.apply(OTHER, [change(2n, { folder: '/a', folderDetails: { path: '/a/b', description: 'd' } })]);
    const { count, folders } = await catalog.folders.list({ filters: [], sort: [], start: 0, count: 0 });
    expect(count).toBe(4);
    expect(folders.map(({ path, runs, description }) => [path, runs, description])).toEqual([
      ['/', 0, null],
      ['/a', 1, null],
      ['/a/b', 0, 'd'],
      ['/a/b/c', 1, null],
    ]);
    expect(await catalog.folders.get(folders[1]?.id ?? '')).toEqual(folders[1]);
    const filters = [{ kind: 'text', column: 'path', operator: 'contains', value: 'b' }] as const;
    expect((await catalog.folders.list({ filters, sort: [], start: 0, count: 10 })).count).toBe(2);
  });

  it('leaves a tombstone for 30 days where a run was deleted', async () => {
    await catalog.apply(ID, [change(1n, { tagsAdded: ['t'] })]);
    expect(await catalog.deleteRuns([ID, 'other'])).toEqual([ID]);
    expect(await catalog.deleteRuns([ID])).toEqual([]);
    expect((await catalog.tags.list({ sort: [], start: 0, count: 0 })).tags).toMatchObject([{ name: 't', runs: 0 }]);
    await reopen();
    expect([catalog.isDeleted(ID), catalog.deletedAt(ID)]).toEqual([true, now]);
    await expect(catalog.apply(ID, [change(2n)])).rejects.toMatchObject({ code: 'SIMVUE_ERR_NOT_FOUND' });
    now += 31n * DAY;
    await reopen();
    expect(catalog.isDeleted(ID)).toBe(false);
  });
});

type Query = Parameters<CatalogStore['listRuns']>[0];
function list(filters: Query['filters'], members: Partial<Query> = {}): Query {
  return { filters, sort: [{ column: 'created', descending: true }], start: 0, count: 50, ...members };
}

describe('the list of runs', () => {
  const id = (index: number): string => `${index}`.padStart(22, 'r');
  const idsOf = async (filters: Query['filters'], members: Partial<Query> = {}): Promise<string[]> =>
    (await catalog.listRuns(list(filters, members))).runs.map((run) => run.id.replace(/^r+/, ''));

  beforeEach(async () => {
    for (let i = 0; i < 6; i++) {
      now += 1n;
      await catalog.apply(id(i), [
        change(5n, {
          name: `run ${i % 2 === 0 ? 'even' : 'odd'} ${i}`,
          folder: i < 3 ? '/low' : '/high',
          tagsAdded: i % 2 === 0 ? ['even', 'all'] : ['all'],
          metadataSet: { n: i, word: i < 2 ? 'Alpha' : '10%', nested: { deep: i }, ...(i === 4 ? { only: true } : {}) },
          lifecycle: { status: i < 4 ? 'running' : 'completed' },
        }),
      ]);
    }
  });

  it.each<[string, Query['filters'], string]>([
    ['all, newest first', [], '543210'],
    ['with a tag', [{ kind: 'tag', tag: 'even' }], '420'],
    [
      'with two tags',
      [
        { kind: 'tag', tag: 'all' },
        { kind: 'tag', tag: 'even' },
      ],
      '420',
    ],
    [
      'with a tag and a status',
      [
        { kind: 'tag', tag: 'even' },
        { kind: 'status', operator: '==', status: 'running' },
      ],
      '20',
    ],
    [
      'with a tag in a folder',
      [
        { kind: 'tag', tag: 'even' },
        { kind: 'folder', path: '/low/', isDeep: false },
      ],
      '20',
    ],
    ['by a part of the name', [{ kind: 'text', column: 'name', operator: 'contains', value: 'odd' }], '531'],
    ['by the name, case-sensitive', [{ kind: 'text', column: 'name', operator: 'contains', value: 'ODD' }], ''],
    ['by a number', [{ kind: 'metadata', key: 'n', operator: '==', value: '3.0' }], '3'],
    ['by another number', [{ kind: 'metadata', key: 'n', operator: '!=', value: '3' }], '54210'],
    [
      'by a range',
      [
        { kind: 'metadata', key: 'n', operator: '>=', value: '2' },
        { kind: 'metadata', key: 'n', operator: '<', value: '4' },
      ],
      '32',
    ],
    ['by text', [{ kind: 'metadata', key: 'word', operator: '==', value: '10%' }], '5432'],
    ['by a part of text', [{ kind: 'metadata', key: 'word', operator: 'contains', value: '%' }], '5432'],
    ['by a path into nested objects', [{ kind: 'metadata', key: 'nested.deep', operator: '==', value: '1' }], '1'],
    ['by a boolean', [{ kind: 'metadata', key: 'only', operator: '==', value: 'true' }], '4'],
    ['by a key that is there', [{ kind: 'metadata', key: 'only', operator: 'exists' }], '4'],
    [
      'by a key that is not',
      [
        { kind: 'metadata', key: 'only', operator: 'not exists' },
        { kind: 'tag', tag: 'even' },
      ],
      '20',
    ],
  ])('%s', async (_title, filters, expected) => {
    expect((await idsOf(filters)).join('')).toBe(expected);
    expect((await catalog.listRuns(list(filters, { count: 1 }))).count).toBe(expected.length);
  });

  it('is paged, also past its end, and whole for a count of 0', async () => {
    expect(await idsOf([], { start: 4, count: 1 })).toEqual(['1']);
    expect(await catalog.listRuns(list([], { start: 9 }))).toEqual({ count: 6, runs: [] });
    expect(await idsOf([{ kind: 'tag', tag: 'all' }], { start: 1, count: 0 })).toHaveLength(5);
  });

  it.each<[string, Query['sort'], string]>([
    ['by name', [{ column: 'name', descending: false }], '024135'],
    [
      'by metadata, runs without it last',
      [
        { column: 'metadata.only', descending: false },
        { column: 'created', descending: false },
      ],
      '401235',
    ],
    ['by metadata as numbers', [{ column: 'metadata.n', descending: true }], '543210'],
    [
      'by end, runs without it last',
      [
        { column: 'ended', descending: true },
        { column: 'created', descending: true },
      ],
      '543210',
    ],
    ['oldest first', [{ column: 'created', descending: false }], '012345'],
  ])('is sorted %s', async (_title, sort, expected) => {
    expect((await idsOf([], { sort })).join('')).toBe(expected);
    expect((await idsOf([{ kind: 'tag', tag: 'all' }], { sort })).join('')).toBe(expected);
  });
});
