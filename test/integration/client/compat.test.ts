import { Handler, Run, Simtrack, Simvue } from 'simvue-otel/compat';
import { expect, test } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';
import { OtlpSinkServer } from '../../support/otlp-sink.ts';

test('the program of the proof of concept (002) works: names, orders and the status that ends it', async () => {
  await using sink = await OtlpSinkServer.start();
  const run = new Simtrack({ url: sink.url, disableResourcesMetrics: true, suppressErrors: false });
  await run.init('poc', { learning_rate: 0.01 }, ['a', 'b'], 'A first run', '/tests');
  run.set_folder_details('/tests', { owner: 'me' }, ['folder tag'], 'All tests');
  run.add_alert('loss', 'is above', 'loss', 1, 2, 0.5);
  run.log({ loss: 0.4 });
  run.log({ loss: 0.3 });
  run.set_status('completed');
  await run.close();
  expect(sink.userPoints.map(({ name, value, step }) => [name, value, step])).toEqual([
    ['loss', 0.4, 0],
    ['loss', 0.3, 1],
  ]);
  expect(sink.resources[0]).toMatchObject({ 'simvue.run.name': 'poc', 'simvue.run.folder': '/tests' });
  const define = sink.records.find(({ eventName }) => eventName === 'simvue.alert.define');
  expect(define?.attributes).toMatchObject({
    'simvue.alert.rule': 'is above',
    'simvue.alert.threshold': 0.5,
    'simvue.alert.window_minutes': 2,
  });
});

test('the first client (001): event takes an error object, keys are spelled as in Python, an alert is evaluated every five minutes', async () => {
  await using sink = await OtlpSinkServer.start();
  const run = new Simvue();
  run.config({
    url: sink.url,
    suppress_errors: false,
    disable_resources_metrics: true,
    resources_metrics_interval: 10,
  });
  await run.init({ name: 'first', retention_period: 3600, metadata: { a: 1 } });
  run.event(new RangeError('division by zero'));
  run.add_alert({ name: 'range', type: 'is outside range', metric: 'm', range_low: 1, range_high: 5 });
  run.folder_details('/', { a: 1 });
  await run.close();
  const event = sink.records.find(({ eventName }) => eventName === '');
  expect(event).toMatchObject({ body: 'RangeError: division by zero' });
  const define = sink.records.find(({ eventName }) => eventName === 'simvue.alert.define');
  expect(define?.attributes['simvue.alert.frequency_minutes']).toBe(5);
  expect(sink.resources[0]?.['simvue.run.retention']).toBe(3600);
});

test('the reference of the client (003): positional steps, times and artifact types', async () => {
  await using collector = await TestCollector.start();
  const run = new Run({ url: collector.url, suppressErrors: false, disableResourcesMetrics: true });
  await run.init({ name: 'third' });
  run.log_metrics({ a: 1 }, 3, 1.5, '2026-01-01T00:00:00.000001Z');
  run.log_event('started', '2026-01-01 00:00:00.5');
  run.update_metadata({ b: 2 });
  run.update_tags(['x']);
  void run.save(Int32Array.of(1), 'output', { name: 'array' });
  void run.save_file(new URL(import.meta.url).pathname, 'code', 'text/x-test');
  await run.close();
  const { json } = await collector.ask('GET', `/runs/${run.id}/artifacts`);
  const types = json.map((one: { name: string; mime_type: string }) => [one.name, one.mime_type]);
  expect(types).toContainEqual(['compat.test.ts', 'text/x-test']);
  expect((await collector.ask('GET', `/runs/${run.id}`)).json).toMatchObject({ metadata: { b: 2 }, tags: ['x'] });
});

test('a Handler sends the messages of its level and above (B6)', async () => {
  await using sink = await OtlpSinkServer.start();
  const run = new Run({ url: sink.url, disableResourcesMetrics: true });
  await run.init();
  const handler = new Handler(run, 'warning');
  expect([handler.debug('a'), handler.info('b'), handler.warning('c'), handler.error(new Error('d'))]).toEqual([
    false,
    false,
    true,
    true,
  ]);
  handler.setLevel('debug');
  expect([handler.debug('e'), handler.critical('f')]).toEqual([true, true]);
  await run.close();
  const events = sink.records.filter(({ eventName }) => eventName === '');
  expect(events.map(({ severityText, body }) => [severityText, body])).toEqual([
    ['WARNING', 'c'],
    ['ERROR', 'Error: d'],
    ['DEBUG', 'e'],
    ['CRITICAL', 'f'],
  ]);
});
