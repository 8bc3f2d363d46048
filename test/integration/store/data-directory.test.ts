import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataDirectory } from '../../../collector/dist/store/data-directory.js';

const MODULE = new URL('../../../collector/dist/store/data-directory.js', import.meta.url).href;

let parent: string;
let path: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'data-directory-'));
  path = join(parent, 'data');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** Another process that holds the directory until it is killed. */
async function holder() {
  const program = `import { openDataDirectory } from ${JSON.stringify(MODULE)};
    globalThis.held = openDataDirectory(${JSON.stringify(path)});
    setInterval(() => {}, 1000);
    console.log('held');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

test('the directory is made for its owner only', () => {
  const data = openDataDirectory(path);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(data.file('log')).toBe(join(path, 'log'));
  data.release();
  data.release();
});

test.each([
  ['a folder that takes none and says that they are missing', '/proc/simvue/data', 'ENOENT'],
  ['below a file', '/etc/passwd/data', 'ENOTDIR'],
  ['a file', '/etc/passwd', 'EEXIST'],
])('%s is named as what cannot be written', (_, where, code) => {
  expect(() => openDataDirectory(where)).toThrow(new RegExp(`^--data: ${where} cannot be written \\(${code}`));
});

test('a second collector is told which process holds the directory; kill -9 of that process sets it free', async () => {
  const child = await holder();
  expect(() => openDataDirectory(path)).toThrow(
    expect.objectContaining({
      code: 'SIMVUE_ERR_DATA_DIRECTORY',
      message: expect.stringMatching(new RegExp(`--data: .* in use by another collector \\(process ${child.pid}\\)`)),
    }),
  );
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  openDataDirectory(path).release();
});

test('of many that start at once on a directory whose holder died, one gets it', async () => {
  const dead = await holder();
  const exited = once(dead, 'exit');
  dead.kill('SIGKILL');
  await exited;
  const program = `import { openDataDirectory } from ${JSON.stringify(MODULE)};
    try { openDataDirectory(${JSON.stringify(path)}); console.log('mine'); process.stdin.resume(); }
    catch { console.log('refused'); }`;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const answers = await Promise.all(
    children.map(async (child) => String((await once(child.stdout, 'data'))[0]).trim()),
  );
  expect(answers.sort()).toEqual(['mine', 'refused', 'refused', 'refused']);
  for (const child of children) child.stdin.end();
  await Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit')));
});

test('a released directory can be taken again by the same process', () => {
  openDataDirectory(path).release();
  openDataDirectory(path).release();
});

test('what cannot be a directory, or cannot be written, is refused with the setting and the fix', () => {
  writeFileSync(path, 'a file');
  expect(() => openDataDirectory(path)).toThrow(/^--data: .* cannot be written .* Choose a directory of yours/);
  if (process.getuid?.() === 0) return;
  chmodSync(parent, 0o500);
  expect(() => openDataDirectory(join(parent, 'other'))).toThrow(/^--data: .* cannot be written/);
  chmodSync(parent, 0o700);
});
