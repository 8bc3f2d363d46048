import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteTable } from '../../../../collector/receiver/byte-table.ts';
import { InternedResource } from '../../../../collector/receiver/interned-resource.ts';
import { ResourceRegistry } from '../../../../collector/receiver/resource-registry.ts';

const attributes = Object.create(null) as Record<string, string>;

describe('the byte table', () => {
  test('gives equal bytes the same index and different bytes different ones, like a map of strings', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 6, max: 3 }), { maxLength: 300 }), (keys) => {
        const table = new ByteTable();
        const oracle = new Map<string, number>();
        for (const key of keys) {
          const bytes = Buffer.from([9, ...key, 9]);
          const known = oracle.get(bytes.toString('hex'));
          const found = table.find(bytes, 1, bytes.length - 1);
          expect(found).toBe(known ?? -1);
          if (found < 0) oracle.set(bytes.toString('hex'), table.add(bytes, 1, bytes.length - 1));
        }
        expect(table.size).toBe(oracle.size);
      }),
    );
  });
});

describe('the resource registry', () => {
  const intern = (registry: ResourceRegistry, name: string) => {
    const bytes = Buffer.from(name);
    return registry.intern(bytes, 0, bytes.length, (keyBytes) => new InternedResource(attributes, keyBytes));
  };

  test('keeps what is used and forgets the rest, within its limit', () => {
    const registry = new ResourceRegistry(100, 1 << 30);
    const kept = intern(registry, 'kept');
    const first = intern(registry, 'r0');
    for (let i = 0; i < 1000; i++) {
      intern(registry, `r${i}`);
      if (i % 10 === 0) expect(intern(registry, 'kept')).toBe(kept);
      expect(registry.size).toBeLessThanOrEqual(100);
    }
    expect(intern(registry, 'r0')).not.toBe(first);
  });

  test('is bounded in bytes, and starts an entry anew that alone is too large', () => {
    const registry = new ResourceRegistry(1 << 20, 200_000);
    const entry = intern(registry, 'grows');
    for (let i = 0; i < 1000; i++) entry.seriesIndex(`metric ${i}`, [], '', 'gauge');
    const anew = intern(registry, 'grows');
    expect(anew).not.toBe(entry);
    expect([anew.series.length, entry.series.length]).toEqual([0, 1000]);
    for (let i = 0; i < 2000; i++) intern(registry, `r${i}`);
    expect(registry.size).toBeLessThan(400);
  });

  test('does not keep a resource of more than 64 KiB', () => {
    const registry = new ResourceRegistry(10, 1 << 30);
    const name = 'x'.repeat(70_000);
    expect(intern(registry, name)).not.toBe(intern(registry, name));
    expect(registry.size).toBe(0);
  });
});

describe('a series of a resource', () => {
  test('is found by name, attributes and temporality; its unit is the first one', () => {
    const resource = new InternedResource(attributes, 10);
    const index = resource.seriesIndex('a', [['k', 'v']], 's', 'gauge');
    expect(resource.seriesIndex('a', [['k', 'v']], 'ms', 'gauge')).toBe(index);
    expect(resource.seriesIndex('a', [['k', 'w']], 's', 'gauge')).not.toBe(index);
    expect(resource.seriesIndex('a', [['k', 'v']], 's', 'delta')).not.toBe(index);
    expect(resource.series[index]).toEqual({
      name: 'a',
      attributes: [['k', 'v']],
      displayName: 'a{k="v"}',
      unit: 's',
      temporality: 'gauge',
    });
  });
});
