import { Client, Run } from 'simvue-otel';
import { expect, test } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';
import { OtlpSinkServer } from '../../support/otlp-sink.ts';
import { eventually } from '../../support/rest-reader.ts';

const quiet = { suppressErrors: false, disableResourcesMetrics: true } as const;

test('alerts travel in order with the other records of the run, and need no server that answers', async () => {
  await using sink = await OtlpSinkServer.start();
  const run = new Run({ url: sink.url, ...quiet });
  await run.init({ tags: ['a'] });
  run.createMetricThresholdAlert({ name: 'hot', metric: 't', rule: 'is above', threshold: 0, triggerAbort: true });
  run.createMetricRangeAlert({
    name: 'mean',
    metric: 'm',
    rule: 'is outside range',
    rangeLow: 4,
    rangeHigh: 6,
    window: 2,
  });
  run.createEventAlert({ name: 'division', pattern: 'Division by Zero Error', notification: 'email' });
  run.createUserAlert({ name: 'exit status', description: 'Not zero' });
  run.logAlert('exit status', 'critical');
  expect(() => run.addAlert({ name: 'x', metric: 'm', rule: 'is above' })).toThrow('threshold');
  await run.close();
  const alerts = sink.records.filter((record) => record.eventName.startsWith('simvue.alert.'));
  expect(alerts.map(({ eventName, attributes }) => [eventName, attributes['simvue.alert.name']])).toEqual([
    ['simvue.alert.define', 'hot'],
    ['simvue.alert.define', 'mean'],
    ['simvue.alert.define', 'division'],
    ['simvue.alert.define', 'exit status'],
    ['simvue.alert.status', 'exit status'],
  ]);
  expect(alerts[0]?.attributes['simvue.alert.abort']).toBe(true);
});

test('definitions that the server has are attached by name or id, those it lacks are named', async () => {
  await using collector = await TestCollector.start();
  const user = { source: 'user', notification: 'none' };
  const { id } = (await collector.ask('POST', '/alerts', { ...user, name: 'first' })).json;
  await collector.ask('POST', '/alerts', { ...user, name: 'second' });
  const run = new Run({ url: collector.url, ...quiet });
  await run.init();
  expect(await run.addAlerts([id])).toBe(true);
  expect(await run.addAlerts(['second'])).toBe(true);
  await expect(run.addAlerts(['first', 'third'])).rejects.toThrow('no alert with the name or id third');
  await run.close();
  const { alerts } = (await collector.ask('GET', `/runs/${run.id}`)).json;
  expect(alerts.map((entry: { alert: { name: string } }) => entry.alert.name)).toEqual(['first', 'second']);
});

test('the collector evaluates what the run has defined: an event fires at once, a user alert is what the program says (B13)', async () => {
  await using collector = await TestCollector.start();
  await using client = new Client({ url: collector.url });
  const run = new Run({ url: collector.url, ...quiet });
  await run.init();
  const id = String(run.id);
  run.addAlert({ name: 'division', source: 'events', frequency: 1, pattern: 'Division by Zero Error' });
  run.addAlert('mean', 'is outside range', 'averages.mean', 1, 2, 9, 10);
  run.createUserAlert({ name: 'checked' });
  run.createUserAlert({ name: 'never set' });
  run.logMetrics({ 'averages.mean': 5 });
  run.logEvent('Division by Zero Error encountered in calculation of new_stat on iteration 0');
  run.logAlert('checked', 'ok');
  const states = () =>
    client.getAlerts(id).then((alerts) => Object.fromEntries(alerts.map((one) => [one.name, one.status])));
  const expected = { division: 'critical', mean: null, checked: 'ok', 'never set': null };
  const isThere = (found: Record<string, unknown>) =>
    Object.keys(found).length === 4 && found['division'] === 'critical';
  expect(await eventually(() => states().catch(() => ({})), isThere)).toEqual(expected);
  run.logAlert('checked', 'critical');
  await run.close();
  expect(await states()).toMatchObject({ checked: 'critical' });
});
