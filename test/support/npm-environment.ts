import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { TestProcess } from './child-process.ts';

/** A directory outside of the repository with the packages of a `package.json` installed; made when it is not there. */
export async function npmEnvironment(packageFile: string): Promise<string> {
  const { SIMVUE_TEST_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = SIMVUE_TEST_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'simvue-otel');
  const text = await readFile(packageFile);
  const directory = join(cache, `npm-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`);
  const complete = join(directory, 'complete');
  if (existsSync(complete)) return directory;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await cp(packageFile, join(directory, 'package.json'));
  const install = await new TestProcess(
    'npm',
    ['install', '--no-audit', '--no-fund', '--engine-strict=false'],
    {},
    directory,
  ).exited;
  if (install.code !== 0) throw new Error(install.stderr);
  await writeFile(complete, '');
  return directory;
}
