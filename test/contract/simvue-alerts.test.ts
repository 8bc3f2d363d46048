import { describe, expect, test } from 'vitest';
import { CollectorProcess } from '../support/collector-process.ts';
import { CLIENT_VERSIONS, SimvueClient } from '../support/simvue-client.ts';

describe.each(CLIENT_VERSIONS)('the Python client %s', (version) => {
  test('sees alerts that the collector evaluates, and is asked to stop by one', async () => {
    await using collector = await CollectorProcess.start({ args: ['--alert-unit', 'seconds'] });
    await using client = await SimvueClient.of(version);
    const { stopped } = await client.run<{ stopped: string }>('simvue_alerts_fire.py', collector.url);
    expect(await collector.rest.get(`/runs/${stopped}/abort`)).toMatchObject({ status: true });
  });
});
