import { appendFile, mkdir, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FileTail } from '../../../src/sidecar/file-tail.ts';
import { matchingFiles } from '../../../src/sidecar/matching-files.ts';

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'simvue-tail-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

async function followed() {
  const path = join(await directory(), 'log');
  const seen: string[] = [];
  const tail = new FileTail(path, { onLine: (line) => seen.push(line), onRestart: () => seen.push('(restart)') });
  return { path, tail, seen };
}

test('a file that comes later is read from its beginning, line by line, never half a line', async () => {
  const { path, tail, seen } = await followed();
  await tail.read();
  await writeFile(path, 'one\ntw');
  await tail.read();
  expect(seen).toEqual(['(restart)', 'one']);
  await appendFile(path, 'o\r\nthree');
  await tail.read();
  expect(seen).toEqual(['(restart)', 'one', 'two']);
  await tail.end();
  expect(seen).toEqual(['(restart)', 'one', 'two', 'three']);
});

test('a character that is cut in two between reads is whole', async () => {
  const { path, tail, seen } = await followed();
  const bytes = Buffer.from('é\n');
  await writeFile(path, bytes.subarray(0, 1));
  await tail.read();
  await appendFile(path, bytes.subarray(1));
  await tail.end();
  expect(seen).toEqual(['(restart)', 'é']);
});

test('what is there before is left out when it is skipped; what is added is read', async () => {
  const { path, tail, seen } = await followed();
  await writeFile(path, 'old\n');
  await tail.skip();
  await appendFile(path, 'new\n');
  await tail.end();
  expect(seen).toEqual(['new']);
});

test.each([
  ['shorter', 'a\n'],
  ['longer', 'other 1\nother 2\nother 3\n'],
])('a file that is written anew, %s than before, is read anew', async (_title, text) => {
  const { path, tail, seen } = await followed();
  await writeFile(path, 'first 1\nfirst 2\n');
  await tail.skip();
  await truncate(path);
  await writeFile(path, text);
  await tail.end();
  expect(seen).toEqual(['(restart)', ...text.trim().split('\n')]);
});

test('a log that is rotated is read to its end, then the new one from its beginning', async () => {
  const { path, tail, seen } = await followed();
  await writeFile(path, 'a 1\n');
  await tail.read();
  await appendFile(path, 'a 2\na 3');
  await rename(path, `${path}.1`);
  await writeFile(path, 'b 1\n');
  await tail.read();
  await rm(path);
  await tail.read();
  await writeFile(path, 'c 1\n');
  await tail.end();
  expect(seen).toEqual(['(restart)', 'a 1', 'a 2', 'a 3', '(restart)', 'b 1', '(restart)', 'c 1']);
});

test('patterns match files: * within a name, ** across directories, a directory means all below it', async () => {
  const root = await directory();
  await mkdir(join(root, 'out/deep'), { recursive: true });
  for (const name of ['a.log', 'b.txt', 'out/c.log', 'out/deep/d.log']) await writeFile(join(root, name), '');
  const below = async (pattern: string) =>
    (await matchingFiles(`${root}/${pattern}`)).map((path) => path.slice(root.length + 1));
  expect(await below('*.log')).toEqual(['a.log']);
  expect(await below('**/*.log')).toEqual(['a.log', 'out/c.log', 'out/deep/d.log']);
  expect(await below('out')).toEqual(['out/c.log', 'out/deep/d.log']);
  expect(await below('out/**')).toEqual(['out/c.log', 'out/deep/d.log']);
  expect(await below('?.txt')).toEqual(['b.txt']);
  expect(await below('none/*.log')).toEqual([]);
});
