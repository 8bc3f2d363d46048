import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { RunState } from '../../../collector/dist/pipeline/run-state.js';
import { CATALOG_MIGRATIONS } from '../../../collector/dist/store/catalog/catalog-schema.js';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';
import { openDatabase } from '../../../collector/dist/store/sqlite-database.js';

it('what was said of folders of runs that an older version has forwarded is sent; of others it is not', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'folders-'));
  const path = join(directory, 'catalog.db');
  const isNewer = (step: unknown) => String(step).includes('CREATE TABLE export_folder (');
  const old = openDatabase(path, CATALOG_MIGRATIONS.slice(0, CATALOG_MIGRATIONS.findIndex(isNewer)));
  const addRun = old.prepare(
    `INSERT INTO run (id, name, folder, status, tags, metadata, system, user, created, modified, notification, attempt, state)
     VALUES (?1, ?1, ?2, 'running', '[]', '{}', '{}', 'ann', 1, 1, 'none', 1, '{}')`,
  );
  const addFolder = old.prepare(
    "INSERT INTO folder (path, id, tags, metadata, created, modified, state) VALUES (?1, ?1, ?2, '{}', 1, 1, ?3)",
  );
  const folders = { '/said': '["a"]', '/silent': '[]', '/stays': '["b"]' };
  for (const [folder, tags] of Object.entries(folders)) {
    addFolder.run(folder, tags, new RunState().serialize());
    addRun.run(`run in ${folder}`, folder);
    addRun.run(`other in ${folder}`, folder);
  }
  old.prepare("INSERT INTO export_target (id, url, position, opened) VALUES (1, 'https://there', 1, 1)").run();
  old.prepare("INSERT INTO export_run SELECT 1, id, id, 1, 0, 1 FROM run WHERE folder <> '/stays'").run();
  old.close();

  const catalog = openCatalog(path, () => 7n);
  onTestFinished(async () => {
    await catalog.close();
    rmSync(directory, { recursive: true });
  });
  const { exports } = catalog;
  const waiting = () => exports.pendingFolders(1, 10).map(({ path: folder }) => folder);
  expect(waiting()).toEqual(['/said']);
  for (const folder of exports.pendingFolders(1, 10)) exports.settleFolder(1, folder);
  const owner = { user: 'ann', tenant: 'default' };
  for (const folder of Object.keys(folders)) {
    await catalog.folders.change({ path: folder, tags: ['new'] }, { timeUnixNano: 5n, uid: 'u' }, owner);
  }
  expect(waiting()).toEqual(['/said', '/silent']);
  expect(exports.pendingFolderCount(1)).toBe(2);
});
