import { ValueType } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { AggregationTemporality, DataPointType, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { describe, expect, test } from 'vitest';
import { EntryList, simvueName } from '../../../../src/simvue/entry-list.ts';
import { eventEntry, eventNameOf } from '../../../../src/simvue/log-entries.ts';
import { metricEntries } from '../../../../src/simvue/metric-entries.ts';
import { addMetricsRecord } from '../../../../src/simvue/metrics-record.ts';
import { controlChange } from '../../../../src/simvue/run-change.ts';

const START = 1_790_000_000n * 1_000_000_000n;

function gauge(name: string, seconds: number, value: number, attributes: Record<string, string | number> = {}) {
  const endTime: [number, number] = [1_790_000_000 + seconds, 500];
  return {
    descriptor: { name, description: '', unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.DELTA,
    dataPointType: DataPointType.GAUGE as const,
    dataPoints: [{ startTime: endTime, endTime, attributes, value }],
  };
}

function exported(...metrics: ResourceMetrics['scopeMetrics'][number]['metrics']): ResourceMetrics {
  return { resource: resourceFromAttributes({}), scopeMetrics: [{ scope: { name: 'test' }, metrics }] };
}

function record(fields: Partial<ReadableLogRecord>): ReadableLogRecord {
  return {
    hrTime: [1_790_000_000, 123_456_789],
    hrTimeObserved: [1_790_000_000, 123_456_789],
    resource: resourceFromAttributes({}),
    instrumentationScope: { name: 'test' },
    attributes: {},
    droppedAttributesCount: 0,
    ...fields,
  };
}

describe('metrics for a Simvue server', () => {
  test('values of one time, step and run time are one entry; entries are in the order of time', () => {
    const entries = metricEntries(
      exported(
        gauge('a', 2, 1, { 'simvue.step': 4 }),
        gauge('b', 2, 2, { 'simvue.step': 4 }),
        gauge('a', 1, 3, { 'simvue.step': 3, 'simvue.time': -1.5 }),
        gauge('c', 1, Number.NaN),
      ),
      { startUnixNano: START, step: 9 },
    );
    expect(entries).toEqual([
      { time: -1.5, timestamp: '2026-09-21T14:13:21.000000', step: 3, values: { a: 3 } },
      { time: 1.0000005, timestamp: '2026-09-21T14:13:21.000000', step: 9, values: { c: Number.NaN } },
      { time: 2.0000005, timestamp: '2026-09-21T14:13:22.000000', step: 4, values: { a: 1, b: 2 } },
    ]);
  });

  test.each([
    { name: 'loss', attributes: {}, expected: 'loss' },
    { name: 'loss', attributes: { 'simvue.step': 1, rank: 2, field: 'p' }, expected: 'loss(field=p+rank=2)' },
    { name: 'rms[RhoV]', attributes: {}, expected: 'rms_RhoV_' },
  ])('$name with $attributes is named $expected, as the server allows', ({ name, attributes, expected }) => {
    expect(simvueName(name, attributes)).toBe(expected);
  });
});

describe('log records for a Simvue server', () => {
  test.each([
    [1, 'debug'],
    [8, 'debug'],
    [9, 'info'],
    [13, 'warning'],
    [17, 'error'],
    [24, 'critical'],
    [undefined, null],
  ])('severity %s is level %s', (severityNumber, level) => {
    const fields = severityNumber === undefined ? {} : { severityNumber };
    expect(eventEntry(record({ ...fields, body: 'x' })).log_level).toBe(level);
  });

  test('an exception brings its stack, anything but text becomes JSON, microseconds are kept', () => {
    const attributes = { 'exception.type': 'Error', 'exception.message': 'no', 'exception.stacktrace': 'at x' };
    expect(eventEntry(record({ attributes })).message).toBe('Error: no\nat x');
    const whole = { ...attributes, 'exception.stacktrace': 'Error: no\n    at x' };
    expect(eventEntry(record({ body: 'Error: no', attributes: whole })).message).toBe('Error: no\n    at x');
    expect(eventEntry(record({ body: { cells: 3 } })).message).toBe('{"cells":3}');
    expect(eventEntry(record({ body: 'x' })).timestamp).toBe('2026-09-21T14:13:20.123456');
  });

  test('a simvue.metrics record is values: those of its body, else its numeric attributes; with dimensions, step and time', () => {
    const entries = new EntryList(START, () => 9);
    const attributes = { 'simvue.step': 4, 'simvue.time': 2.5, 'dim.field': 'p', 'code.lineno': 12, other: 1 };
    addMetricsRecord(entries, record({ eventName: 'simvue.metrics', body: { loss: 0.5, text: 'x' }, attributes }));
    addMetricsRecord(entries, record({ eventName: 'simvue.metrics', attributes: { 'code.lineno': 12, acc: 1 } }));
    const timestamp = '2026-09-21T14:13:20.123456';
    expect(entries.sorted()).toEqual([
      { time: 2.5, timestamp, step: 4, values: { 'loss(field=p)': 0.5 } },
      { time: 0.123456789, timestamp, step: 9, values: { acc: 1 } },
    ]);
  });

  test('reserved names are changes of the run', () => {
    const update = record({
      attributes: {
        'event.name': 'simvue.run.update',
        'simvue.run.metadata.lr': 0.1,
        'simvue.run.tags_added': ['b'],
        'simvue.run.tags_removed': ['a'],
        'simvue.folder.path': '/f',
        'simvue.folder.description': 'text',
      },
    });
    const change = controlChange(eventNameOf(update), update);
    expect(change?.change).toEqual({ metadata: { lr: 0.1 } });
    expect(change?.tags?.(['a', 'c'])).toEqual(['c', 'b']);
    expect(change?.folder).toEqual({ path: '/f', change: { description: 'text' } });
    const end = record({ eventName: 'simvue.run.end', attributes: { 'simvue.run.status': 'failed' } });
    expect(controlChange('simvue.run.end', end)?.change).toEqual({
      status: 'failed',
      endtime: '2026-09-21T14:13:20.123456',
    });
    expect(controlChange('simvue.alert.define', record({}))).toBeUndefined();
  });
});
