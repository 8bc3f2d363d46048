import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TestProcess } from '../support/child-process.ts';
import { CollectorProcess } from '../support/collector-process.ts';

const SIZE_BYTES = 2 * 1024 ** 3;
const MAX_RESIDENT_BYTES = 150 * 1024 ** 2;

const PROGRAM = `
import { Run } from 'simvue-otel';
const run = new Run({ disableResourcesMetrics: true });
await run.init();
const stored = await run.saveFile(process.argv[1], 'output');
await run.close();
console.log(JSON.stringify({ stored, residentBytes: process.resourceUsage().maxRSS * 1024 }));
`;

test('a file of 2 GiB is stored while the program takes less than 150 MiB of memory', async () => {
  await using collector = await CollectorProcess.start();
  const directory = await mkdtemp(join(tmpdir(), 'simvue-large-'));
  const path = join(directory, 'large.bin');
  try {
    const file = await open(path, 'w');
    await file.truncate(SIZE_BYTES);
    await file.close();
    const args = ['--input-type=module', '--eval', PROGRAM, path];
    const program = new TestProcess(process.execPath, args, { SIMVUE_URL: collector.url });
    const { stdout } = await program.exited;
    const { stored, residentBytes } = JSON.parse(stdout);
    expect(stored).toBe(true);
    expect(residentBytes).toBeLessThan(MAX_RESIDENT_BYTES);
  } finally {
    await rm(directory, { recursive: true });
  }
});
