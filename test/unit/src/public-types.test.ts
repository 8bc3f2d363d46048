import { expect, expectTypeOf, test } from 'vitest';
import * as compat from '../../../src/compat.ts';
import type { AlertDefinition, ArtifactValue, MetricValues, RunRecord } from '../../../src/index.ts';
import * as api from '../../../src/index.ts';

/** Never called: what is in it must compile, or must not. */
async function callsThatMustCompile(run: api.Run, client: api.Client): Promise<void> {
  run.config({
    suppressErrors: false,
    resourcesMetricsInterval: 10,
    abortOnAlert: 'run',
    onAbort: (reason) => void reason.length,
  });
  await run.init('name', { nested: { flag: true }, when: new Date() }, ['tag'], 'description', '/folder');
  await run.init({
    visibility: ['ann'],
    retentionPeriod: '2 days',
    notification: 'lost',
    timeout: null,
    running: false,
  });
  run.logMetrics({ a: 1, b: 2n, c: true, line: [1, 2], plane: [[1], [2]], field: new Float64Array(3) });
  run.logMetrics({ a: 1 }, 3, -1.5, '2026-01-01T00:00:00Z');
  run.logMetrics({ a: 1 }, { step: 1, timestamp: [1, 2] });
  run.logEvent(new Error('x'), { level: 'critical', attributes: { cells: 1 } });
  run.addAlert('a', 'is above', 'metric', 1, 2, 0.5);
  run.addAlert('a', 'is outside range', 'metric', 1, 2, 4, 6);
  run.addAlert('a', 'events', 1, null, null, undefined, undefined, undefined, undefined, 'email', 'text');
  run.createMetricThresholdAlert({ name: 'a', metric: 'm', rule: 'is above', threshold: 0 });
  run.setFolderDetails({ tags: ['a'] });
  run.setFolderDetails('/a', { owner: 'me' }, ['a'], 'd');
  await run.save('file', 'code', { preservePath: true });
  await run.reconnect('name', { firstStep: 3 });

  // @ts-expect-error: a metric is a number
  run.logMetrics({ a: '1' });
  // @ts-expect-error: there are three categories
  await run.saveFile('file', 'result');
  // @ts-expect-error: an object needs a name
  await run.saveObject({}, 'output', {});
  // @ts-expect-error: a threshold alert needs a threshold
  run.createMetricThresholdAlert({ name: 'a', metric: 'm', rule: 'is above' });
  // @ts-expect-error: lost is found out by the collector
  run.setStatus('lost');
  // @ts-expect-error: functions are no metadata
  run.updateMetadata({ a: () => 1 });

  expectTypeOf(await client.getRuns({ limit: 1 })).toEqualTypeOf<RunRecord[]>();
  expectTypeOf(client.runs()).toEqualTypeOf<AsyncGenerator<RunRecord>>();
  expectTypeOf(await client.getMetricValues({ runIds: [], metrics: [] })).toEqualTypeOf<MetricValues[]>();
  const artifact: ArtifactValue = await client.getArtifact('id', 'name');
  if (artifact.kind === 'numbers') expectTypeOf(artifact.shape).toEqualTypeOf<readonly number[]>();
}

test('what the documents show compiles, what is wrong does not', () => {
  expectTypeOf(callsThatMustCompile).returns.resolves.toBeVoid();
});

test('what is exported is what is documented, no more', () => {
  expect(Object.keys(api).toSorted()).toEqual(['Client', 'Run', 'SimvueError', 'withRun']);
  expect(Object.keys(compat).toSorted()).toEqual(['Handler', 'Run', 'Simtrack', 'Simvue']);
});

test('results have the types that the documents say', () => {
  expectTypeOf<api.Run['logMetrics']>().returns.toEqualTypeOf<boolean>();
  expectTypeOf<api.Run['saveFile']>().returns.toEqualTypeOf<Promise<boolean>>();
  expectTypeOf<api.Run['close']>().returns.toEqualTypeOf<Promise<boolean>>();
  expectTypeOf<api.Run['nextStep']>().toEqualTypeOf<number>();
  expectTypeOf<MetricValues['values']>().toEqualTypeOf<Float64Array>();
  expectTypeOf<AlertDefinition['name']>().toEqualTypeOf<string>();
  expectTypeOf(api.withRun(async () => 3)).resolves.toEqualTypeOf<number>();
  expectTypeOf<InstanceType<typeof compat.Run>['log_metrics']>().toBeFunction();
  expectTypeOf<InstanceType<typeof compat.Simtrack>['set_folder_details']>().returns.toEqualTypeOf<boolean>();
});

test('every method has a name as in Python', () => {
  const run = new compat.Run({ mode: 'disabled' });
  const names = [
    'log_metrics',
    'log_event',
    'save_file',
    'save_object',
    'save_directory',
    'save_all',
    'set_folder_details',
    'update_metadata',
    'update_tags',
    'set_tags',
    'add_alert',
    'add_alerts',
    'create_event_alert',
    'create_user_alert',
    'create_metric_range_alert',
    'create_metric_threshold_alert',
    'log_alert',
    'set_status',
    'set_pid',
    'set_metric_units',
    'assign_metric_to_grid',
    'add_process',
    'kill_process',
  ];
  expect(names.filter((name) => typeof (run as unknown as Record<string, unknown>)[name] !== 'function')).toEqual([]);
});
