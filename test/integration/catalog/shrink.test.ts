import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CATALOG_MIGRATIONS } from '../../../collector/dist/store/catalog/catalog-schema.js';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';
import { openDatabase } from '../../../collector/dist/store/sqlite-database.js';

const RUNS = 2_000;

it.each([
  ['of this version', true],
  ['of an earlier version', false],
])('a catalogue %s gives the room of deleted runs back, a bounded part at a time', async (_title, returnsPages) => {
  const directory = mkdtempSync(join(tmpdir(), 'shrink-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'catalog.db');
  const database = openDatabase(path, CATALOG_MIGRATIONS, { returnsPages });
  database.exec(`
    INSERT INTO run (id, name, folder, status, tags, metadata, system, user, created, modified, notification, attempt, state)
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${RUNS - 1})
    SELECT printf('r%021d', i), 'run', '/', 'completed', '[]', '{}', '{}', 'ann', i, i, 'none', 1, hex(randomblob(4000)) FROM n;
  `);
  database.close();
  const before = statSync(path).size;

  const catalog = openCatalog(path, () => 0n);
  expect(catalog.shrink()).toBe(false);
  const ids = catalog.lastValues.runsAfter('', RUNS);
  await catalog.deleteRuns(ids.filter((_, index) => index % 10 !== 0));
  let steps = 1;
  while (catalog.shrink()) steps++;
  await catalog.close();
  expect(steps).toBeGreaterThan(10);
  expect(statSync(path).size).toBeLessThan(before / 2);

  const again = openCatalog(path, () => 0n);
  expect(again.lastValues.runsAfter('', RUNS)).toEqual(ids.filter((_, index) => index % 10 === 0));
  await again.close();
});
