import { expect, test } from 'vitest';
import { DiskTrouble } from '../../../../collector/pipeline/disk-trouble.ts';

test('trouble is told when it begins and when the last part can write again, however often the parts report', () => {
  const told: (string | undefined)[] = [];
  const disk = new DiskTrouble((reason) => told.push(reason));
  disk.report('catalogue', undefined);
  disk.report('catalogue', 'catalog.db cannot be written: full');
  disk.report('catalogue', 'catalog.db cannot be written: still full');
  disk.report('shard 0', 'points-0.db cannot be written: full');
  expect([...disk.parts]).toEqual(['catalogue', 'shard 0']);
  disk.report('catalogue', undefined);
  expect(disk.reason).toContain('points-0.db cannot be written: full');
  disk.report('shard 0', undefined);
  disk.report('shard 0', undefined);
  expect(told).toEqual([expect.stringContaining('catalog.db cannot be written: full'), undefined]);
  expect(disk.reason).toBeUndefined();
});
