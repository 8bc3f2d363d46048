import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { configError, errorText } from '../errors.ts';
import { parseIni } from './ini.ts';

/** Names in the order in which they are looked for in a directory. */
export const CONFIG_FILES = ['simvue.toml', '.simvue.toml', 'simvue.ini', '.simvue.ini', 'simtrack.ini'] as const;

/** A table of a configuration file. */
export type ConfigTable = Readonly<Record<string, unknown>>;

export interface ConfigFile {
  readonly path: string;
  readonly content: ConfigTable;
}

/**
 * Finds and reads the first configuration file in a directory, the directories above it, and the home directory.
 *
 * @throws `SIMVUE_ERR_CONFIG` that names the file when it cannot be read as what it is.
 */
export function readConfigFile(directory: string, home: string): ConfigFile | undefined {
  for (const place of [...upward(directory), home]) {
    for (const name of CONFIG_FILES) {
      const path = join(place, name);
      const text = readIfThere(path);
      if (text !== undefined) return { path, content: parse(path, text) };
    }
  }
  return undefined;
}

function upward(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...upward(parent)];
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw configError(path, errorText(error), 'Make it readable, or remove it.', error);
  }
}

function parse(path: string, text: string): ConfigTable {
  try {
    if (path.endsWith('.ini')) return parseIni(text);
    // Here and not above: most programs have no such file, and a run starts without waiting.
    const { parse: parseToml } = createRequire(import.meta.url)('smol-toml') as typeof import('smol-toml');
    return parseToml(text);
  } catch (error) {
    throw configError(path, errorText(error), 'Correct the file.', error);
  }
}
