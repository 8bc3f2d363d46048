import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inRepository, repositoryRoot } from '../../support/repository.ts';

const MOST_LINES = 400;

test(`no source file has more than ${MOST_LINES} lines`, () => {
  const files = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.mjs', '*.svelte', '*.css', '*.sh'],
    { cwd: repositoryRoot, encoding: 'utf8' },
  ).split('\n');
  const lines = files
    .filter((file) => file !== '' && existsSync(inRepository(file)))
    .map((file) => ({ file, lines: countLines(file) }));
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter((entry) => entry.lines > MOST_LINES)).toEqual([]);
});

function countLines(file: string): number {
  return readFileSync(inRepository(file), 'utf8').split('\n').length - 1;
}
