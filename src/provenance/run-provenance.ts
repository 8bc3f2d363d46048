import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Metadata } from '../attributes.ts';
import { readGitHead } from './git-head.ts';
import { chooseVariables } from './secrets.ts';

const LOCK_FILES = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'];
const TIMEOUT_MILLIS = 2_000;

/**
 * What tells a run's origin and is not known at once, as metadata: `git.*`, `lock.*`, `gpu.*`, `shell.*`.
 *
 * @param variables - patterns of environment variables to keep.
 */
export async function collectProvenance(directory: string, variables: readonly string[]): Promise<Metadata> {
  const git = readGitHead(directory);
  const [isDirty, lock, gpus] = await Promise.all([
    git === undefined ? undefined : isChanged(git.root),
    hashLockFile(directory),
    describeGpus(),
  ]);
  const shell = chooseVariables(process.env, variables);
  return {
    ...(git === undefined
      ? {}
      : { git: present({ commit: git.commit, branch: git.branch, url: git.remoteUrl, dirty: isDirty }) }),
    ...(lock === undefined ? {} : { lock }),
    ...(gpus === undefined ? {} : { gpu: gpus }),
    ...(Object.keys(shell).length === 0 ? {} : { shell }),
  };
}

/** Changes to files that the repository knows; undefined when git is not there or slow. */
async function isChanged(root: string): Promise<boolean | undefined> {
  const output = await outputOf('git', ['-C', root, 'status', '--porcelain', '--untracked-files=no']);
  return output === undefined ? undefined : output.trim() !== '';
}

/** Name and SHA-256 of the nearest lock file. */
async function hashLockFile(directory: string): Promise<{ file: string; sha256: string } | undefined> {
  for (const file of LOCK_FILES) {
    const content = await readFile(join(directory, file)).catch(() => undefined);
    if (content !== undefined) return { file, sha256: createHash('sha256').update(content).digest('hex') };
  }
  return dirname(directory) === directory ? undefined : hashLockFile(dirname(directory));
}

async function describeGpus(): Promise<{ names: string[]; driver: string } | undefined> {
  const output = await outputOf('nvidia-smi', ['--query-gpu=name,driver_version', '--format=csv,noheader']);
  return output === undefined ? undefined : parseGpuNames(output);
}

/** Reads lines `name, driver version`; undefined when there are none. */
export function parseGpuNames(output: string): { names: string[]; driver: string } | undefined {
  const lines = output.split('\n').map((line) => line.split(',').map((text) => text.trim()));
  const gpus = lines.filter((line): line is [string, string] => line.length === 2);
  const [first] = gpus;
  return first && { names: gpus.map(([name]) => name), driver: first[1] };
}

/** @returns undefined when the program is not there, fails, or takes too long: nothing of a run depends on it. */
function outputOf(command: string, args: readonly string[]): Promise<string | undefined> {
  // Without the lock, git does not disturb what the user does at the same time.
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0' };
  return new Promise((resolve) => {
    execFile(command, args, { timeout: TIMEOUT_MILLIS, windowsHide: true, env }, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
  });
}

function present(values: Readonly<Record<string, string | boolean | undefined>>): Record<string, string | boolean> {
  const entries = Object.entries(values).filter((entry): entry is [string, string | boolean] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
