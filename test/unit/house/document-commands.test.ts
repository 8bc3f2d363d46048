import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, test, vi } from 'vitest';
import { runTokenCommand, type TokenCommandEnvironment } from '../../../collector/access/token-command.ts';
import { readConfig } from '../../../collector/config.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { codeBlocks, DOCUMENTS, inlineCode, prose, readDocument } from '../../support/markdown.ts';
import { inRepository } from '../../support/repository.ts';

/** What `work` prints. */
async function printed(work: () => unknown): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await work();
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}

const optionsOf = (help: string): Set<string> =>
  new Set([...help.matchAll(/(?:^|[\s,])(--[a-z][\w-]*)/gm)].map(([, option]) => option as string));

/** Command lines of a page: fenced shell code and inline code, without comments and what follows ` -- `. */
function commandLines(path: string): string[] {
  const text = readDocument(path);
  const shell = codeBlocks(text, 'sh').join('\n').replaceAll('\\\n', ' ').split('\n');
  return [...shell, ...inlineCode(prose(text))].map((line) => line.replace(/ -- .*| # .*/, ''));
}

const LINES = DOCUMENTS.filter((path) => path !== 'CHANGELOG.md').flatMap((path) =>
  commandLines(path).map((line) => ({ path, line })),
);

/** Calls of a program anywhere in the lines: the words after its name, up to the end of the command. */
function calls(program: string): { path: string; words: string[] }[] {
  const pattern = new RegExp(`(?:^|[\\s|(])${program}(?= |$)([^|)>;&]*)`, 'g');
  return LINES.flatMap(({ path, line }) =>
    [...line.matchAll(pattern)].map(([, rest = '']) => ({ path, words: rest.trim().split(/\s+/).filter(Boolean) })),
  );
}

const PROGRAM = createProgram();
const optionsBelow = ({ options, commands }: Command): string[] => [
  ...options.flatMap(({ long }) => long ?? []),
  ...commands.flatMap(optionsBelow),
];
const COMMANDS = new Map(PROGRAM.commands.map((command) => [command.name(), optionsBelow(command)]));

const longOptions = (words: readonly string[]): string[] => words.flatMap((word) => /^--[a-z][\w-]*/.exec(word) ?? []);

test('every call of simvue in the documents is of a command and of options that there are', () => {
  const all = calls('simvue').filter(({ words: [first] }) => first !== undefined && !/^[<…-]/.test(first));
  expect(all.length).toBeGreaterThan(30);
  const wrong = all.filter(({ words: [name = '', ...rest] }) => {
    const options = COMMANDS.get(name);
    return (
      options === undefined || longOptions(rest).some((option) => option !== '--help' && !options.includes(option))
    );
  });
  expect(wrong).toEqual([]);
});

test('every command of simvue has help with examples, of options that there are, and --json where it answers', async () => {
  const helps = new Map<string, string>();
  for (const command of PROGRAM.commands) helps.set(command.name(), await printed(() => command.outputHelp()));
  const wrong = [...helps].filter(([name, help]) => {
    const [, examples] = help.split('\nExamples:\n');
    const used = [...(examples ?? '').matchAll(/simvue (\w+)([^|>\n]*)/g)];
    const isKnown = ([, command = '', rest = '']: RegExpExecArray) =>
      longOptions(rest.replace(/ -- .*| # .*/, '').split(/\s+/)).every((option) =>
        COMMANDS.get(command)?.includes(option),
      );
    const answers = name === 'completion' || COMMANDS.get(name)?.includes('--json');
    return used.length === 0 || !used.every(isKnown) || answers !== true;
  });
  expect(wrong).toEqual([]);
});

test('every call of simvue-collector and npm start in the documents has options that there are', async () => {
  const help = await printed(() => readConfig(['--help'], {}, '0.0.0'));
  const environment = {} as TokenCommandEnvironment;
  const options = optionsOf(help);
  const tokenOptions = new Map<string, Set<string>>();
  for (const name of ['create', 'list', 'revoke'])
    tokenOptions.set(name, optionsOf(await printed(() => runTokenCommand([name, '--help'], environment))));
  expect([...tokenOptions.values()].every(({ size }) => size > 0)).toBe(true);
  const wrong = [...calls('simvue-collector'), ...calls('npm start')].filter(
    ({ words: [first = '', second = '', ...rest] }) => {
      if (first !== 'token') return longOptions([first, second, ...rest]).some((option) => !options.has(option));
      const known = tokenOptions.get(second);
      return second !== '' && (known === undefined || longOptions(rest).some((option) => !known.has(option)));
    },
  );
  expect(wrong).toEqual([]);
});

test('every npm script and every script file in the documents is there', () => {
  const { scripts } = JSON.parse(readFileSync(inRepository('package.json'), 'utf8')) as { scripts: object };
  const missing = [
    ...calls('npm run').filter(({ words: [name = ''] }) => !(name in scripts)),
    ...calls('node').filter(({ words: [file = ''] }) => file.startsWith('scripts/') && !existsSync(inRepository(file))),
  ];
  expect(calls('npm run').length).toBeGreaterThan(5);
  expect(missing).toEqual([]);
});

/** Where each program of examples/ is run, whole. */
const RUN_BY: Readonly<Record<string, string>> = {
  'examples/drop-in.mjs': 'test/integration/sidecar/examples.test.ts',
  'examples/fortran/plate.f90': 'test/contract/fortran.test.ts',
  'examples/go/main.go': 'test/contract/languages.test.ts',
  'examples/java/src/main/java/CoolingBar.java': 'test/contract/languages.test.ts',
  'examples/python/cooling_bar.py': 'test/contract/languages.test.ts',
  'examples/python/otel_run.py': 'test/contract/documents.test.ts',
  'examples/random-numbers.ts': 'test/integration/client/tutorial.test.ts',
  'examples/sidecar.sh': 'test/integration/sidecar/examples.test.ts',
};

test('every program of examples/ is run by a test', () => {
  const files = execFileSync('git', ['ls-files', 'examples'], { cwd: inRepository('.'), encoding: 'utf8' });
  const programs = files
    .trim()
    .split('\n')
    .filter((path) => /\.(?:f90|go|java|m?[jt]s|py|sh)$/.test(path));
  expect(programs.toSorted()).toEqual(Object.keys(RUN_BY).toSorted());
  expect(Object.values(RUN_BY).filter((path) => !existsSync(inRepository(path)))).toEqual([]);
});
