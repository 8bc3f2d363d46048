import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CATALOG_MIGRATIONS } from '../../../collector/dist/store/catalog/catalog-schema.js';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';
import { openDatabase } from '../../../collector/dist/store/sqlite-database.js';

const TENANTS = ['one', 'two'] as const;
const USERS = ['ann', 'bob'] as const;
const ids = fc.constantFrom('r0', 'r1', 'r2', 'r3');
const users = fc.constantFrom(...USERS);
const sizes = fc.nat({ max: 1000 });
const operations = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), id: ids, tenant: fc.constantFrom(...TENANTS), user: users }),
  fc.record({ kind: fc.constant('receive' as const), id: ids, bytes: sizes }),
  fc.record({ kind: fc.constant('delete' as const), id: ids }),
  fc.record({
    kind: fc.constant('content' as const),
    id: ids,
    bytes: sizes,
    tenant: fc.constantFrom(...TENANTS),
    user: users,
  }),
);

/** The same by a look at every row. */
const BY_USER = `SELECT user AS username, sum(runs) AS runs, sum(tags) AS tags, sum(artifacts) AS artifacts, sum(content) AS content, sum(points) AS points, sum(events) AS events
  FROM (SELECT user, 1 AS runs, 0 AS tags, 0 AS artifacts, 0 AS content, 0 AS points, 0 AS events FROM run
    UNION ALL SELECT user, 0, 1, 0, 0, 0, 0 FROM tag
    UNION ALL SELECT user, 0, 0, 1, coalesce(stored_size, 0), 0, 0 FROM artifact
    UNION ALL SELECT run.user, 0, 0, 0, 0, points, events FROM run_received JOIN run ON run.id = run_received.run)
  GROUP BY user ORDER BY user`;

interface Kept {
  readonly tenant: string;
  bytes: number;
  readonly artifacts: { readonly tenant: string; readonly bytes: number }[];
}

test('the usage of a tenant and of a user is what its runs and artifacts are, whatever was made and deleted', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'simvue-usage-'));
  const catalog = openCatalog(join(directory, 'catalog.db'), () => BigInt(Date.now()) * 1_000_000n);
  const rows = openDatabase(join(directory, 'catalog.db'), CATALOG_MIGRATIONS);
  const byUser = rows.prepare(BY_USER);
  let serial = 0;
  const law = fc.asyncProperty(fc.array(operations, { maxLength: 25 }), async (steps) => {
    const prefix = `p${serial++}`;
    const before = TENANTS.map((tenant) => [catalog.usage.runs(tenant), catalog.usage.bytes(tenant)] as const);
    const contentBefore = catalog.usage.contentBytes();
    const kept = new Map<string, Kept>();
    for (const step of steps) {
      const id = prefix + step.id;
      const run = kept.get(id);
      if (step.kind === 'write') {
        const change = {
          timeUnixNano: 1n,
          uid: `u${serial++}`,
          instance: '',
          user: step.user,
          tenant: step.tenant,
          tagsSet: [id],
        };
        const applied = await catalog.apply(id, [change]).catch(() => undefined);
        if (applied === undefined) continue;
        kept.set(id, { bytes: 0, artifacts: [], ...run, tenant: applied.run.tenant });
      } else if (step.kind === 'receive') {
        await catalog.usage.addReceived([
          { runId: id, tenant: run?.tenant ?? 'one', bytes: step.bytes, points: step.bytes, events: 1 },
        ]);
        if (run !== undefined) run.bytes += step.bytes;
      } else if (step.kind === 'delete') {
        await catalog.deleteRuns([id]);
        kept.delete(id);
      } else if (run !== undefined) {
        const artifact = `a${serial++}`;
        const { tenant, bytes, user } = step;
        const described = {
          name: artifact,
          originalPath: '',
          sizeBytes: 1,
          mimeType: 'a/b',
          checksum: '',
          metadata: {},
        };
        await catalog.artifacts.create({ id: artifact, ...described, storageId: 's', user, tenant });
        await catalog.artifacts.attach(id, artifact, 'input');
        await catalog.artifacts.setStored(artifact, bytes);
        run.artifacts.push({ tenant, bytes });
      }
    }
    const found = catalog.usage.ofUsers().map(({ alerts: _, ...counts }) => counts);
    const isAnything = ({ username: _, ...counts }: object & { username: unknown }) =>
      Object.values(counts).some(Boolean);
    expect(found.filter(isAnything)).toEqual(byUser.all());
    expect(found.map(({ username }) => catalog.usage.ofUser(username))).toMatchObject(found);
    const runs = [...kept.values()];
    const usage = TENANTS.map((tenant, index) => [
      catalog.usage.runs(tenant) - (before[index]?.[0] ?? 0),
      catalog.usage.bytes(tenant) - (before[index]?.[1] ?? 0),
    ]);
    const contents = runs.flatMap(({ artifacts }) => artifacts);
    const sum = (parts: readonly { tenant: string; bytes: number }[], tenant: string) =>
      parts.filter((part) => part.tenant === tenant).reduce((total, { bytes }) => total + bytes, 0);
    expect(usage).toEqual(
      TENANTS.map((tenant) => [
        runs.filter((run) => run.tenant === tenant).length,
        sum(runs, tenant) + sum(contents, tenant),
      ]),
    );
    expect(catalog.usage.contentBytes() - contentBefore).toBe(contents.reduce((total, { bytes }) => total + bytes, 0));
    const received = catalog.usage.largest(1_000_000).filter(({ runId }) => runId.startsWith(prefix));
    const sizes = received.map(({ bytes }) => bytes);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes.reduce((total, bytes) => total + bytes, 0)).toBe(runs.reduce((total, { bytes }) => total + bytes, 0));
  });
  try {
    await fc.assert(law, { numRuns: 150 });
  } finally {
    rows.close();
    await catalog.close();
    await rm(directory, { recursive: true });
  }
});
