import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LOCAL_PRINCIPAL, type Principal, type Scope } from '../../../collector/dist/pipeline/principal.js';
import { canRead, type Owned, PRIVATE } from '../../../collector/dist/pipeline/visibility.js';
import type { NewArtifact } from '../../../collector/dist/store/artifact-store.js';
import type { CatalogStore } from '../../../collector/dist/store/catalog-store.js';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';

const USERS = ['ann', 'ben', 'cyd'] as const;
const TENANTS = ['red', 'blue'] as const;
const SORT = [{ column: 'name', descending: false }] as const;

let directory: string;
let catalog: CatalogStore;
let now = 1n;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'simvue-artifacts-'));
  catalog = openCatalog(join(directory, 'catalog.db'), () => now++);
});
afterEach(async () => {
  await catalog.close();
  rmSync(directory, { recursive: true });
});

function artifact(id: string, change: Partial<NewArtifact> = {}): NewArtifact {
  return {
    id,
    name: id,
    originalPath: '',
    sizeBytes: 1,
    mimeType: 'text/plain',
    checksum: '0'.repeat(64),
    metadata: {},
    storageId: 'default000000000000000',
    user: 'ann',
    tenant: 'red',
    ...change,
  };
}

const makeRun = (id: string, owned: Owned = { user: 'ann', tenant: 'red', visibility: PRIVATE }) =>
  catalog.apply(id, [{ timeUnixNano: 1n, uid: 'u', instance: '', ...owned }]);
const listed = async (reader: Principal, runIds?: readonly string[]) =>
  (await catalog.artifacts.list({ reader, runIds, sort: SORT, start: 0 })).ids;

describe('who may list an artifact', () => {
  const user = fc.constantFrom(...USERS);
  const tenant = fc.constantFrom(...TENANTS);
  const visibility = fc.record({ users: fc.uniqueArray(user), tenant: fc.boolean(), public: fc.boolean() });
  const runs = fc.array(fc.record({ user, tenant, visibility }), { maxLength: 3 });
  const artifacts = fc.array(fc.record({ user, tenant, runs: fc.uniqueArray(fc.nat(2)) }), { maxLength: 4 });
  const scopes = fc.uniqueArray(fc.constantFrom<Scope>('read', 'ingest', 'admin', 'ingest:any'));
  const reader = fc.record({ username: user, tenant, scopes: scopes.map((list) => new Set(list)) });

  it('is who may read it as its sender, or one of its runs', async () => {
    let round = 0;
    const law = fc.asyncProperty(runs, artifacts, reader, async (madeRuns, madeArtifacts, principal) => {
      const prefix = `r${round++}-`;
      for (const [index, owned] of madeRuns.entries()) await makeRun(`${prefix}run${index}`, owned);
      const expected: string[] = [];
      for (const [index, made] of madeArtifacts.entries()) {
        const id = `${prefix}a${index}`;
        const holders = made.runs.filter((run) => run < madeRuns.length);
        await catalog.artifacts.create(artifact(id, { user: made.user, tenant: made.tenant }));
        for (const run of holders) await catalog.artifacts.attach(`${prefix}run${run}`, id, 'input');
        const owners = [{ ...made, visibility: PRIVATE }, ...holders.map((run) => madeRuns[run] as Owned)];
        if (owners.some((owned) => canRead(principal, owned))) expected.push(id);
      }
      const { ids, count } = await catalog.artifacts.list({ reader: principal, sort: SORT, start: 0 });
      expect(ids.filter((id) => id.startsWith(prefix))).toEqual(expected);
      expect(count).toBe(ids.length);
    });
    await fc.assert(law, { numRuns: 60 });
  });
});

describe('artifacts and their runs', () => {
  it('the last run takes them with it, and their content waits to be removed until it is', async () => {
    for (const id of ['run1', 'run2']) await makeRun(id);
    for (const id of ['shared', 'single', 'free']) await catalog.artifacts.create(artifact(id));
    for (const run of ['run1', 'run2']) await catalog.artifacts.attach(run, 'shared', 'input');
    await catalog.artifacts.attach('run1', 'single', 'output');

    await catalog.deleteRuns(['run1']);
    expect(await listed(LOCAL_PRINCIPAL)).toEqual(['free', 'shared']);
    expect(await listed(LOCAL_PRINCIPAL, ['run1'])).toEqual([]);
    expect(await catalog.artifacts.contentToRemove(10)).toEqual(['single']);
    await catalog.deleteRuns(['run2']);
    await catalog.artifacts.contentRemoved(['single']);
    expect(await catalog.artifacts.contentToRemove(10)).toEqual(['shared']);
    expect(await catalog.artifacts.remove('free')).toBe(true);
    expect(await catalog.artifacts.remove('free')).toBe(false);
    expect(await catalog.artifacts.contentToRemove(1)).toEqual(['free']);
  });

  it('neither a run nor an artifact that is not there can be joined, and content of a deleted one is not accepted', async () => {
    await makeRun('run1');
    await catalog.artifacts.create(artifact('a'));
    expect(await catalog.artifacts.attach('run2', 'a', 'code')).toBe(false);
    expect(await catalog.artifacts.attach('run1', 'b', 'code')).toBe(false);
    expect(await catalog.artifacts.setStored('a', 5)).toBe(true);
    expect(await catalog.artifacts.get('a')).toMatchObject({ uploaded: true, storedBytes: 5 });
    await catalog.artifacts.remove('a');
    expect(await catalog.artifacts.setStored('a', 5)).toBe(false);
  });
});
