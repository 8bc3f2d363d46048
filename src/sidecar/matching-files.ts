import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ifThere } from '../missing-file.ts';

const SPECIAL = /[*?]/;

/**
 * Files whose path matches: `*` and `?` within a name, `**` across directories. A pattern without them is the file, or every file of the directory.
 *
 * @returns paths in alphabetical order.
 */
export async function matchingFiles(pattern: string): Promise<string[]> {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => SPECIAL.test(part));
  if (first < 0) return (await filesBelow(pattern)) ?? [pattern];
  const base = parts.slice(0, first).join('/') || (pattern.startsWith('/') ? '/' : '.');
  const expression = expressionOf(pattern.startsWith('/') || first > 0 ? pattern : `./${pattern}`);
  const files = (await filesBelow(base)) ?? [];
  return files.filter((file) => expression.test(base === '.' ? `./${file}` : file));
}

/** Undefined when it is not a directory. */
async function filesBelow(directory: string): Promise<string[] | undefined> {
  const entries = await ifThere(readdir(directory, { recursive: true, withFileTypes: true }).catch(notADirectory));
  const files = entries?.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files?.map((file) => file.split(sep).join('/')).toSorted();
}

function notADirectory(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOTDIR') throw error;
}

function expressionOf(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    return token === '?' ? '[^/]' : `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}
