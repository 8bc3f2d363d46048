import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveEndpoints } from '../../../src/endpoints.ts';
import { drainArtifacts } from '../../../src/journal/drain-artifacts.ts';
import type { JournalHeader } from '../../../src/journal/journal-header.ts';
import { NotedArtifact } from '../../../src/journal/noted-artifact.ts';
import { ownIdentity } from '../../../src/journal/process-identity.ts';
import { requestHead } from '../../../src/otlp-writer.ts';
import { Reports } from '../../../src/reports.ts';
import { TestProcess } from '../../support/child-process.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { startSync, temporarySpool } from '../../support/journal-end.ts';

const LARGE = fileURLToPath(new URL('./programs/large-artifact.mjs', import.meta.url));
const BYTES = 256 * 1024 * 1024 + 1;

let collector: CollectorProcess;
beforeAll(async () => {
  collector = await CollectorProcess.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

const artifactsOf = async (id: string) =>
  (await collector.rest.get<{ name: string; size: number }[]>(`/runs/${id}/artifacts`)).map((each) => [
    each.name,
    each.size,
  ]);

test('a file too large to be copied, whose program is killed while it sends it, is stored from its place by simvue sync', async () => {
  await using spool = await temporarySpool();
  const id = randomUUID().replaceAll('-', '').slice(0, 22);
  const environment = { SIMVUE_OFFLINE_DIRECTORY: spool.path, SIMVUE_URL: collector.url };
  const file = join(spool.path, 'field.bin');
  writeFileSync(file, 'first bytes');
  truncateSync(file, BYTES);
  const program = new TestProcess(process.execPath, [LARGE, file], { ...environment, RUN_ID: id });
  expect((await program.exited).signal).toBe('SIGKILL');
  const { code, stdout, stderr } = await startSync([], environment).exited;
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/1 artifacts stored/);
  expect(await artifactsOf(id)).toEqual([['field.bin', BYTES]]);
});

describe('a file that was noted before it was read', () => {
  /** Drains a journal with the note of a file, to which something has happened. */
  async function drainedAfter(change: (path: string) => void, writer = ownIdentity()) {
    await using spool = await temporarySpool();
    const { id: runId } = (await (
      await fetch(`${collector.url}/api/runs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ folder: '/', status: 'running' }),
      })
    ).json()) as { id: string };
    const path = join(spool.path, 'field.bin');
    writeFileSync(path, 'content');
    const file = { name: 'field.bin', category: 'output', originalPath: path, mimeType: 'text/plain' } as const;
    const manifest = { ...file, sizeBytes: 7, sha256: '', metadata: {} };
    const content = { kind: 'file', path, temporaryDirectory: undefined } as const;
    const journal = join(spool.path, 'journal');
    mkdirSync(journal);
    await NotedArtifact.write(join(journal, 'artifact-0'), manifest, content);
    change(path);
    const header: JournalHeader = {
      runId,
      runName: 'noted',
      target: undefined,
      writer,
      head: requestHead([], { name: '', version: '' }),
    };
    const drained = await drainArtifacts(journal, header, {
      endpoints: resolveEndpoints({ url: collector.url }, {}),
      reports: new Reports(),
      signal: new AbortController().signal,
    });
    const rejected = join(spool.path, 'rejected');
    const reasons = drained.refused === 0 ? [] : readdirSync(rejected).filter((name) => name.endsWith('.txt'));
    return {
      drained,
      left: readdirSync(journal),
      reasons: reasons.map((name) => readFileSync(join(rejected, name), 'utf8')),
      artifacts: await artifactsOf(runId),
    };
  }

  test('is measured and stored', async () => {
    const { drained, left, artifacts } = await drainedAfter(() => undefined);
    expect(drained).toEqual({ stored: 1, refused: 0, left: 0 });
    expect([left, artifacts]).toEqual([[], [['field.bin', 7]]]);
  });

  test.each([
    ['changed', (path: string) => appendFileSync(path, 'x')],
    ['vanished', (path: string) => rmSync(path)],
  ])('is refused with the reason when it has %s', async (what, change) => {
    const { drained, reasons, artifacts } = await drainedAfter(change);
    expect([drained, artifacts]).toEqual([{ stored: 0, refused: 1, left: 0 }, []]);
    expect(reasons).toEqual([expect.stringMatching(`field.bin ${what} before "field.bin" was stored`)]);
  });

  test('stays when it belongs to another host, whose files are not seen here', async () => {
    const elsewhere = { ...ownIdentity(), place: 'node17 boot pid' };
    const { drained, left } = await drainedAfter((path) => rmSync(path), elsewhere);
    expect([drained, left]).toEqual([{ stored: 0, refused: 0, left: 1 }, ['artifact-0.json']]);
  });
});
