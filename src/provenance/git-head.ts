import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Where a working tree stands. */
export interface GitHead {
  readonly root: string;
  /** Undefined before the first commit. */
  readonly commit: string | undefined;
  /** Undefined when no branch is checked out. */
  readonly branch: string | undefined;
  /** Address of the remote `origin`, without credentials. */
  readonly remoteUrl: string | undefined;
}

/**
 * Reads the files of the repository that a directory belongs to; starts no program.
 *
 * @returns undefined when there is none.
 */
export function readGitHead(directory: string): GitHead | undefined {
  for (let root = resolve(directory); ; root = dirname(root)) {
    const gitDirectory = gitDirectoryOf(root);
    const head = gitDirectory && readText(join(gitDirectory, 'HEAD'));
    if (gitDirectory !== undefined && head !== undefined) return headOf(root, gitDirectory, head);
    if (dirname(root) === root) return undefined;
  }
}

/** In a linked working tree `.git` is a file that names the directory. */
function gitDirectoryOf(root: string): string | undefined {
  const path = join(root, '.git');
  if (readText(join(path, 'HEAD')) !== undefined) return path;
  const target = /^gitdir: (.+)$/m.exec(readText(path) ?? '')?.[1];
  return target === undefined ? undefined : resolve(root, target.trim());
}

function headOf(root: string, gitDirectory: string, head: string): GitHead {
  const common = resolve(gitDirectory, readText(join(gitDirectory, 'commondir'))?.trim() ?? '.');
  const ref = /^ref: (.+)$/.exec(head.trim())?.[1];
  const commit = ref === undefined ? head.trim() : commitOf(ref, gitDirectory, common);
  const config = readText(join(common, 'config')) ?? '';
  const remote = /^\s*\[remote "origin"\]\s*\n(?:\s+(?!\[).*\n?)*?\s*url\s*=\s*(.+)$/m.exec(config)?.[1];
  return {
    root,
    commit,
    branch: ref?.replace(/^refs\/heads\//, ''),
    remoteUrl: remote && withoutCredentials(remote.trim()),
  };
}

function commitOf(ref: string, gitDirectory: string, common: string): string | undefined {
  const loose = readText(join(gitDirectory, ref)) ?? readText(join(common, ref));
  if (loose !== undefined) return loose.trim();
  const packed = readText(join(common, 'packed-refs')) ?? '';
  return packed
    .split('\n')
    .find((line) => line.endsWith(` ${ref}`))
    ?.slice(0, -ref.length - 1);
}

function withoutCredentials(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, '$1');
}

/** @returns undefined for what is not there, not a file, or not ours to read. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
