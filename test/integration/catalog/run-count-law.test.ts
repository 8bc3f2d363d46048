import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';
import type { Principal } from '../../../collector/pipeline/principal.ts';
import { canRead, type Reader, readerOf } from '../../../collector/pipeline/visibility.ts';
import type { CatalogStore, RunRow } from '../../../collector/store/catalog-store.ts';
import type { RunFilter } from '../../../collector/store/run-filter.ts';

const STATUSES = ['created', 'running', 'completed', 'failed', 'terminated', 'lost'] as const;
const FOLDERS = ['/', '/a', '/a/b'] as const;
const TAGS = ['x', 'y'] as const;
const FILTERS: readonly RunFilter[] = [
  ...STATUSES.map((status) => ({ kind: 'status', operator: '==', status }) as const),
  ...FOLDERS.map((path) => ({ kind: 'folder', path, isDeep: false }) as const),
  { kind: 'folder', path: '/a', isDeep: true },
  ...TAGS.map((tag) => ({ kind: 'tag', tag }) as const),
];

const PRINCIPALS: readonly Principal[] = ['ann', 'bob', 'cat'].flatMap((username) => [
  { username, tenant: 'one', scopes: new Set(['read']) },
  { username, tenant: 'one', scopes: new Set(['ingest']) },
]);

const ids = fc.constantFrom('r0', 'r1', 'r2', 'r3');
const operations = fc.oneof(
  fc.record({
    kind: fc.constant('change' as const),
    id: ids,
    status: fc.constantFrom('created', 'running', 'completed', 'failed'),
    folder: fc.constantFrom(...FOLDERS),
    tagsSet: fc.subarray([...TAGS]),
    attempt: fc.nat(3),
    user: fc.constantFrom('ann', 'bob'),
    tenant: fc.constantFrom('one', 'two'),
    visibility: fc.record({ users: fc.subarray(['ann', 'bob', 'cat']), tenant: fc.boolean(), public: fc.boolean() }),
  }),
  fc.record({ kind: fc.constant('lose' as const), id: ids }),
  fc.record({ kind: fc.constant('revive' as const), id: ids }),
  fc.record({ kind: fc.constant('delete' as const), id: ids }),
);

const matches = (filter: RunFilter, run: RunRow): boolean =>
  (filter.kind === 'status' && run.status === filter.status) ||
  (filter.kind === 'folder' && (run.folder === filter.path || (filter.isDeep && run.folder === '/a/b'))) ||
  (filter.kind === 'tag' && run.tags.includes(filter.tag));

async function check(catalog: CatalogStore): Promise<void> {
  const { runs } = await catalog.listRuns({ filters: [], sort: [], reader: undefined, start: 0, count: 0 });
  for (const filter of FILTERS) {
    const list = await catalog.listRuns({ filters: [filter], sort: [], reader: undefined, start: 0, count: 0 });
    expect([filter, list.count]).toEqual([filter, runs.filter((run) => matches(filter, run)).length]);
    expect(list.runs).toHaveLength(list.count);
  }
  const folders = await catalog.folders.list({ filters: [], sort: [], reader: undefined, start: 0, count: 100 });
  for (const folder of folders.folders)
    expect(folder.runs).toBe(runs.filter((run) => run.folder === folder.path).length);
}

/** What somebody who may not see everything is shown. */
async function checkFor(catalog: CatalogStore, principal: Principal): Promise<void> {
  const reader = readerOf(principal) as Reader;
  const { runs } = await catalog.listRuns({ filters: [], sort: [], start: 0, count: 0 });
  const readable = runs.filter((run) => canRead(principal, run));
  for (const filters of [[], ...FILTERS.map((filter) => [filter])]) {
    const { count } = await catalog.listRuns({ filters, sort: [], reader, start: 0, count: 1 });
    const matching = readable.filter((run) => filters.every((filter) => matches(filter, run)));
    expect([filters, count]).toEqual([filters, matching.length]);
  }
  const { count, tags } = await catalog.tags.list({ sort: [], start: 0, count: 0, reader });
  const runsOf = (name: string): number => readable.filter((run) => run.tags.includes(name)).length;
  const all = await catalog.tags.list({ sort: [], start: 0, count: 0 });
  const shown = all.tags.filter(({ name, user }) => user === principal.username || runsOf(name) > 0);
  expect([count, tags]).toEqual([shown.length, shown.map((tag) => ({ ...tag, runs: runsOf(tag.name) }))]);
  for (const tag of all.tags) expect((await catalog.tags.get(tag.id, reader))?.runs).toBe(runsOf(tag.name));
}

test('the number of runs of a status, a folder and a tag, for everybody, is that of the runs, whatever was changed, lost, found again and deleted', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'simvue-count-'));
  let now = 1_000n;
  const catalog = openCatalog(join(directory, 'catalog.db'), () => now);
  let serial = 0;
  const law = fc.asyncProperty(fc.array(operations, { maxLength: 20 }), async (steps) => {
    const prefix = `p${serial++}`;
    for (const step of steps) {
      const id = prefix + step.id;
      now += 1_000n;
      if (step.kind === 'change') {
        const { status, attempt, folder, tagsSet, user, tenant, visibility } = step;
        const lifecycle = { status, attempt };
        const change = {
          timeUnixNano: now,
          uid: `u${serial++}`,
          instance: '',
          user,
          tenant,
          visibility,
          lifecycle,
          folder,
          tagsSet,
        };
        await catalog.apply(id, [change]).catch(() => undefined);
      } else if (step.kind === 'lose') await catalog.setLost(id);
      else if (step.kind === 'revive') await catalog.recordSigns([{ runId: id, instance: '', timeUnixNano: now }]);
      else await catalog.deleteRuns([id]);
    }
    await check(catalog);
    for (const principal of PRINCIPALS) await checkFor(catalog, principal);
  });
  try {
    await fc.assert(law, { numRuns: 60 });
  } finally {
    await catalog.close();
    await rm(directory, { recursive: true });
  }
});
