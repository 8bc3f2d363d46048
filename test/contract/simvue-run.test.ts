import { describe, expect, test } from 'vitest';
import { CollectorProcess } from '../support/collector-process.ts';
import { CLIENT_VERSIONS, SimvueClient } from '../support/simvue-client.ts';

interface WholeRun {
  readonly run: string;
}

interface WholeReads {
  readonly run: string;
  readonly metrics: readonly string[];
  readonly tags: readonly string[];
  readonly folders: readonly string[];
}

interface Life {
  readonly runs: Readonly<Record<string, string>>;
}

describe.concurrent.each(CLIENT_VERSIONS)('the Python client %s', (version) => {
  test('writes a whole run, and reads all of it back', async () => {
    await using collector = await CollectorProcess.start();
    await using client = await SimvueClient.of(version);
    const { run } = await client.run<WholeRun>('simvue_whole_run.py', collector.url);
    const reads = await client.run<WholeReads>('simvue_reads.py', collector.url);
    expect(reads.run).toBe(run);
    expect(reads.tags).toEqual(['alpha', 'beta', 'ftag', 'gamma']);
    expect(await collector.rest.run(run)).toMatchObject({ name: 'whole-run', status: 'completed' });
  });

  test('ends, aborts, loses and takes up runs, and the server tells the same story', async () => {
    await using collector = await CollectorProcess.start();
    await using client = await SimvueClient.of(version);
    const { runs } = await client.run<Life>('simvue_life.py', collector.url);
    const status = async (name: string) => (await collector.rest.run(runs[name] ?? '')).status;
    expect(await status('fails')).toBe('failed');
    expect(await status('abort-by-alert')).toBe('terminated');
  });
});
