import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { inRepository } from '../../support/repository.ts';

test.each([
  ['docs/api.md is what the docstrings say; everything public has one, and shows no type that is not exported', 'api'],
  ['the figures of the README are those of the benchmarks as they were run last', 'figures'],
])('%s', (_title, script) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [inRepository(`scripts/${script}.mjs`), '--check'], {
    encoding: 'utf8',
  });
  expect(`${stdout}${stderr}`).toBe('');
  expect(status).toBe(0);
});
