import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listJournals, spoolBytes } from '../../../../src/journal/spool.ts';

test('only directories named as journals are journals: what else is in a spool directory is neither counted nor touched', () => {
  const spool = mkdtempSync(join(tmpdir(), 'simvue-spool-'));
  const journal = join(spool, randomUUID());
  for (const directory of [journal, join(spool, 'rejected'), join(spool, 'runs')]) {
    mkdirSync(directory);
    writeFileSync(join(directory, 'file'), 'content');
  }
  writeFileSync(join(spool, 'sender.lock'), '');
  expect(listJournals(spool)).toEqual([journal]);
  expect(spoolBytes(spool)).toBe(7);
  expect(listJournals(join(spool, 'missing'))).toEqual([]);
  rmSync(spool, { recursive: true });
});
