import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';

const TENANTS = ['one', 'two'] as const;
const ids = fc.constantFrom('r0', 'r1', 'r2', 'r3');
const sizes = fc.nat({ max: 1000 });
const operations = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), id: ids, tenant: fc.constantFrom(...TENANTS) }),
  fc.record({ kind: fc.constant('receive' as const), id: ids, bytes: sizes }),
  fc.record({ kind: fc.constant('delete' as const), id: ids }),
  fc.record({ kind: fc.constant('content' as const), id: ids, bytes: sizes, tenant: fc.constantFrom(...TENANTS) }),
);

interface Kept {
  readonly tenant: string;
  bytes: number;
  readonly artifacts: { readonly tenant: string; readonly bytes: number }[];
}

test('the usage of a tenant is what its runs and artifacts are, whatever was made and deleted', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'simvue-usage-'));
  const catalog = openCatalog(join(directory, 'catalog.db'), () => BigInt(Date.now()) * 1_000_000n);
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
        const change = { timeUnixNano: 1n, uid: `u${serial++}`, instance: '', user: 'x', tenant: step.tenant };
        const applied = await catalog.apply(id, [change]).catch(() => undefined);
        if (applied !== undefined) kept.set(id, { bytes: 0, artifacts: [], ...run, tenant: applied.run.tenant });
      } else if (step.kind === 'receive') {
        await catalog.usage.addReceived([{ runId: id, tenant: run?.tenant ?? 'one', bytes: step.bytes }]);
        if (run !== undefined) run.bytes += step.bytes;
      } else if (step.kind === 'delete') {
        await catalog.deleteRuns([id]);
        kept.delete(id);
      } else if (run !== undefined) {
        const artifact = `a${serial++}`;
        const { tenant, bytes } = step;
        const described = {
          name: artifact,
          originalPath: '',
          sizeBytes: 1,
          mimeType: 'a/b',
          checksum: '',
          metadata: {},
        };
        await catalog.artifacts.create({ id: artifact, ...described, storageId: 's', user: 'x', tenant });
        await catalog.artifacts.attach(id, artifact, 'input');
        await catalog.artifacts.setStored(artifact, bytes);
        run.artifacts.push({ tenant, bytes });
      }
    }
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
    await catalog.close();
    await rm(directory, { recursive: true });
  }
});
