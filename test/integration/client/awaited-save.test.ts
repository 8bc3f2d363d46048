import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TestProcess } from '../../support/child-process.ts';
import { CollectorProcess } from '../../support/collector-process.ts';

const PROGRAM = fileURLToPath(new URL('./programs/awaited-save.mjs', import.meta.url));

test('a program that awaits an artifact of a run which the collector does not know yet goes on, and ends its run when it ends', async () => {
  await using collector = await CollectorProcess.start();
  const id = randomUUID().replaceAll('-', '').slice(0, 22);
  const exit = await new TestProcess(process.execPath, [PROGRAM], { SIMVUE_URL: collector.url, RUN_ID: id }).exited;
  expect(exit).toMatchObject({ code: 0, stderr: '' });
  const run = await collector.rest.run(id);
  expect(run).toMatchObject({ status: 'completed', metrics: { saved: { count: 2 } } });
});
