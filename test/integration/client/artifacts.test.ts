import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Run } from 'simvue-otel';
import { expect, onTestFinished, test } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';
import { FaultyProxy } from '../../support/faulty-proxy.ts';
import { OtlpSinkServer } from '../../support/otlp-sink.ts';

interface Stored {
  readonly name: string;
  readonly category: string;
  readonly mime_type: string;
  readonly uploaded: boolean;
  readonly original_path: string;
  readonly url: string;
}

async function startRun(url: string): Promise<Run> {
  const run = new Run({ url, suppressErrors: false, disableResourcesMetrics: true });
  await run.init({ folder: '/artifacts' });
  return run;
}

async function directory(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'simvue-files-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}

async function artifactsOf(collector: TestCollector, run: Run): Promise<readonly Stored[]> {
  return (await collector.ask('GET', `/runs/${encodeURIComponent(String(run.id))}/artifacts`)).json;
}

async function contentOf(artifacts: readonly Stored[], name: string): Promise<Buffer> {
  const url = artifacts.find((artifact) => artifact.name === name)?.url ?? '';
  return Buffer.from(await (await fetch(url)).arrayBuffer());
}

test('files, directories and objects of a run are stored under their category; close waits for them (B7)', async () => {
  await using collector = await TestCollector.start();
  const root = await directory({
    'main.py': 'print(1)\n',
    'out/a.json': '{}',
    'out/deep/b.csv': 'x\r\n1\r\n',
    'empty.log': '',
  });
  const run = await startRun(collector.url);
  void run.save(join(root, 'main.py'), 'code');
  void run.saveDirectory(join(root, 'out'), 'output');
  void run.saveFile(join(root, 'empty.log'), 'output', { fileType: 'text/x-log', metadata: { lines: 0 } });
  void run.save(Float64Array.of(1, 2), 'output', { name: 'all_random_numbers' });
  void run.saveObject({ mean: Number.NaN }, 'input', { name: 'settings' });
  void run.saveObject(Readable.from(['a', 'b']), 'input', { name: 'stream' });
  expect(await run.close()).toBe(true);

  const artifacts = await artifactsOf(collector, run);
  const rows = artifacts.map(({ name, category, mime_type, uploaded }) => [name, category, mime_type, uploaded]);
  expect(rows.sort()).toEqual([
    ['a.json', 'output', 'application/json', true],
    ['all_random_numbers', 'output', 'application/vnd.simvue.numpy.v1', true],
    ['deep/b.csv', 'output', 'text/csv', true],
    ['empty.log', 'output', 'text/x-log', true],
    ['main.py', 'code', 'text/x-python', true],
    ['settings', 'input', 'application/json', true],
    ['stream', 'input', 'application/octet-stream', true],
  ]);
  expect(artifacts.find(({ name }) => name === 'main.py')?.original_path).toBe(join(root, 'main.py'));
  expect((await contentOf(artifacts, 'main.py')).toString()).toBe('print(1)\n');
  expect((await contentOf(artifacts, 'stream')).toString()).toBe('ab');
  expect(JSON.parse((await contentOf(artifacts, 'settings')).toString())).toEqual({ mean: 'NaN' });
  expect((await contentOf(artifacts, 'all_random_numbers')).subarray(0, 6).toString('latin1')).toBe('\x93NUMPY');
  expect(await contentOf(artifacts, 'empty.log')).toHaveLength(0);
});

test('the progress of a file is told piece by piece, up to its size; the path is its name when it is to be preserved', async () => {
  await using collector = await TestCollector.start();
  const root = await directory({ 'large.bin': 'x'.repeat(1_000_000) });
  const run = await startRun(collector.url);
  const sent: number[] = [];
  const onProgress = (progress: { sentBytes: number }) => sent.push(progress.sentBytes);
  expect(await run.saveAll([root], 'input', { preservePath: true, onProgress })).toBe(true);
  await run.close();
  expect(sent.length).toBeGreaterThan(3);
  expect(sent.at(-1)).toBe(1_000_000);
  expect((await artifactsOf(collector, run)).map(({ name }) => name)).toEqual([join(root, 'large.bin').slice(1)]);
});

test('a run that its program calls by a name of its own gets its artifacts too', async () => {
  await using collector = await TestCollector.start();
  const run = new Run({ url: collector.url, suppressErrors: false, disableResourcesMetrics: true });
  await run.init({ id: 'job 17/wing' });
  await run.saveObject('text', 'code', { name: 'note' });
  await run.close();
  expect((await artifactsOf(collector, run)).map(({ name }) => name)).toEqual(['note']);
});

test('what cannot be saved fails with the reason, or is counted when errors are suppressed', async () => {
  await using collector = await TestCollector.start({ maxArtifactBytes: 1000 });
  const run = await startRun(collector.url);
  await expect(run.saveFile('/no/such/file', 'code')).rejects.toThrow('ENOENT');
  await expect(run.saveFile(tmpdir(), 'code')).rejects.toThrow('is not a file');
  await expect(run.saveObject(1, 'other' as 'code', { name: 'x' })).rejects.toThrow('category "other"');
  await expect(run.save({}, 'code')).rejects.toThrow('name of 1 to 1024 characters');
  await expect(run.saveObject(Buffer.alloc(20_000_000), 'input', { name: 'large' })).rejects.toMatchObject({
    code: 'SIMVUE_ERR_TOO_LARGE',
  });
  await run.close();
  const quiet = new Run({ url: collector.url, disableResourcesMetrics: true });
  await quiet.init({ running: false });
  expect(await quiet.saveObject(1, 'output', { name: 'early' })).toBe(false);
  expect(quiet.counters.invalid).toBe(1);
  await quiet.close();
});

test('an artifact that the collector cannot take before close waits in the journal, and the next start brings it', async () => {
  await using collector = await TestCollector.start();
  await using proxy = await FaultyProxy.start(collector.url, 'down');
  const config = { url: proxy.url, spoolDirectory: await directory({}), disableResourcesMetrics: true };
  const run = new Run(config);
  await run.init({ name: 'away' });
  const saved = run.saveObject('text', 'output', { name: 'note' });
  const started = performance.now();
  expect(await run.close({ timeoutMs: 300 })).toBe(false);
  // The deadline of a close that is given none is 10 s.
  expect(performance.now() - started).toBeLessThan(8000);
  expect(await saved).toBe(true);

  proxy.condition = 'up';
  const next = new Run(config);
  await next.init();
  await next.close();
  expect((await artifactsOf(collector, run)).map(({ name }) => name)).toEqual(['note']);
  expect(await readdir(config.spoolDirectory)).toEqual([]);
});

test('behind an OpenTelemetry Collector artifacts stay in the journal, with one warning; in memory they fail', async () => {
  await using sink = await OtlpSinkServer.start(({ path }) => (path.startsWith('/api') ? { status: 404 } : undefined));
  const config = {
    url: sink.url,
    spoolDirectory: await directory({}),
    disableResourcesMetrics: true,
    suppressErrors: false,
  };
  const run = new Run(config);
  await run.init();
  expect(await run.saveObject('text', 'output', { name: 'note' })).toBe(true);
  expect(await run.close()).toBe(true);
  const [journal = ''] = await readdir(config.spoolDirectory);
  expect(await readdir(join(config.spoolDirectory, journal))).toContain('artifact-0.json');
  const again = new Run(config);
  await again.init();
  await again.close();
  expect(await readdir(join(config.spoolDirectory, journal))).toContain('artifact-0.json');
  const memory = new Run({ ...config, journal: 'memory' });
  await memory.init();
  await expect(memory.saveObject('text', 'output', { name: 'note' })).rejects.toMatchObject({
    code: expect.any(String),
  });
  await memory.close();
});

test('a function of the program that throws, and a stream that gives objects, stop neither the program nor an upload', async () => {
  await using collector = await TestCollector.start();
  const root = await directory({ 'a.txt': 'a' });
  const run = new Run({ url: collector.url, disableResourcesMetrics: true });
  await run.init();
  const onProgress = () => {
    throw new Error('the bar is broken');
  };
  expect(await run.saveFile(join(root, 'a.txt'), 'input', { onProgress })).toBe(true);
  expect(await run.saveObject(Readable.from([{ a: 1 }]), 'input', { name: 'objects' })).toBe(false);
  expect(await run.saveObject(Promise.resolve(1), 'input', { name: 'promise' })).toBe(false);
  expect(await run.saveObject(new Blob(['blob']), 'input', { name: 'blob' })).toBe(true);
  expect(await run.saveObject(new Blob(['web']).stream(), 'input', { name: 'web', fileTpye: 'x/y' } as never)).toBe(
    true,
  );
  expect(run.counters.invalid).toBe(4);
  expect(await run.close()).toBe(true);
  const artifacts = await artifactsOf(collector, run);
  expect(artifacts.map(({ name }) => name).sort()).toEqual(['a.txt', 'blob', 'web']);
  expect((await contentOf(artifacts, 'blob')).toString()).toBe('blob');
});

test('a directory is saved with its links to files; what a link leads to in a circle, or nowhere, is left out', async () => {
  await using collector = await TestCollector.start();
  const root = await directory({ 'a.txt': 'a', 'deep/b.txt': 'b', 'deep/zero': '' });
  await symlink('../a.txt', join(root, 'deep', 'link.txt'));
  await symlink('..', join(root, 'deep', 'circle'));
  await symlink('gone', join(root, 'nowhere'));
  await writeFile(join(root, 'new\nline'), 'x');
  await writeFile(join(root, 'deep', 'tab\t'), 'x');
  const run = await startRun(collector.url);
  await expect(run.saveDirectory(root, 'output')).rejects.toThrow(
    /^2 of the files are not saved: .*tab\\t.*new\\nline/,
  );
  await run.close();
  const names = (await artifactsOf(collector, run)).map(({ name }) => name).sort();
  expect(names).toEqual(['a.txt', 'deep/b.txt', 'deep/link.txt', 'deep/zero']);
});
