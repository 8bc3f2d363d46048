import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Run } from 'simvue-otel';
import { expect, test } from 'vitest';
import { CollectorProcess } from '../../support/collector-process.ts';

const ID = 'c0ffee00-0000-4000-8000-000000000001';

async function log(url: string, steps: readonly number[]): Promise<void> {
  const run = new Run({ url, disableResourcesMetrics: true, disableProvenance: true, suppressErrors: false });
  await run.init({ id: ID, name: 'restored' });
  for (const step of steps) run.logMetrics({ loss: step }, { step });
  expect(await run.close({ timeoutMs: 60_000 })).toBe(true);
}

test('after the log of requests was removed, what comes for the runs that are stored is stored, too', async () => {
  await using collector = await CollectorProcess.start();
  const rounds = [0, 1, 2].map((round) => Array.from({ length: 50 }, (_, step) => 50 * round + step));
  for (const [index, steps] of rounds.entries()) {
    await log(collector.url, steps);
    await collector.stop();
    if (index === 0) await rm(join(collector.dataDirectory, 'log'), { recursive: true });
    await collector.restart();
    if (index === 0) expect(collector.log).toContain('it was removed or replaced');
    else expect(collector.log).not.toContain('it was removed or replaced');
  }
  const id = (await collector.rest.runs()).data[0]?.id ?? '';
  const values = await collector.rest.metricValues([id], ['loss']);
  expect(values[id]?.['loss']?.map(({ step }) => step)).toEqual(rounds.flat());
});
