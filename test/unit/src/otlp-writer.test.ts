import { ValueType } from '@opentelemetry/api';
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type GaugeMetricData } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttributeValue } from '../../../src/attributes.ts';
import { OtlpMetricWriter } from '../../../src/otlp-metric-writer.ts';
import { type RequestHead, requestHead, writeLogRecord } from '../../../src/otlp-writer.ts';
import { ProtobufWriter } from '../../../src/protobuf-writer.ts';
import { unixNanoToHrTime } from '../../../src/time.ts';
import { decodeLogs, decodeMetrics } from '../../support/otlp-decode.ts';

const SCOPE = { name: 'simvue-otel', version: '0.1.0' };
const TIME = 1_790_000_000_123_456_789n;

function request(head: RequestHead, writer: ProtobufWriter): Buffer {
  const { body, payloadOffset } = head.request(writer.length);
  writer.copy().copy(body, payloadOffset);
  return body;
}

function encodeCall(
  values: [string, number | bigint][],
  { time = TIME, step = 0, runTime }: { time?: bigint; step?: number; runTime?: number } = {},
  resource: [string, AttributeValue][] = [],
): Buffer {
  const writer = new OtlpMetricWriter();
  writer.begin(time, step, runTime);
  for (const [name, value] of values) writer.value(name, value);
  return request(requestHead(resource, SCOPE), writer.output);
}

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
const time = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe('metric values', () => {
  test('every name, value, time, step and run time comes out as it went in', () => {
    const values = fc.array(fc.tuple(name, fc.oneof(fc.double(), int64)), { maxLength: 8 });
    const runTimes = fc.option(fc.double({ noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(values, time, fc.maxSafeInteger(), runTimes, (written, timeUnixNano, step, runTime) => {
        const call = { time: timeUnixNano, step, ...(runTime === undefined ? {} : { runTime }) };
        const { points, scope } = decodeMetrics(encodeCall(written, call));
        expect(scope).toEqual(SCOPE);
        expect(points.map((point) => [point.name, point.value])).toEqual(written);
        for (const point of points) {
          expect(point.timeUnixNano).toBe(timeUnixNano);
          const expected = runTime === undefined ? {} : { 'simvue.time': runTime };
          expect(point.attributes).toEqual({ 'simvue.step': step === 0 ? 0 : step, ...expected });
        }
      }),
    );
  });

  test('law: what a call writes does not depend on the calls before it', () => {
    const writer = new OtlpMetricWriter();
    const names = fc.constantFrom('a', 'b', 'a much longer name that a buffer has to grow for'.repeat(200));
    const call = fc.record({
      values: fc.array(fc.tuple(names, fc.double()), { maxLength: 4 }),
      step: fc.option(fc.oneof(fc.nat(300), fc.maxSafeInteger()), { nil: undefined }),
      runTime: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
      attributes: fc.option(fc.constantFrom(new Map([['k', 'v']]), new Map([['simvue.key', 1]])), { nil: undefined }),
      restarts: fc.boolean(),
      unit: fc.option(fc.constantFrom('s', 'By'), { nil: undefined }),
    });
    const units = new Map<string, string>();
    fc.assert(
      fc.property(fc.array(call, { minLength: 2, maxLength: 6 }), (calls) => {
        for (const { values, step, runTime, attributes, restarts, unit } of calls) {
          if (unit !== undefined) units.set('a', unit);
          if (unit !== undefined) writer.setUnit('a', unit);
          const fresh = new OtlpMetricWriter();
          for (const [metric, known] of units) fresh.setUnit(metric, known);
          for (const each of [writer, fresh]) {
            each.begin(TIME, step, runTime, attributes);
            if (restarts && each === writer) {
              for (const [metric, value] of values) each.value(metric, value);
              each.restart();
            }
            for (const [metric, value] of values) each.value(metric, value);
          }
          expect(writer.output.copy()).toEqual(fresh.output.copy());
        }
      }),
    );
  });

  test.each([
    { title: 'NaN', value: Number.NaN },
    { title: 'infinity', value: Number.POSITIVE_INFINITY },
    { title: 'minus infinity', value: Number.NEGATIVE_INFINITY },
    { title: 'minus zero', value: -0 },
    { title: 'the smallest double', value: Number.MIN_VALUE },
    { title: 'an integer', value: 42 },
    { title: 'the largest 64-bit integer', value: 2n ** 63n - 1n },
  ])('$title survives', ({ value }) => {
    expect(decodeMetrics(encodeCall([['m', value]])).points[0]?.value).toBe(value);
  });

  test('an integer beyond 64 bits becomes a double', () => {
    expect(decodeMetrics(encodeCall([['m', 2n ** 70n]])).points[0]?.value).toBe(2 ** 70);
  });

  test("the stock serializer's bytes for the same points decode to the same", () => {
    const resource = { 'service.name': 'x', tags: ['a', 'b'], count: 3, ratio: 0.5, flag: true };
    const metrics = [1.5, Number.NaN].map(
      (value, index): GaugeMetricData => ({
        descriptor: { name: `m${index}`, description: '', unit: '', valueType: ValueType.DOUBLE },
        aggregationTemporality: AggregationTemporality.CUMULATIVE,
        dataPointType: DataPointType.GAUGE,
        dataPoints: [
          {
            startTime: unixNanoToHrTime(TIME),
            endTime: unixNanoToHrTime(TIME),
            attributes: { 'simvue.step': 300, 'simvue.time': -1.25 },
            value,
          },
        ],
      }),
    );
    const stock = ProtobufMetricsSerializer.serializeRequest({
      resource: resourceFromAttributes(resource),
      scopeMetrics: [{ scope: SCOPE, metrics }],
    });
    const values: [string, number][] = [
      ['m0', 1.5],
      ['m1', Number.NaN],
    ];
    const ours = encodeCall(values, { step: 300, runTime: -1.25 }, Object.entries(resource));
    expect(decodeMetrics(ours)).toEqual(decodeMetrics(stock ?? new Uint8Array()));
  });
});

const attributeValue: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.double(),
    fc.maxSafeInteger(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

describe('log records', () => {
  test('every field and attribute comes out as it went in', () => {
    const attributes = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), attributeValue), {
      selector: ([key]) => key,
    });
    fc.assert(
      fc.property(attributes, time, time, fc.string({ unit: 'grapheme' }), (entries, at, observed, body) => {
        const writer = new ProtobufWriter(16);
        const record = {
          timeUnixNano: at,
          observedTimeUnixNano: observed,
          severityNumber: 9,
          severityText: 'INFO',
          body,
          eventName: 'simvue.run.update',
          attributes: new Map(entries),
        };
        writeLogRecord(writer, record);
        const { records } = decodeLogs(request(requestHead([], SCOPE), writer));
        expect(records).toEqual([
          { ...record, attributes: Object.fromEntries(entries.map(([k, v]) => [k, plain(v)])) },
        ]);
      }),
    );
  });

  test('an attribute integer beyond 64 bits is sent as text', () => {
    const writer = new ProtobufWriter();
    const base = { timeUnixNano: 1n, observedTimeUnixNano: 1n, severityNumber: 0, severityText: '', body: undefined };
    writeLogRecord(writer, { ...base, eventName: '', attributes: new Map([['big', 2n ** 64n]]) });
    const [record] = decodeLogs(request(requestHead([], SCOPE), writer)).records;
    expect(record?.attributes).toEqual({ big: '18446744073709551616' });
  });
});

/** The decoder's view: lists without prototypes aside, only `-0` of integers could differ, and it does not. */
function plain(value: AttributeValue): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
