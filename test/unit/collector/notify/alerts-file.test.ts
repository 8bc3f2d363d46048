import { describe, expect, it } from 'vitest';
import { parseAlertsFile } from '../../../../collector/notify/alerts-file.ts';
import { createChannel, sendRate } from '../../../../collector/notify/create-channel.ts';
import { sparkline } from '../../../../collector/notify/sparkline.ts';
import { TargetCheck } from '../../../../collector/notify/target-check.ts';

describe('the file of channels and rules', () => {
  it('may be empty', () => {
    expect(parseAlertsFile('')).toEqual({ allowPrivateRanges: [], runChannels: [], channels: new Map(), rules: [] });
  });

  it.each([
    ['channels: [', /is not YAML/],
    ['chanels: {}', /the file: .*chanels/],
    ['channels: { a: { type: pager } }', /channels\.a\.type: is "pager"/],
    ['channels: { a: { type: slack } }', /channels\.a: .*url/],
    ['channels: { "a b": { type: slack, url: x } }', /channels: "a b"/],
    ['run_channels: [a]', /run_channels: names no channel: "a"/],
    ['rules: [{ name: a, source: user, alert: {}, runs: {} }]', /rules\.0\.source/],
    [
      'rules: [{ name: a, source: metrics, alert: {}, runs: {}, notification: [x] }]',
      /rules\[0\]\.notification: names no channel: "x"/,
    ],
    [
      `rules: [${'{ name: a, source: run, alert: {}, runs: {} }, '.repeat(2)}]`,
      /rules\[1\]\.name: "a" is that of rules\[0\] too/,
    ],
  ])('%s is told with its place', (text, message) => expect(() => parseAlertsFile(text)).toThrow(message));

  it('may have one name in two tenants', () => {
    const rule = (tenant: string): string => `{ name: a, tenant: ${tenant}, source: run, alert: {}, runs: {} }`;
    expect(parseAlertsFile(`rules: [${rule('x')}, ${rule('y')}]`).rules.map(({ tenant }) => tenant)).toEqual([
      'x',
      'y',
    ]);
  });
});

describe('a channel', () => {
  const parts = { check: new TargetCheck([]), environment: { SECRET: 'x' }, clock: Date.now };

  it('does not tell its address, which may hold a secret, when that is wrong', () => {
    const entry = { type: 'webhook', url: 'ftp://user:hidden@example.org' } as const;
    expect(() => createChannel('a', entry, parts)).toThrow(/channels\.a\.url: is not an address that begins with http/);
    expect(() => createChannel('a', entry, parts)).not.toThrow(/hidden/);
  });

  it('wants the variable that is to hold its secret', () => {
    const entry = { type: 'webhook', url: 'https://example.org', secret_env: 'MISSING' } as const;
    expect(() => createChannel('a', entry, parts)).toThrow(/secret_env: the variable MISSING is not set/);
  });

  it('for people is used seldom, for programs often, and as often as its entry says', () => {
    expect(sendRate({ type: 'slack', url: 'x' })).toEqual({ burst: 5, perMinute: 2 });
    expect(sendRate({ type: 'otlp', url: 'x' }).perMinute).toBeGreaterThan(1000);
    expect(sendRate({ type: 'otlp', url: 'x', max_per_minute: 3 })).toEqual({ burst: 3, perMinute: 3 });
  });
});

describe('an address', () => {
  const check = new TargetCheck(['10.1.0.0/16', 'fd00:1::/32', '192.168.1.7']);

  it.each([
    ['8.8.8.8', true],
    ['10.1.2.3', true],
    ['10.2.0.1', false],
    ['127.0.0.1', false],
    ['169.254.169.254', false],
    ['192.168.1.7', true],
    ['192.168.1.8', false],
    ['100.64.0.1', false],
    ['0.0.0.0', false],
    ['::1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:8.8.8.8', true],
    ['64:ff9b::7f00:1', false],
    ['2002:7f00:1::', false],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', false],
    ['fec0::1', false],
    ['fe80::1%eth0', false],
    ['2001:4860:4860::8888', true],
    ['fd00:1::5', true],
    ['fd00:2::5', false],
    ['2606:4700::1111', true],
  ])('%s may be sent to: %s', (address, isAllowed) => expect(check.isAllowed(address)).toBe(isAllowed));

  it('of a URL is checked however it is written', () => {
    for (const url of ['http://127.1/', 'http://0x7f000001/', 'http://2130706433/', 'http://[::ffff:7f00:1]/']) {
      expect(() => check.checkUrl(new URL(url)), url).toThrow(/private address/);
    }
  });

  it.each(['10.0.0.0/33', 'example.org', '10.0.0.0/-1', '10.0.0.0/', '10.0.0.0/8/24', '10.0.0.0/0x8', '::/129'])(
    'range %s is refused',
    (range) => expect(() => new TargetCheck([range])).toThrow(/allow_private_ranges\[0\]/),
  );
});

describe('a sparkline', () => {
  it('has a bar for each value and a blank for none', () => {
    expect(sparkline([0, 1, null, 2])).toBe('▁▅ █');
    expect(sparkline([3, 3])).toBe('▁▁');
    expect(sparkline([3])).toBe('');
  });
});
