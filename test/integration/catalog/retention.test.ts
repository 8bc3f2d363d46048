import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOG_MIGRATIONS } from '../../../collector/dist/store/catalog/catalog-schema.js';
import { EXPIRED_IN_FOLDERS, EXPIRED_RUNS } from '../../../collector/dist/store/catalog/run-expiry.js';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';
import { openDatabase } from '../../../collector/dist/store/sqlite-database.js';

const SECOND = 1_000_000_000n;
const OWNER = { user: 'ada', tenant: 'default' };

describe('retention of runs', () => {
  let directory: string;
  let catalog: ReturnType<typeof openCatalog>;
  let now = 1_000n * SECOND;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'simvue-retention-'));
    catalog = openCatalog(join(directory, 'catalog.db'), () => now);
    now = 1_000n * SECOND;
  });
  afterEach(async () => {
    await catalog.close();
    await rm(directory, { recursive: true });
  });

  const change = (uid: string, status: 'created' | 'running' | 'completed', retentionSeconds?: number) => ({
    timeUnixNano: now,
    uid,
    instance: '',
    lifecycle: { status },
    ...(retentionSeconds === undefined ? {} : { retentionSeconds }),
  });

  it('counts from the end of a run, and from the last change of one that never started', async () => {
    await catalog.apply('ended', [change('1', 'running', 60)]);
    await catalog.apply('running', [change('2', 'running', 1)]);
    await catalog.apply('created', [change('3', 'created', 60)]);
    await catalog.apply('for ever', [change('4', 'completed')]);
    now += 40n * SECOND;
    await catalog.apply('ended', [change('5', 'completed')]);
    now += 30n * SECOND;
    expect(await catalog.expiredRuns(10)).toEqual(['created']);
    now += 30n * SECOND;
    expect(await catalog.expiredRuns(10)).toEqual(['created', 'ended']);
    expect(await catalog.expiredRuns(1)).toEqual(['created']);
  });

  it('is that of the nearest folder above where the run has none', async () => {
    const folder = async (path: string, retentionSeconds: number): Promise<void> => {
      await catalog.folders.change({ path, retentionSeconds }, { timeUnixNano: now, uid: path }, OWNER);
    };
    await folder('/kept', 60);
    await folder('/kept/long', 600);
    const inFolder = (id: string, path: string, retentionSeconds?: number): Promise<unknown> =>
      catalog.apply(id, [{ ...change(id, 'completed', retentionSeconds), folder: path }]);
    await inFolder('here', '/kept');
    await inFolder('below', '/kept/a/b');
    await inFolder('own', '/kept', 3600);
    await inFolder('nearer', '/kept/long/c');
    await inFolder('beside', '/kept-not');
    now += 61n * SECOND;
    expect([...(await catalog.expiredRuns(10))].sort()).toEqual(['below', 'here']);
    expect(await catalog.expiredRuns(1)).toHaveLength(1);
    now += 600n * SECOND;
    expect([...(await catalog.expiredRuns(10))].sort()).toEqual(['below', 'here', 'nearer']);
    await folder('/', 3600);
    now += 3600n * SECOND;
    expect([...(await catalog.expiredRuns(10))].sort()).toEqual(['below', 'beside', 'here', 'nearer', 'own']);
  });

  it.each([
    [EXPIRED_RUNS, ['run USING INDEX run_expiry']],
    [EXPIRED_IN_FOLDERS, ['keeper USING COVERING INDEX folder_retention', 'r USING INDEX run_folder_end']],
  ])('is looked up in an index', (query, searches) => {
    const database = openDatabase(join(directory, 'plan.db'), CATALOG_MIGRATIONS);
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${query}`).all(0, 1);
    database.close();
    const details = plan.map((row) => String(row['detail']));
    for (const search of searches) expect(details.join('\n')).toContain(search);
  });
});
