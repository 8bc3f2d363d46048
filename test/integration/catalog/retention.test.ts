import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOG_MIGRATIONS } from '../../../collector/dist/store/catalog/catalog-schema.js';
import { EXPIRED_RUNS } from '../../../collector/dist/store/catalog/run-schema.js';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';
import { openDatabase } from '../../../collector/dist/store/sqlite-database.js';

const SECOND = 1_000_000_000n;

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

  it('is looked up in an index', () => {
    const database = openDatabase(join(directory, 'plan.db'), CATALOG_MIGRATIONS);
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${EXPIRED_RUNS}`).all(0, 1);
    database.close();
    expect(plan.map((row) => row['detail'])).toEqual([expect.stringMatching(/^SEARCH run USING .*INDEX run_expiry/)]);
  });
});
