import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { readGitHead } from '../../../../src/provenance/git-head.ts';
import { collectProvenance, parseGpuNames } from '../../../../src/provenance/run-provenance.ts';
import { chooseVariables, isSecretName, redactArguments } from '../../../../src/provenance/secrets.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'simvue-git-'));
  onTestFinished(() => rm(root, { recursive: true }));
});

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
}

async function repository(): Promise<string> {
  git('init', '-q', '-b', 'main');
  await writeFile(join(root, 'a.txt'), 'a');
  git('add', '.');
  git('commit', '-qm', 'first');
  git('remote', 'add', 'origin', 'https://me:secret@example.org/a/b.git');
  return git('rev-parse', 'HEAD');
}

describe('the state of a repository is read from its files as git tells it', () => {
  test('branch, commit and remote, from anywhere below; the remote without credentials', async () => {
    const commit = await repository();
    await mkdir(join(root, 'deep', 'er'), { recursive: true });
    const expected = { root, commit, branch: 'main', remoteUrl: 'https://example.org/a/b.git' };
    expect(readGitHead(join(root, 'deep', 'er'))).toEqual(expected);
    git('pack-refs', '--all');
    expect(readGitHead(root)).toEqual(expected);
  });

  test('a checked out commit has no branch; a linked working tree is one of its own', async () => {
    const commit = await repository();
    git('worktree', 'add', '-q', join(root, 'linked'), '-b', 'feature/x');
    expect(readGitHead(join(root, 'linked'))).toMatchObject({
      commit,
      branch: 'feature/x',
      remoteUrl: 'https://example.org/a/b.git',
    });
    git('checkout', '-q', '--detach');
    expect(readGitHead(root)).toMatchObject({ commit, branch: undefined });
  });

  test('a repository without a commit or a remote has neither; no repository is none', async () => {
    git('init', '-q', '-b', 'main');
    expect(readGitHead(root)).toEqual({ root, commit: undefined, branch: 'main', remoteUrl: undefined });
    expect(readGitHead('/')).toBeUndefined();
  });
});

test('metadata tell whether files were changed, the hash of the lock file, and the variables that were chosen', async () => {
  const commit = await repository();
  await writeFile(join(root, 'package-lock.json'), '{}');
  const clean = await collectProvenance(root, []);
  expect(clean).toMatchObject({
    git: { commit, branch: 'main', url: 'https://example.org/a/b.git', dirty: false },
    lock: { file: 'package-lock.json', sha256: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' },
  });
  expect(clean).not.toHaveProperty('shell');
  await writeFile(join(root, 'a.txt'), 'b');
  expect(await collectProvenance(root, ['HOME'])).toMatchObject({
    git: { dirty: true },
    shell: { HOME: process.env['HOME'] },
  });
});

test('secrets are never chosen, whatever the patterns say', () => {
  const environment = {
    SLURM_JOB_ID: '1',
    SLURM_TOKEN: 't',
    MY_PASSWORD: 'p',
    AWS_SECRET_ACCESS_KEY: 'k',
    HOME: '/h',
    API_KEY: 'a',
  };
  expect(chooseVariables(environment, ['SLURM_*', 'HOME'])).toEqual({ SLURM_JOB_ID: '1', HOME: '/h' });
  expect(chooseVariables(environment, ['*'])).toEqual({ SLURM_JOB_ID: '1', HOME: '/h' });
  expect(isSecretName('SIMVUE_TOKEN')).toBe(true);
});

test('the command line is kept without what nobody else may see', () => {
  expect(
    redactArguments([
      'node',
      'a.js',
      '--token',
      'abc',
      '--api-key=xyz',
      '--password',
      '--fast',
      'http://u:p@h/x',
      '--keys=3',
    ]),
  ).toEqual(['node', 'a.js', '--token', '…', '--api-key=…', '--password', '--fast', 'http://…@h/x', '--keys=3']);
});

test('the names of graphics processors are read from what the driver prints', () => {
  expect(parseGpuNames('NVIDIA A100-SXM4-40GB, 535.104.05\nNVIDIA A100-SXM4-40GB, 535.104.05\n')).toEqual({
    names: ['NVIDIA A100-SXM4-40GB', 'NVIDIA A100-SXM4-40GB'],
    driver: '535.104.05',
  });
  expect(parseGpuNames('')).toBeUndefined();
});
