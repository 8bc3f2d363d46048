import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { inRepository } from '../../support/repository.ts';

test('a command whose reader has gone ends without a word, as those of a shell do', async () => {
  const command = spawn(process.execPath, [inRepository('dist/cli/main.js'), '--help'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  command.stdout.destroy();
  let stderr = '';
  command.stderr.on('data', (piece) => {
    stderr += piece;
  });
  expect([await once(command, 'close'), stderr]).toEqual([[0, null], '']);
});
