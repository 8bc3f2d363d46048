import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CATALOG_MIGRATIONS } from '../../../collector/dist/store/catalog/catalog-schema.js';
import { LeafTable } from '../../../collector/dist/store/catalog/leaf-table.js';
import { openDatabase } from '../../../collector/dist/store/sqlite-database.js';

const METADATA = {
  word: 'a b',
  digits: '12',
  version: '2.50',
  count: 3,
  rate: 0.125,
  yes: true,
  nothing: null,
  list: [1, 'x'],
  deep: { a: { b: 1, 'c.d': -2.5 }, 'host.name': 'h' },
  'deep.a': 'literal',
  empty: {},
  long: 'x'.repeat(1_500),
};

it('runs and folders of an older file are found as if they were written today', () => {
  const directory = mkdtempSync(join(tmpdir(), 'leaves-'));
  const path = join(directory, 'catalog.db');
  const old = openDatabase(path, CATALOG_MIGRATIONS.slice(0, 1));
  old
    .prepare(
      `INSERT INTO run (id, name, folder, status, tags, metadata, system, user, created, modified, notification, attempt, state)
       VALUES ('r', 'r', '/', 'running', '[]', ?1, ?1, 'ann', 7, 7, 'none', 1, '{}')`,
    )
    .run(JSON.stringify(METADATA));
  old.prepare("INSERT INTO folder VALUES ('/', 'f', NULL, '[]', ?, 7, 7, '{}')").run(JSON.stringify(METADATA));
  old.close();

  const database = openDatabase(path, CATALOG_MIGRATIONS);
  onTestFinished(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });
  for (const [table, owner, id] of [
    ['run_metadata', 'run', 'r'],
    ['run_system', 'run', 'r'],
    ['folder_metadata', 'folder', '/'],
  ] as const) {
    const rows = database.prepare(`SELECT * FROM ${table} ORDER BY key`);
    const migrated = rows.all();
    new LeafTable(database, table, owner).replace(id, METADATA, 7n);
    expect(migrated).toEqual(rows.all());
    expect(migrated.map(({ key }) => key)).toContain('deep.a.c.d');
  }
});
