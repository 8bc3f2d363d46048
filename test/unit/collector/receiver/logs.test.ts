import { describe, expect, test } from 'vitest';
import { RECORD_KIND } from '../../../../collector/pipeline/record-kind.ts';
import { createRequestDecoder } from '../../../../collector/receiver/request-decoder.ts';
import { encodeJson, encodeProtobuf } from '../../../support/otlp-proto.ts';
import { CountingArena, readBack } from '../../../support/staged-points.ts';

const text = (stringValue: string) => ({ stringValue });
const pair = (key: string, value: unknown) => ({ key, value });
const traceId = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const spanId = Buffer.from('0102030405060708', 'hex');

function requests(logRecords: unknown[]) {
  const request = {
    resourceLogs: [
      { resource: { attributes: [pair('service.instance.id', text('w1'))] }, scopeLogs: [{ logRecords }] },
    ],
  };
  const otlpJson = JSON.parse(encodeJson('LogsRequest', request).toString());
  for (const record of otlpJson.resourceLogs[0].scopeLogs[0].logRecords) {
    for (const key of ['traceId', 'spanId']) {
      if (record[key] !== undefined) record[key] = Buffer.from(record[key], 'base64').toString('hex').toUpperCase();
    }
  }
  return {
    protobuf: [RECORD_KIND.otlpLogsProtobuf, encodeProtobuf('LogsRequest', request)],
    json: [RECORD_KIND.otlpLogsJson, Buffer.from(JSON.stringify(otlpJson))],
  } as const;
}

function decode(logRecords: unknown[], encoding: 'protobuf' | 'json') {
  const arena = new CountingArena();
  const [kind, body] = requests(logRecords)[encoding];
  const decoded = createRequestDecoder({ arena }).decode(kind, body);
  const part = readBack(decoded, arena)[0];
  return {
    events: part?.events ?? [],
    points: (part?.points ?? []).map(({ series, time, value, step, runTime }) => ({
      series,
      time,
      value,
      step,
      runTime,
    })),
    refusals: decoded.refusals,
    writer: decoded.parts[0]?.writer,
  };
}

const none = Number.NaN;

describe.each(['protobuf', 'json'] as const)('a log record (%s)', (encoding) => {
  test('brings the numbers of its writer and of the attributes that the SDK dropped', () => {
    const numbered = (sequence: number, droppedAttributesCount?: number) => ({
      timeUnixNano: '1',
      ...(sequence === 5
        ? { eventName: 'simvue.metrics', body: { kvlistValue: { values: [pair('loss', { doubleValue: 1 })] } } }
        : { body: text('a') }),
      attributes: [pair('simvue.seq', { intValue: String(sequence) })],
      ...(droppedAttributesCount === undefined ? {} : { droppedAttributesCount }),
    });
    const { writer } = decode([numbered(3), numbered(1, 2), numbered(5, 3), numbered(4)], encoding);
    expect(writer).toEqual({ edges: [1, 1, 3, 5], givenUp: 0, droppedAttributes: 5 });
    expect(decode([{ timeUnixNano: '1', body: text('a') }], encoding).writer).toBeUndefined();
  });

  test('becomes an event with its fields, its uid and its attributes', () => {
    const { events } = decode(
      [
        {
          timeUnixNano: '1790000000123456789',
          observedTimeUnixNano: '1790000000123456999',
          severityNumber: 9,
          severityText: 'INFO',
          eventName: 'checkpoint',
          body: text('saved'),
          traceId: traceId.toString('base64'),
          spanId: spanId.toString('base64'),
          attributes: [
            pair('log.record.uid', text('w1-7')),
            pair('simvue.run.status', text('running')),
            pair('__proto__', text('data')),
            pair('big', { intValue: '9007199254740993' }),
            pair('small', { intValue: '-3' }),
            pair('raw', { bytesValue: Buffer.from('ab').toString('base64') }),
            pair('list', { arrayValue: { values: [{ boolValue: true }, { doubleValue: 'NaN' }] } }),
            pair('map', { kvlistValue: { values: [pair('k', { intValue: '1' })] } }),
            pair('nothing', {}),
          ],
        },
      ],
      encoding,
    );
    expect(events).toHaveLength(1);
    const { attributes, ...fields } = events[0] ?? { attributes: {} };
    expect(fields).toEqual({
      timeUnixNano: 1_790_000_000_123_456_789n,
      observedTimeUnixNano: 1_790_000_000_123_456_999n,
      severityNumber: 9,
      severityText: 'INFO',
      eventName: 'checkpoint',
      body: 'saved',
      traceId: '000102030405060708090a0b0c0d0e0f',
      spanId: '0102030405060708',
      uid: 'w1-7',
    });
    expect(Object.getPrototypeOf(attributes)).toBeNull();
    expect(Object.entries(attributes)).toEqual([
      ['simvue.run.status', 'running'],
      ['__proto__', 'data'],
      ['big', '9007199254740993'],
      ['small', -3],
      ['raw', 'YWI='],
      ['list', [true, none]],
      ['map', Object.assign(Object.create(null), { k: 1 })],
      ['nothing', null],
    ]);
  });

  test('may take its name from an attribute, its time from the observed time, and keep any body as text', () => {
    const { events, refusals } = decode(
      [
        {
          observedTimeUnixNano: '6',
          attributes: [pair('event.name', text('e'))],
          body: { kvlistValue: { values: [pair('a', { doubleValue: 'Infinity' })] } },
        },
        { timeUnixNano: '7', body: { doubleValue: 2.5 } },
        { timeUnixNano: '8' },
      ],
      encoding,
    );
    expect(events.map(({ timeUnixNano, eventName, body, uid }) => [timeUnixNano, eventName, body, uid])).toEqual([
      [6n, 'e', '{"a":"Infinity"}', undefined],
      [7n, '', '2.5', undefined],
      [8n, '', '', undefined],
    ]);
    expect(refusals.total).toBe(0);
  });

  test('without a time, of an unknown severity or with a huge body is refused, the others are kept', () => {
    const { events, refusals } = decode(
      [
        {},
        { timeUnixNano: '1', severityNumber: 25 },
        { timeUnixNano: '1', body: text('x'.repeat((256 << 10) + 1)) },
        { timeUnixNano: '1', body: text('good') },
      ],
      encoding,
    );
    expect(events.map((event) => event.body)).toEqual(['good']);
    expect(refusals.total).toBe(3);
    expect(refusals.message).toMatch(/set time_unix_nano.*severity_number.*body of a log record is larger than 262144/);
  });

  test('named simvue.metrics becomes points of its map body, with dimensions, step and time', () => {
    const { events, points, refusals } = decode(
      [
        {
          timeUnixNano: '5',
          eventName: 'simvue.metrics',
          body: {
            kvlistValue: {
              values: [
                pair('loss', { doubleValue: 0.5 }),
                pair('n', { intValue: '9007199254740993' }),
                pair('bad', text('x')),
              ],
            },
          },
          attributes: [
            pair('simvue.step', { intValue: '3' }),
            pair('simvue.time', { doubleValue: 1.5 }),
            pair('dim.rank', text('0')),
            pair('ignored', { intValue: '1' }),
          ],
        },
      ],
      encoding,
    );
    expect(events).toEqual([]);
    expect(points).toEqual([
      { series: 'loss{rank="0"}', time: 5n, value: 0.5, step: 3, runTime: 1.5 },
      { series: 'n{rank="0"}', time: 5n, value: 9007199254740992, step: 3, runTime: 1.5 },
    ]);
    expect(refusals.message).toMatch(/"bad" has no numeric value/);
  });

  test('named simvue.metrics without a map body gives its numeric attributes outside the reserved prefixes', () => {
    const attributes = ['loss', 'code.line', 'thread.id', 'host.cpus', 'simvue.seq'].map((key) =>
      pair(key, { intValue: '4' }),
    );
    const { points, refusals } = decode(
      [
        {
          timeUnixNano: '5',
          body: text('step done'),
          attributes: [...attributes, pair('event.name', text('simvue.metrics')), pair('note', text('x'))],
        },
        { timeUnixNano: '6', eventName: 'simvue.metrics' },
      ],
      encoding,
    );
    expect(points).toEqual([{ series: 'loss', time: 5n, value: 4, step: none, runTime: none }]);
    expect(refusals.message).toMatch(/simvue.metrics record has no numeric value/);
  });
});
