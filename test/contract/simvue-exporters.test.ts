import { Run, type RunConfig } from 'simvue-otel';
import { expect, test } from 'vitest';
import { CollectorProcess } from '../support/collector-process.ts';
import { eventually } from '../support/rest-reader.ts';
import { CLIENT_VERSIONS, SimvueClient } from '../support/simvue-client.ts';

const EXPECTED = {
  status: 'completed',
  folder: '/rest',
  tags: ['a', 'b'],
  lr: 0.1,
  names: ['averages.mean', 'loss'],
  loss: Array.from({ length: 200 }, (_, i) => i / 4),
  events: ['halfway'],
  artifacts: {},
  alerts: {},
};
/** What goes beside the data when a collector forwards. */
const FORWARDED = {
  ...EXPECTED,
  artifacts: { residuals: [1, 2, 3], report: { converged: true } },
  alerts: { hot: 'None', mesh: 'critical' },
};

async function record(config: RunConfig): Promise<void> {
  const run = new Run({ ...config, disableResourcesMetrics: true, suppressErrors: false });
  await run.init({ name: 'exported', folder: '/rest', tags: ['b', 'a'], metadata: { lr: 0.1 } });
  for (let i = 0; i < 200; i++) run.logMetrics({ loss: i / 4, 'averages.mean': i });
  run.logEvent('halfway');
  if (config.transport === undefined) {
    void run.saveObject([1, 2, 3], 'output', { name: 'residuals' });
    void run.saveObject({ converged: true }, 'input', { name: 'report' });
    run.addAlert({ name: 'hot', rule: 'is above', metric: 'loss', threshold: 1e6 });
    run.createUserAlert({ name: 'mesh' });
    run.logAlert('mesh', 'critical');
  }
  expect(await run.close()).toBe(true);
}

test.each(CLIENT_VERSIONS)(
  'Simvue’s client %s reads the run that our exporters wrote over the REST API',
  async (version) => {
    await using collector = await CollectorProcess.start();
    await record({ url: collector.url, transport: 'simvue' });
    await using client = await SimvueClient.of(version);
    expect(await client.run('read_exported_run.py', collector.url)).toEqual(EXPECTED);
  },
);

test.each(CLIENT_VERSIONS)('Simvue’s client %s reads the run that another collector forwarded', async (version) => {
  await using target = await CollectorProcess.start();
  await using source = await CollectorProcess.start({ args: ['--export', `simvue=${target.url}`] });
  await record({ url: source.url });
  // Once in between: what was sent and not yet noted as sent is sent again.
  await source.kill();
  await source.restart();
  const metrics = async () => (await fetch(`${source.url}/metrics`)).text();
  const isDrained = (text: string) => /queue_records\{.*\} 0$/m.test(text) && /waiting_runs\{.*\} 0$/m.test(text);
  await eventually(metrics, isDrained, 60_000);
  await eventually(
    () => target.rest.runs({ filters: ['name == exported', 'status == completed'] }),
    ({ count }) => count === 1,
  );
  await using client = await SimvueClient.of(version);
  expect(await client.run('read_exported_run.py', target.url)).toEqual(FORWARDED);
});
