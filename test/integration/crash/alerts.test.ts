import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomId } from '../../../collector/pipeline/run-id.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { HttpReceiver } from '../../support/message-receivers.ts';
import { OtlpRun } from '../../support/otlp-run.ts';
import { eventually } from '../../support/rest-reader.ts';

const BLOCK_MINUTES = 3;
const ALERT = {
  'simvue.alert.name': 'high',
  'simvue.alert.source': 'metrics',
  'simvue.alert.rule': 'is above',
  'simvue.alert.metric': 'loss',
  'simvue.alert.threshold': 1,
  'simvue.alert.notification': ['hook'],
};
/** When the collector is killed, after a request was acknowledged. */
const KILLS = ['at once', 'after 3 ms', 'while the message is sent', 'after the message was taken', 'never'] as const;

test('after kill -9 between any two steps, every change is told, under one id, and no tick is evaluated twice', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'simvue-alerts-'));
  const file = join(directory, 'alerts.yaml');
  await using web = await HttpReceiver.start();
  await writeFile(
    file,
    `allow_private_ranges: [127.0.0.0/8]\nchannels: { hook: { type: webhook, url: '${web.url}' } }\n`,
  );
  await using collector = await CollectorProcess.start({ args: ['--alerts', file] });
  const run = new OtlpRun(collector.url, randomId(), Date.now() - 86_400_000);
  await run.start();
  await run.control('simvue.alert.define', ALERT);

  const killed = async (): Promise<void> => {
    await collector.kill();
    await collector.restart();
  };
  const blocks = [...KILLS, ...KILLS.slice(-1)];
  for (const [index, moment] of blocks.entries()) {
    let sent = Promise.resolve();
    const told = new Promise<void>((resolve) => {
      web.beforeAnswer = async () => {
        web.beforeAnswer = () => undefined;
        // A message of an earlier block may come again while the points are on their way.
        await sent;
        if (moment === 'while the message is sent') await killed();
        resolve();
      };
    });
    const from = index * BLOCK_MINUTES * 60;
    const value = index % 2 === 0 ? 5 : 0;
    sent = run.points(
      'loss',
      Array.from({ length: BLOCK_MINUTES * 60 }, (_, i) => [from + i + 1, value] as const),
    );
    await sent;
    if (moment === 'while the message is sent' || moment === 'after the message was taken') await told;
    if (moment === 'after 3 ms') await sleep(3);
    if (moment === 'never') continue;
    if (moment !== 'while the message is sent') await killed();
  }

  const alertsOf = async () =>
    (await collector.rest.get<{ alerts: { alert: { id: string } }[] }>(`/runs/${run.id}`)).alerts;
  const [{ alert }] = (await alertsOf()) as [{ alert: { id: string } }];
  const evaluations = () =>
    collector.rest.get<{ data: { time: string; points: number; verdict: string }[] }>(
      `/alerts/${alert.id}/evaluations`,
      { run: run.id },
    );
  const { data } = await eventually(evaluations, (answer) => answer.data.length >= blocks.length * BLOCK_MINUTES);
  expect(new Set(data.map(({ time }) => time)).size).toBe(blocks.length * BLOCK_MINUTES);
  expect(data.length).toBe(blocks.length * BLOCK_MINUTES);
  expect(data.every(({ points }) => points === 60)).toBe(true);

  const messages = () =>
    web.json<{ messages: { id: string; time: string; state: string }[] }>().flatMap((body) => body.messages);
  const changes = () => new Map(messages().map(({ id, time, state }) => [id, `${time} ${state}`]));
  await eventually(
    async () => changes().size,
    (size) => size >= blocks.length,
  );
  expect(changes().size).toBe(blocks.length);
  expect(new Set(changes().values()).size).toBe(blocks.length);
  await rm(directory, { recursive: true });
}, 60_000);
