import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LOCAL_PRINCIPAL } from '../../../collector/dist/pipeline/principal.js';
import { createRunResolver } from '../../../collector/dist/pipeline/run-resolver.js';
import { TenantLimits } from '../../../collector/dist/pipeline/tenant-limits.js';
import { openCatalog } from '../../../collector/dist/store/sqlite-catalog.js';
import type { ResourceEntry } from '../../../collector/pipeline/resource-entry.ts';
import type { Resolution, RunResolver } from '../../../collector/pipeline/run-resolver-port.ts';
import type { Attributes } from '../../../collector/pipeline/telemetry.ts';
import type { ResourcePart } from '../../../collector/pipeline/telemetry-batch.ts';
import type { CatalogStore } from '../../../collector/store/catalog-store.ts';

const SECOND = 1_000_000_000n;
const NOW_MS = 1_700_000_000_000;
const NOW = BigInt(NOW_MS) * 1_000_000n;
let directory: string;
let nowMs: number;
let catalog: CatalogStore;
let resolver: RunResolver;
let changed: string[];

function open(accept: 'any' | 'simvue' = 'any', maxNewRunsPerMinute = 100): void {
  catalog = openCatalog(join(directory, 'catalog.db'), () => BigInt(nowMs) * 1_000_000n);
  resolver = createRunResolver({
    catalog,
    accept,
    maxNewRunsPerMinute,
    limits: new TenantLimits(catalog.accounts, catalog.usage),
    clock: () => nowMs,
    onRunChanged: (runId) => changed.push(runId),
  });
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'resolver-'));
  nowMs = NOW_MS;
  changed = [];
  open();
});
afterEach(async () => {
  await catalog.close();
  rmSync(directory, { recursive: true });
});

async function reopen(...options: Parameters<typeof open>): Promise<void> {
  await catalog.close();
  open(...options);
}

function entry(attributes: Attributes): ResourceEntry {
  const instance = attributes['service.instance.id'];
  return { attributes, instance: typeof instance === 'string' ? instance : '', series: [], binding: undefined };
}

function part(resource: ResourceEntry, firstTimeUnixNano = NOW, lastTimeUnixNano = firstTimeUnixNano): ResourcePart {
  const range = { segmentStart: 0, segmentCount: 1, points: 1, firstTimeUnixNano, lastTimeUnixNano };
  return { resource, ...range, events: [], spans: [], spanBytes: 0, writer: undefined };
}

function resolve(
  one: ResourcePart,
  recordedChoice?: string,
  principal = LOCAL_PRINCIPAL,
): Resolution | Promise<Resolution> {
  return resolver.resolve(one, { receivedAt: nowMs, principal, recordedChoice });
}

async function runOf(one: ResourcePart, recordedChoice?: string): Promise<string> {
  const resolution = await resolve(one, recordedChoice);
  if ('refused' in resolution) throw new Error(resolution.refused);
  return resolution.runId;
}

describe('the run resolver', () => {
  it('makes the run of a new resource, started by its first data, and then answers from memory', async () => {
    const resource = entry({ 'simvue.run.id': 'job', 'simvue.run.name': 'n', 'service.instance.id': 'i' });
    const runId = await runOf(part(resource, NOW - SECOND));
    expect(await catalog.getRun(runId)).toMatchObject({
      name: 'n',
      externalId: 'job',
      status: 'running',
      startedUnixNano: NOW - SECOND,
    });
    expect(resolve(part(resource))).toEqual({ runId });
    expect(changed).toEqual([runId]);
    expect(resource.binding).toEqual({ runId, seriesIds: [] });
  });

  it('gives all processes of one run id the same run, also when they come at once', async () => {
    const resources = ['a', 'b', 'c'].map((instance) =>
      entry({ 'simvue.run.id': 'job', 'service.instance.id': instance }),
    );
    const runs = await Promise.all(resources.map((resource) => runOf(part(resource))));
    expect(new Set(runs).size).toBe(1);
    expect((await catalog.listRuns({ filters: [], sort: [], start: 0, count: 10 })).count).toBe(1);
  });

  it('leaves a run created that its resource calls created', async () => {
    const runId = await runOf(part(entry({ 'simvue.run.id': 'job', 'simvue.run.status': 'created' })));
    expect(await catalog.getRun(runId)).toMatchObject({ status: 'created', startedUnixNano: null });
  });

  it('refuses what is not meant for Simvue, naming the flag, when told so', async () => {
    await reopen('simvue');
    expect(await resolve(part(entry({ 'service.instance.id': 'pod' })))).toEqual({
      refused: expect.stringContaining('--accept any'),
    });
    expect(await resolve(part(entry({ 'service.instance.id': 'pod', 'simvue.run.tags': 'x' })))).toHaveProperty(
      'runId',
    );
  });

  it('refuses more new runs than allowed in a minute, and known ones never', async () => {
    await reopen('any', 2);
    const known = await runOf(part(entry({ 'simvue.run.id': 'a' })));
    await runOf(part(entry({ 'simvue.run.id': 'b' })));
    expect(await resolve(part(entry({ 'simvue.run.id': 'c' })))).toEqual({
      refused: expect.stringContaining('too many new runs'),
      retryAfterSeconds: 60,
    });
    nowMs += 20_000;
    const other = { ...LOCAL_PRINCIPAL, token: 'another token' };
    expect(await resolve(part(entry({ 'simvue.run.id': 'd' })), undefined, other)).toHaveProperty('runId');
    expect(await resolve(part(entry({ 'simvue.run.id': 'c' })))).toHaveProperty('retryAfterSeconds', 40);
    expect(await runOf(part(entry({ 'simvue.run.id': 'a', 'service.instance.id': 'second' })))).toBe(known);
    nowMs += 41_000;
    expect(await resolve(part(entry({ 'simvue.run.id': 'c' })))).toHaveProperty('runId');
  });

  it('refuses data of a deleted run', async () => {
    const resource = entry({ 'simvue.run.id': 'job' });
    const runId = await runOf(part(resource));
    await catalog.deleteRuns([runId]);
    resolver.forget(runId);
    expect(await resolve(part(resource))).toEqual({ refused: 'run was deleted' });
    await reopen();
    expect(await resolve(part(entry(resource.attributes)))).toEqual({ refused: 'run was deleted' });
  });

  it('refuses a wrong run id with the reason', async () => {
    expect(await resolve(part(entry({ 'simvue.run.id': '' })))).toEqual({
      refused: expect.stringContaining('is empty'),
    });
  });

  it('tells what it left out of a resource', async () => {
    const resource = entry({ 'simvue.run.id': 'job', 'simvue.run.heartbeat_timeout': 'soon' });
    expect(await resolve(part(resource))).toMatchObject({
      problems: [expect.stringContaining('simvue.run.heartbeat_timeout is not a number')],
    });
  });
});

describe('a resource without process identity', () => {
  const attributes = { 'service.name': 'train', 'host.name': 'h' };
  const end = (runId: string, timeUnixNano: bigint) =>
    catalog.apply(runId, [{ timeUnixNano, uid: 'e', instance: '', lifecycle: { status: 'completed' } }]);

  it('writes to one run while that lives, also across a restart, and says which', async () => {
    const first = await resolve(part(entry(attributes)));
    expect(first).toMatchObject({ choice: (first as { runId: string }).runId });
    await reopen();
    const reordered = { 'host.name': 'h', 'service.name': 'train' };
    expect(await resolve(part(entry(reordered), NOW + 3_600n * SECOND))).toMatchObject(first);
  });

  it('begins a new run with data later than the end of the last one; earlier data still belong to that', async () => {
    const resource = entry(attributes);
    const first = await runOf(part(resource));
    await end(first, NOW + SECOND);
    expect(await runOf(part(resource, NOW, NOW + 2n * SECOND))).toBe(first);
    const second = await runOf(part(resource, NOW + 2n * SECOND));
    expect(second).not.toBe(first);
    expect(resource.binding?.runId).toBe(second);
  });

  it('begins a new run when the last one is lost', async () => {
    const resource = entry(attributes);
    const first = await runOf(part(resource));
    await catalog.recordSigns([{ runId: first, instance: '', timeUnixNano: NOW }]);
    await catalog.setLost(first);
    expect(await runOf(part(resource, NOW))).toBe(first);
    expect(await runOf(part(resource, NOW + 1n))).not.toBe(first);
  });

  it('repeats the recorded choice on replay, and goes on with the newest run', async () => {
    const resource = entry(attributes);
    const first = await runOf(part(resource));
    await end(first, NOW + SECOND);
    const second = await runOf(part(resource, NOW + 2n * SECOND));
    await reopen();
    const replayed = entry(attributes);
    expect(await runOf(part(replayed, NOW + 9n * SECOND), first)).toBe(first);
    expect(await runOf(part(replayed, NOW + 9n * SECOND))).toBe(second);
  });

  it('refuses late data of a deleted run, and begins a new one with data after the deletion', async () => {
    const resource = entry(attributes);
    const first = await runOf(part(resource));
    nowMs += 10_000;
    await catalog.deleteRuns([first]);
    resolver.forget(first);
    expect(await resolve(part(resource, NOW + 5n * SECOND))).toEqual({ refused: 'run was deleted' });
    const second = await resolve(part(resource, NOW + 11n * SECOND));
    expect(second).toHaveProperty('runId');
    expect(second).not.toHaveProperty('runId', first);
  });
});
