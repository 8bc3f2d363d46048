import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CATALOG_MIGRATIONS } from '../../../collector/dist/store/catalog/catalog-schema.js';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';
import { openDatabase } from '../../../collector/dist/store/sqlite-database.js';

it('states of alerts of an older file are there, and are written with their parts from then on', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'watches-'));
  const path = join(directory, 'catalog.db');
  const old = openDatabase(path, CATALOG_MIGRATIONS.slice(0, 3));
  const state = Float64Array.of(1, Number.NaN, 3);
  for (const series of ['loss', 'accuracy'])
    old
      .prepare('INSERT INTO alert_watch VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run('r', 'a', series, 'rule', 7, 12, Buffer.from(state.buffer));
  old.close();

  const catalog = openCatalog(path, () => 7n);
  onTestFinished(async () => {
    await catalog.close();
    rmSync(directory, { recursive: true });
  });
  const kept = (series: string) => catalog.alertStates.load('r').watches.find((watch) => watch.series === series);
  const saved = { alertId: 'a', rule: 'rule', sequence: 7, state, parts: new Map() };
  expect(kept('loss')).toEqual({ ...saved, series: 'loss' });
  expect(kept('accuracy')).toEqual({ ...saved, series: 'accuracy' });
  const parts = new Map([[4, Float64Array.of(9)]]);
  const watches = [{ ...saved, runId: 'r', series: 'loss', sequence: 8, parts, evaluations: [] }];
  catalog.alertStates.save({ watches, statuses: [], outbox: [], aborts: [], reached: new Map(), position: 1 });
  expect(kept('loss')).toEqual({ ...saved, series: 'loss', sequence: 8, parts });
  expect(kept('accuracy')?.parts).toEqual(new Map());
});
