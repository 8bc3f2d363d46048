import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository, from the sources as from their compiled form in `.cache/tools`. */
export const repositoryRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

/** A path in the repository. */
export const inRepository = (...parts: string[]): string => join(repositoryRoot, ...parts);

/** The compiled form of a TypeScript tool or example, to be run as a process of its own. */
export const compiledTool = (source: string): string => inRepository('.cache/tools', source.replace(/\.ts$/, '.js'));

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package-lock.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('the repository root was not found');
  return findRoot(parent);
}
