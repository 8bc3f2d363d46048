import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { LOCAL_PRINCIPAL } from '../../../collector/dist/pipeline/principal.js';
import { CATALOG_MIGRATIONS } from '../../../collector/dist/store/catalog/catalog-schema.js';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';
import { openDatabase } from '../../../collector/dist/store/sqlite-database.js';

const ARTIFACTS = 20_100;

it('of a name that very many artifacts have the newest are searched, for runs of the folder to the end, also in an older file', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'namesakes-'));
  const path = join(directory, 'catalog.db');
  const before = CATALOG_MIGRATIONS.findIndex((migration) => String(migration).includes('artifact_namesake'));
  const old = openDatabase(path, CATALOG_MIGRATIONS.slice(0, before));
  // Run 0 has the oldest hundred, each further one thousand more.
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${ARTIFACTS - 1})`;
  old.exec(`${numbers} INSERT INTO run (id, name, folder, status, tags, metadata, system, user, created, modified, notification, attempt, state)
    SELECT 'r' || i, 'run ' || i, iif(i % 10 = 1, '/near', '/far'), 'running', '[]', '{}', '{}', 'ann', i, i, 'none', 1, '{}' FROM n WHERE i <= 20`);
  old.exec(
    `${numbers} INSERT INTO artifact SELECT 'a' || i, 'mesh', '', 1, 'text/plain', 'c', '{}', 1, 1, 's', 'ann', 'default', i FROM n`,
  );
  old.exec(`${numbers} INSERT INTO run_artifact SELECT 'r' || ((i + 900) / 1000), 'a' || i, 'input', i FROM n`);
  old.close();

  const catalog = openCatalog(path, () => 7n);
  onTestFinished(async () => {
    await catalog.close();
    rmSync(directory, { recursive: true });
  });
  const ask = async (search: string) => {
    const about = { name: 'mesh', category: 'input', runId: 'r20', folder: '/near', limit: 4 } as const;
    const { found, truncated } = await catalog.artifacts.namesakes({ ...about, search, reader: LOCAL_PRINCIPAL });
    return { found: found.map(({ runId, artifactId }) => `${runId} ${artifactId}`), truncated };
  };
  expect(await ask('')).toEqual({ found: ['r11 a11099', 'r1 a1099', 'r19 a19099', 'r18 a18099'], truncated: false });
  expect(await ask('run 2')).toEqual({ found: ['r2 a2099'], truncated: true });
  expect(await ask('run 0')).toEqual({ found: [], truncated: true });
});
