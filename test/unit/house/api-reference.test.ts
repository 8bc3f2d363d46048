import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { inRepository } from '../../support/repository.ts';

test('docs/api.md is what the docstrings say; everything public has one, and shows no type that is not exported', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [inRepository('scripts/api.mjs'), '--check'], {
    encoding: 'utf8',
  });
  expect(`${stdout}${stderr}`).toBe('');
  expect(status).toBe(0);
});
