import { homedir } from 'node:os';
import type { Metadata } from '../attributes.ts';
import { type EndpointOptions, type Endpoints, type Environment, resolveEndpoints } from '../endpoints.ts';
import { configError } from '../errors.ts';
import { hint } from '../option-kinds.ts';
import type { InitOptions, RunConfig } from '../run-options.ts';
import { type ConfigFile, type ConfigTable, readConfigFile } from './config-file.ts';
import { CONFIG_SETTINGS, RUN_SETTINGS, SERVER_SETTINGS, type Setting, type SettingType } from './settings.ts';

/** What is set outside of the program. */
export interface Settings {
  /** Fills what the program left out of its configuration. */
  readonly config: RunConfig;
  /** Fills what the program left out of `init`. */
  readonly run: InitOptions;
  /** The environment, with the addresses and credentials of the file where it has none. */
  readonly environment: Environment;
  /** What of the file nothing reads. */
  readonly problems: readonly string[];
}

/** Where to look; tests look elsewhere. */
export interface Surroundings {
  readonly environment: Environment;
  readonly directory: string;
  readonly home: string;
}

/** `eco` belongs to Simvue's Python client alone. */
const SECTIONS = ['server', 'profiles', 'run', 'offline', 'metrics', 'client', 'eco'];

/**
 * Reads `SIMVUE_*`, `SIMTRACK_*` and the configuration file.
 *
 * @param given - what the program says: its `profile` chooses `[profiles.<name>]` instead of `[server]`.
 * @throws `SIMVUE_ERR_CONFIG` that names the variable, or the file and its key.
 * @see Simvue documentation, "Configuration"
 */
export function loadSettings(
  given: Pick<RunConfig, 'url' | 'profile'>,
  { environment, directory, home }: Surroundings = here(),
): Settings {
  const file = readConfigFile(directory, home);
  const config = readAll(CONFIG_SETTINGS, environment, file) as RunConfig;
  const profile = given.profile ?? config.profile;
  const run = readAll(RUN_SETTINGS, environment, file) as InitOptions;
  const metadata = tableOf(file?.content, 'run', 'metadata') as Metadata | undefined;
  const server = profile === undefined ? tableOf(file?.content, 'server') : profileOf(file, profile);
  return {
    problems: file === undefined ? [] : unreadOf(file),
    config,
    run: metadata === undefined ? run : { ...run, metadata },
    environment: { ...environment, ...serverVariables(server, given.url, environment, file) },
  };
}

/** The addresses that arguments, environment and configuration file tell together. */
export function findEndpoints(options: EndpointOptions & Pick<RunConfig, 'profile'>): Endpoints {
  return resolveEndpoints(options, loadSettings(options).environment);
}

function here(): Surroundings {
  return { environment: process.env, directory: process.cwd(), home: homedir() };
}

/** Credentials of the file go to the server of the file only. */
function serverVariables(
  server: ConfigTable | undefined,
  givenUrl: string | undefined,
  environment: Environment,
  file: ConfigFile | undefined,
): Record<string, string> {
  if (server === undefined) return {};
  const variables: Record<string, string> = {};
  const url = givenUrl ?? variableOf(environment, SERVER_SETTINGS[0].variables)?.text;
  if (url !== undefined && server['url'] !== undefined && url !== server['url']) return {};
  for (const { variables: names, keys, type } of SERVER_SETTINGS) {
    const key = keys[0].replace('server.', '');
    const value = server[key];
    if (value === undefined || variableOf(environment, names) !== undefined) continue;
    const setting = `${file?.path}: ${key}`;
    variables[names[0]] = String(read(value, type, setting));
    if (key === 'url' && !/^https?:\/\//i.test(String(value))) {
      const problem = `${JSON.stringify(value)} is not an http or https address`;
      throw configError(setting, problem, 'Give one like http://127.0.0.1:4318.');
    }
  }
  return variables;
}

function profileOf(file: ConfigFile | undefined, name: string): ConfigTable {
  const profile = tableOf(file?.content, 'profiles', name);
  if (profile !== undefined) return profile;
  const problem = file === undefined ? 'there is no configuration file' : `${file.path} has no [profiles.${name}]`;
  throw configError('profile', problem, 'Add it, or choose another.');
}

function readAll(
  settings: readonly Setting[],
  environment: Environment,
  file: ConfigFile | undefined,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { option, variables, keys, type } of settings) {
    const variable = variableOf(environment, variables);
    if (variable !== undefined) values[option] = read(variable.text, type, variable.name);
    else {
      const key = keys.find((path) => fileValue(file, path) !== undefined);
      if (key !== undefined) values[option] = read(fileValue(file, key), type, `${file?.path}: ${key}`);
    }
  }
  return values;
}

/** Sections that nothing reads, and keys that look like one that is read; other keys may be another client's. */
function unreadOf({ path, content }: ConfigFile): string[] {
  const known = [...SERVER_SETTINGS, ...CONFIG_SETTINGS, ...RUN_SETTINGS].flatMap(
    ({ keys }): readonly string[] => keys,
  );
  return Object.entries(content).flatMap(([section, table]) => {
    if (!SECTIONS.includes(section)) return [`${path}: [${section}] is not a section that is read`];
    const tables = section === 'profiles' && isTable(table) ? Object.entries(table) : [['', table] as const];
    const keysOf = section === 'profiles' ? 'server' : section;
    const names = known.filter((key) => key.startsWith(`${keysOf}.`)).map((key) => key.slice(keysOf.length + 1));
    return tables.flatMap(([profile, values]) =>
      Object.keys(isTable(values) ? values : {})
        .filter((name) => !names.includes(name) && hint(name, names) !== '')
        .map(
          (name) => `${path}: ${[section, profile, name].filter(Boolean).join('.')} is not read${hint(name, names)}`,
        ),
    );
  });
}

function fileValue(file: ConfigFile | undefined, key: string): unknown {
  const [section = '', name = ''] = key.split('.');
  return tableOf(file?.content, section)?.[name];
}

function variableOf(environment: Environment, names: readonly string[]): { name: string; text: string } | undefined {
  for (const name of names) {
    const text = environment[name]?.trim();
    if (text !== undefined && text !== '') return { name, text };
  }
  return undefined;
}

/** Reads a value of a file, or the text of a variable, as its type. */
function read(value: unknown, type: SettingType, setting: string): unknown {
  const wrong = (what: string) => configError(setting, `${JSON.stringify(value)} is not ${what}`, 'Correct it.');
  if (type === 'list') {
    const list = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : value;
    if (Array.isArray(list) && list.every((item) => typeof item === 'string'))
      return list.filter((item) => item !== '');
    throw wrong('a list of texts');
  }
  const text = String(value);
  if (typeof value === 'object' || value === '') throw wrong('a single value');
  if (type === 'boolean') {
    if (/^(true|1|yes|on)$/i.test(text)) return true;
    if (/^(false|0|no|off)$/i.test(text)) return false;
    throw wrong('true or false');
  }
  if (type === 'number' && !Number.isFinite(Number(text))) throw wrong('a number');
  if (type === 'number') return Number(text);
  if (type === 'path') return text.replace(/^~(?=[/\\])/, homedir());
  if (type !== 'text' && !type.includes(text)) throw wrong(`one of ${type.join(', ')}`);
  return text;
}

function tableOf(content: ConfigTable | undefined, ...path: readonly string[]): ConfigTable | undefined {
  let table: unknown = content;
  for (const name of path) table = isTable(table) ? table[name] : undefined;
  return isTable(table) ? table : undefined;
}

function isTable(value: unknown): value is ConfigTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
