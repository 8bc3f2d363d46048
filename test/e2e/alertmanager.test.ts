import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { randomId } from '../../collector/pipeline/run-id.ts';
import { TestProcess } from '../support/child-process.ts';
import { TestCollector } from '../support/collector-app.ts';
import { HttpReceiver } from '../support/message-receivers.ts';
import { OtlpRun } from '../support/otlp-run.ts';
import { inRepository } from '../support/repository.ts';
import { eventually } from '../support/rest-reader.ts';

interface Notification {
  readonly status: string;
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly generatorURL: string;
  }[];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('a real Alertmanager groups what it is told and tells its own receiver, first firing, then resolved', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'simvue-alertmanager-'));
  await using web = await HttpReceiver.start();
  const route = {
    receiver: 'test',
    group_by: ['alertname'],
    group_wait: '100ms',
    group_interval: '1s',
    repeat_interval: '1h',
  };
  const receivers = [{ name: 'test', webhook_configs: [{ url: web.url, send_resolved: true }] }];
  await writeFile(join(directory, 'alertmanager.yml'), JSON.stringify({ route, receivers }));
  const address = `127.0.0.1:${await freePort()}`;
  const alertmanager = new TestProcess(inRepository('.cache/prometheus/usr/bin/prometheus-alertmanager'), [
    `--config.file=${join(directory, 'alertmanager.yml')}`,
    `--storage.path=${directory}`,
    `--web.listen-address=${address}`,
    '--cluster.listen-address=',
  ]);
  try {
    await eventually(
      () =>
        fetch(`http://${address}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      (ok) => ok,
    );
    const file = join(directory, 'alerts.yaml');
    const channels = { am: { type: 'alertmanager', url: `http://${address}` } };
    await writeFile(file, JSON.stringify({ allow_private_ranges: ['127.0.0.0/8'], channels }));
    await using collector = await TestCollector.start({ alertsFile: file });
    const run = new OtlpRun(collector.url, randomId(), Date.now() - 3_600_000);
    await run.start();
    await run.control('simvue.alert.define', {
      'simvue.alert.name': 'loss too high',
      'simvue.alert.source': 'metrics',
      'simvue.alert.rule': 'is above',
      'simvue.alert.metric': 'loss',
      'simvue.alert.threshold': 1,
      'simvue.alert.notification': ['am'],
    });
    const minute = (from: number, value: number) =>
      Array.from({ length: 60 }, (_, i) => [from + i + 1, value] as const);
    await run.points('loss', minute(0, 3));
    const notifications = async (): Promise<Notification[]> => web.json<Notification>();
    const [firing] = await eventually(notifications, (all) => all.length > 0);
    expect(firing).toMatchObject({
      status: 'firing',
      alerts: [{ labels: { alertname: 'loss too high', run_id: run.id, series: 'loss' }, annotations: { value: '3' } }],
    });
    expect(firing?.alerts[0]?.generatorURL).toContain(`/runs/${run.id}`);
    await run.points('loss', minute(60, 0));
    const all = await eventually(notifications, (some) => some.some(({ status }) => status === 'resolved'));
    expect(all.at(-1)?.alerts).toMatchObject([{ status: 'resolved', labels: { run_id: run.id } }]);
  } finally {
    await alertmanager.end();
    await rm(directory, { recursive: true });
  }
}, 60_000);
