import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CATALOG_MIGRATIONS } from '../../../collector/dist/store/catalog/catalog-schema.js';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';
import { openDatabase } from '../../../collector/dist/store/sqlite-database.js';

it('runs of an older file are counted, keep the colours that were chosen, and get one after the other', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'slots-'));
  const path = join(directory, 'catalog.db');
  const old = openDatabase(path, CATALOG_MIGRATIONS.slice(0, 2));
  const insert = old.prepare(
    `INSERT INTO run (id, name, folder, status, tags, metadata, system, user, created, modified, notification, attempt, state)
     VALUES (?1, ?1, '/', 'running', '[]', '{}', '{}', 'ann', ?2, ?2, 'none', 1, '{}')`,
  );
  for (const [index, id] of ['b', 'a', 'c'].entries()) insert.run(id, index);
  old.prepare("INSERT INTO run_colour VALUES ('a', 30)").run();
  old.close();

  const catalog = openCatalog(path, () => 7n);
  onTestFinished(async () => {
    await catalog.close();
    rmSync(directory, { recursive: true });
  });
  const slots = () => Object.fromEntries(catalog.page.colours(['a', 'b', 'c', 'd']));
  expect(slots()).toEqual({ b: 0, a: 30, c: 2 });
  await catalog.page.setColour('a', undefined);
  await catalog.apply('d', [{ timeUnixNano: 8n, uid: 'u', instance: '', user: 'ann' }]);
  expect(slots()).toEqual({ b: 0, a: 1, c: 2, d: 3 });
  const query = { sort: [], reader: undefined, start: 0, count: 1 };
  const list = await catalog.listRuns({ ...query, filters: [{ kind: 'status', operator: '==', status: 'running' }] });
  expect(list.count).toBe(4);
  const none = { alerts: 0, tags: 0, artifacts: 0, content: 0, points: 0, events: 0 };
  expect(catalog.usage.ofUsers()).toEqual([{ username: 'ann', runs: 4, ...none }]);
  const counted = async (username: string) =>
    (await catalog.listRuns({ ...query, filters: [], reader: { username, tenant: 'default' } })).count;
  expect([await counted('ann'), await counted('bob')]).toEqual([4, 0]);
  await catalog.deleteRuns(['c']);
  expect(slots()).toEqual({ b: 0, a: 1, d: 3 });
});
