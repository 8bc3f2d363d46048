import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WriteBehindOutput } from '../../../../src/journal/write-behind-output.ts';

test('what cannot be written is told, kept, and tried again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'simvue-output-'));
  const path = join(directory, 'segment');
  writeFileSync(path, '');
  const readOnly = openSync(path, 'r');
  const errors: string[] = [];
  let written = 0;
  const output = new WriteBehindOutput(
    (frames) => {
      written += frames;
    },
    (error) => errors.push(error.message),
  );
  expect(output.write(readOnly, Buffer.from('frame'), 5, 0, 1)).toBe(true);
  await output.flush();
  expect([written, errors.length]).toEqual([0, 1]);
  expect(() => output.flushSync()).toThrow('EBADF');
  closeSync(readOnly);
  // The same number, now of a file that takes it; lower ones may be free.
  const lower: number[] = [];
  for (let opened = openSync(path, 'r+'); opened !== readOnly; opened = openSync(path, 'r+')) lower.push(opened);
  for (const descriptor of lower) closeSync(descriptor);
  await output.flush();
  expect([written, readFileSync(path, 'utf8')]).toEqual([1, 'frame']);
  output.close(readOnly);
  rmSync(directory, { recursive: true });
});

test('more than 16 MiB that a file system does not take is refused', () => {
  const output = new WriteBehindOutput(
    () => undefined,
    () => undefined,
  );
  const readOnly = openSync('/dev/null', 'r');
  const frame = Buffer.alloc(1024 * 1024);
  let taken = 0;
  while (output.write(readOnly, frame, frame.length, taken * frame.length, 1)) taken++;
  expect(taken).toBe(16);
});
