import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { randomId } from '../../../collector/pipeline/run-id.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { HttpReceiver, MailReceiver } from '../../support/message-receivers.ts';
import { OtlpRun } from '../../support/otlp-run.ts';
import { eventually } from '../../support/rest-reader.ts';

interface Delivery {
  readonly id: string;
  readonly state: string;
  readonly url: string;
  readonly run: { readonly id: string; readonly name: string };
  readonly alert: { readonly name: string; readonly value: number; readonly rule: string };
}

let [web, mail, collector]: [HttpReceiver, MailReceiver, TestCollector] = [] as never;
let [directory, file] = ['', ''];
const SECRET = 'between us';
const config = (rules = ''): string => `
allow_private_ranges: [127.0.0.0/8]
run_channels: [hook]
channels:
  hook: { type: webhook, url: ${web.url}/hook, secret: ${SECRET} }
  slack: { type: slack, url: ${web.url}/slack }
  otlp: { type: otlp, url: ${web.url} }
  alertmanager: { type: alertmanager, url: ${web.url} }
  email: { type: email, smtp: '${mail.url}', from: simvue@example.org, to: [a@example.org, b@example.org] }
${rules}`;
beforeAll(async () => {
  [web, mail] = await Promise.all([HttpReceiver.start(), MailReceiver.start()]);
  directory = await mkdtemp(join(tmpdir(), 'simvue-alerts-'));
  file = join(directory, 'alerts.yaml');
  await writeFile(file, config());
  collector = await TestCollector.start({ alertsFile: file, publicUrl: 'https://runs.example.org' });
});
afterAll(async () => {
  await collector[Symbol.asyncDispose]();
  await Promise.all([web[Symbol.asyncDispose](), mail[Symbol.asyncDispose](), rm(directory, { recursive: true })]);
});
afterEach(() => {
  web.answer = 200;
  web.received.length = 0;
  mail.mails.length = 0;
});

const startRun = async (of = collector): Promise<OtlpRun> => {
  const run = new OtlpRun(of.url, randomId(), Date.now() - 3_600_000);
  await run.start();
  return run;
};
const define = (run: OtlpRun, channels: readonly string[]) =>
  run.control('simvue.alert.define', {
    'simvue.alert.name': 'loss too high',
    'simvue.alert.source': 'metrics',
    'simvue.alert.rule': 'is above',
    'simvue.alert.metric': 'loss',
    'simvue.alert.threshold': 1,
    'simvue.alert.notification': channels,
  });
const every = (from: number, to: number, value: number) =>
  Array.from({ length: to - from }, (_, i) => [from + i + 1, value] as const);
const hooks = () => web.received.filter(({ path }) => path === '/hook');
const deliveries = (): Delivery[] => hooks().flatMap(({ body }) => JSON.parse(body).messages);

describe('a message about an alert', () => {
  it('reaches a webhook with a signature, a link and a row of bars, and again when it is over', async () => {
    const run = await startRun();
    await define(run, ['hook']);
    await run.points('loss', every(0, 60, 0));
    await run.points('loss', every(60, 120, 3));
    await eventually(
      async () => deliveries(),
      (all) => all.length === 1,
    );
    await run.points('loss', every(120, 180, 0.5));
    const [firing, resolved] = await eventually(
      async () => deliveries(),
      (all) => all.length === 2,
    );
    expect(firing).toMatchObject({
      state: 'firing',
      url: `https://runs.example.org/runs/${run.id}`,
      sparkline: '▁█',
      run: { id: run.id, folder: '/' },
      alert: {
        name: 'loss too high',
        series: 'loss',
        value: 3,
        points: 60,
        rule: 'the average of loss over 1 minute is above 1, evaluated every 1 minute',
      },
    });
    expect(resolved).toMatchObject({ state: 'resolved', alert: { value: 0.5 } });
    const [{ headers, body }] = hooks() as [(typeof web.received)[number]];
    const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['simvue-signature'])) ?? [];
    expect(createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex')).toBe(signature);
  });

  it('takes the forms of Slack, Alertmanager and OTLP, and of a mail with text and HTML', async () => {
    const run = await startRun();
    await define(run, ['slack', 'alertmanager', 'otlp', 'email']);
    await run.points('loss', every(0, 61, 3));
    await eventually(
      async () => web.received.map(({ path }) => path),
      (paths) => new Set(paths).size === 3,
    );
    const bodyOf = (path: string) => JSON.parse(web.received.find((one) => one.path === path)?.body ?? '');
    expect(bodyOf('/slack').blocks[0].text.text).toContain('loss too high on loss fires in run');
    const [alert] = bodyOf('/api/v2/alerts');
    expect(alert).toMatchObject({
      labels: { alertname: 'loss too high', run_id: run.id, series: 'loss' },
      annotations: { value: '3' },
    });
    expect(Date.parse(alert.endsAt)).toBeGreaterThan(Date.now());
    const [record] = bodyOf('/v1/logs').resourceLogs[0].scopeLogs[0].logRecords;
    expect(record).toMatchObject({ severityText: 'ERROR' });
    const [text = ''] = await eventually(
      async () => mail.mails,
      (mails) => mails.length === 1,
    );
    expect(text).toMatch(/To: a@example.org, b@example.org/);
    expect(text).toMatch(/Subject: loss too high on loss fires in run/);
    expect(text).toContain('text/plain');
    expect(text).toContain('text/html');
    expect(text).toContain(`/runs/${run.id}`);
  });

  it('is sent again under the same id until it is taken; the reason can be read', async () => {
    web.answer = 500;
    const run = await startRun();
    await define(run, ['hook']);
    await run.points('loss', every(0, 61, 3));
    const channel = async () =>
      (await collector.ask('GET', '/alerts/channels')).json.data.find(({ name }: { name: string }) => name === 'hook');
    expect(await eventually(channel, ({ failures }) => failures > 0)).toMatchObject({
      error: expect.stringContaining('answered 500: not today'),
    });
    web.answer = 200;
    await eventually(channel, ({ failures }) => failures === 0);
    const ids = deliveries().map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(1);
    const { alerts } = (await collector.ask('GET', `/runs/${run.id}`)).json;
    const { messages } = (await collector.ask('GET', `/alerts/${alerts[0].alert.id}/evaluations?run=${run.id}`)).json;
    expect(messages).toMatchObject([{ channel: 'hook', state: 'firing', attempts: 1, error: null }]);
  });

  it('shares a mail with others: 200 runs that fail together are a few mails', async () => {
    const runs = await Promise.all(Array.from({ length: 200 }, () => startRun()));
    const failed = {
      'simvue.alert.name': 'it failed',
      'simvue.alert.source': 'run',
      'simvue.alert.rule': 'failed',
      'simvue.alert.notification': ['email'],
    };
    await Promise.all(runs.map((run) => run.control('simvue.alert.define', failed)));
    await Promise.all(runs.map((run) => run.end(60, 'failed')));
    await eventually(
      async () => mail.mails,
      (mails) => mails.length > 0,
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(mail.mails.length).toBeLessThanOrEqual(5);
  });
});

describe('a mail server without TLS', () => {
  it('is not told a password', async () => {
    const own = join(directory, 'guarded.yaml');
    const smtp = mail.url.replace('smtp://', 'smtp://simvue:hidden@');
    await writeFile(
      own,
      `channels: { email: { type: email, smtp: '${smtp}', from: a@example.org, to: [b@example.org] } }`,
    );
    await using guarded = await TestCollector.start({ alertsFile: own });
    const run = await startRun(guarded);
    await define(run, ['email']);
    await run.points('loss', every(0, 61, 3));
    const [health] = await eventually(
      async () => (await guarded.ask('GET', '/alerts/channels')).json.data,
      ([channel]) => channel.failures > 0,
    );
    expect(health).toMatchObject({ sent: 0, waiting: 1, error: expect.stringMatching(/STARTTLS/) });
    expect(mail.passwords).toEqual([]);
    expect(mail.mails).toEqual([]);
  });
});

describe('the file of channels and rules', () => {
  it('attaches its rules to runs that fit, also to those that are there, and is read again when it changes', async () => {
    const run = await startRun();
    await run.control('simvue.run.update', { 'simvue.run.tags_added': ['train'], 'simvue.folder.path': '/' });
    const rules = (threshold: number) => `
rules:
  - name: from the file
    source: metrics
    alert: { rule: is above, metric: loss, threshold: ${threshold}, window: 1, frequency: 1 }
    notification: [hook]
    runs: { tags: [train, test] }
`;
    const alertsOf = async (id: string) => (await collector.ask('GET', `/runs/${id}`)).json.alerts;
    await writeFile(file, config(rules(1)));
    const [first] = await eventually(
      () => alertsOf(run.id),
      (all) => all.length === 1,
    );
    const other = await startRun();
    await other.control('simvue.run.update', { 'simvue.run.tags_added': ['test'] });
    await eventually(
      () => alertsOf(other.id),
      (all) => all.length === 1,
    );
    await run.points('loss', every(0, 61, 3));
    await eventually(
      async () => deliveries(),
      (all) => all.length === 1,
    );
    await writeFile(file, config(rules(2)));
    await eventually(
      () => alertsOf(run.id),
      ([now]) => now.alert.id !== first.alert.id,
    );
  });

  it('that changes while an old channel still sends is taken up as it was written last', async () => {
    const own = join(directory, 'twice.yaml');
    await writeFile(own, config());
    await using twice = await TestCollector.start({ alertsFile: own });
    const channels = async () =>
      (await twice.ask('GET', '/alerts/channels')).json.data.map(({ name }: { name: string }) => name);
    const run = await startRun(twice);
    await define(run, ['hook']);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const asked = new Promise<void>((resolve) => {
      web.beforeAnswer = () => {
        resolve();
        return held;
      };
    });
    await run.points('loss', every(0, 61, 3));
    await asked;
    const slack = `{ type: slack, url: '${web.url}' }`;
    await writeFile(own, `channels: { first: ${slack} }`);
    await eventually(channels, (names) => names.length === 0);
    await writeFile(own, `channels: { last: ${slack} }`);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    web.beforeAnswer = () => undefined;
    release();
    await eventually(channels, (names) => names[0] === 'last');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await channels()).toEqual(['last']);
  });

  it('that is wrong stops the start with the place', async () => {
    const broken = join(directory, 'broken.yaml');
    await writeFile(broken, 'channels: { a: { type: webhook } }');
    await expect(TestCollector.start({ alertsFile: broken })).rejects.toThrow(/channels\.a.*url/);
  });
});

describe('a webhook', () => {
  it.each([
    ['to a private address that is not listed', '10.0.0.0/8', 'private address 127.0.0.1'],
    ['where it is redirected', '127.0.0.0/8', 'answered 302'],
  ])('is not sent %s', async (_where, range, reason) => {
    const own = join(directory, 'own.yaml');
    await writeFile(own, config().replace('127.0.0.0/8', range));
    web.answer = `${web.url}/elsewhere`;
    await using strict = await TestCollector.start({ alertsFile: own });
    const run = await startRun(strict);
    await define(run, ['hook']);
    await run.points('loss', every(0, 61, 3));
    const channel = async () => (await strict.ask('GET', '/alerts/channels')).json.data[0];
    expect(await eventually(channel, ({ failures }) => failures > 0)).toMatchObject({
      error: expect.stringContaining(reason),
    });
    expect(web.received.some(({ path }) => path === '/elsewhere')).toBe(false);
  });
});

describe('a run that wants it', () => {
  it('is told of when it ends', async () => {
    await writeFile(file, `${config()}\n`);
    const run = await startRun();
    await run.control('simvue.run.update', { 'simvue.run.notification': 'error' });
    await run.end(60, 'failed');
    expect(
      await eventually(
        async () => deliveries(),
        (all) => all.some((one) => one.run.id === run.id),
      ),
    ).toContainEqual(
      expect.objectContaining({ state: 'failed', run: expect.objectContaining({ id: run.id, status: 'failed' }) }),
    );
  });
});
