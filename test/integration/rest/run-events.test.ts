import { expect, it } from 'vitest';
import type { RunList } from '../../../collector/api/contract/run.ts';
import { TestCollector } from '../../support/collector-app.ts';

const TIME_UNIX_NANO = 1_700_000_000_000_000_000n;
const INFO = 9;
const WARN = 13;
const ERROR = 17;
const FATAL = 21;

it('runs are found by their events as they are at the time of asking, each counted once, over a restart', async () => {
  await using collector = await TestCollector.start();
  const send = async (name: string, severities: readonly number[]): Promise<void> => {
    const logRecords = severities.map((severityNumber, index) => ({
      timeUnixNano: `${TIME_UNIX_NANO + BigInt(index)}`,
      severityNumber,
      body: { stringValue: `event ${index}` },
    }));
    const keys = ['simvue.run.id', 'simvue.run.name'];
    const resource = { attributes: keys.map((key) => ({ key, value: { stringValue: name } })) };
    const response = await fetch(`${collector.url}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] }),
    });
    expect([response.status, await response.text()]).toEqual([200, '{}']);
  };
  const found = async (...filters: string[]): Promise<string[]> => {
    const query = new URLSearchParams({ filters: JSON.stringify(filters), sorting: '[{"id":"name"}]' });
    const { status, json } = await collector.ask('GET', `/runs?${query}`);
    expect([status, json]).toMatchObject([200, { count: (json as RunList).data.length }]);
    return (json as RunList).data.map(({ name }) => name);
  };

  const { json: silent } = await collector.ask('POST', '/runs', { folder: '/', name: 'silent' });
  await send('calm', [INFO, INFO, INFO]);
  await send('warned', [WARN, INFO]);
  await send('broken', [INFO, ERROR, FATAL, WARN]);
  expect(await found('events.errors > 0')).toEqual(['broken']);
  expect(await found('events.errors == 0')).toEqual(['calm', 'silent', 'warned']);
  expect(await found('events.warnings >= 1')).toEqual(['broken', 'warned']);
  expect(await found('events.count == 0')).toEqual(['silent']);
  expect(await found('events.count > 2', 'events.warnings < 1')).toEqual(['calm']);

  await send('warned', [WARN, INFO]);
  expect(await found('events.warnings > 1')).toEqual([]);
  await send('calm', [INFO, INFO, INFO, FATAL]);
  expect(await found('events.errors == 1', 'events.count == 4')).toEqual(['calm']);
  const event = { timestamp: '2026-01-31T12:00:01.000000', message: 'it broke', log_level: 'critical' };
  expect(await collector.post('/events', { run: silent.id, events: [event] })).toMatchObject({ status: 200 });
  expect(await found('events.errors > 0')).toEqual(['broken', 'calm', 'silent']);

  await collector.reopen();
  expect(await found('events.errors > 0')).toEqual(['broken', 'calm', 'silent']);
  expect((await collector.ask('DELETE', `/runs/${silent.id}`)).status).toBe(200);
  expect(await found('events.errors > 0')).toEqual(['broken', 'calm']);

  const refused = await collector.ask('GET', `/runs?filters=${encodeURIComponent('["events.errors > some"]')}`);
  expect([refused.status, JSON.stringify(refused.json)]).toEqual([
    422,
    expect.stringContaining('events.count|errors|warnings'),
  ]);
});
