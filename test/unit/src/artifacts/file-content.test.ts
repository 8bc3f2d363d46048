import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readContent } from '../../../../src/artifacts/file-content.ts';

test('a file that went away before it is sent is refused with its name, not tried for ever', async () => {
  const path = join(import.meta.dirname, 'no-such-file');
  const content = { kind: 'file', path, temporaryDirectory: undefined } as const;
  await expect(readContent(content, 1).next()).rejects.toMatchObject({
    code: 'SIMVUE_ERR_INVALID_ARGUMENT',
    message: expect.stringContaining(`${path} cannot be read any more`),
  });
});
