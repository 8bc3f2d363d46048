import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FRAME_PREFIX_BYTES } from '../../../../src/frame-log.ts';
import { OtlpMetricWriter } from '../../../../src/otlp-metric-writer.ts';
import { requestHead, writeLogRecord } from '../../../../src/otlp-writer.ts';
import { ProtobufWriter } from '../../../../src/protobuf-writer.ts';
import { readPoints, readRecords, readResource } from '../../../../src/simvue/request-reader.ts';
import { hrTimeToUnixNano } from '../../../../src/time.ts';

const time = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n });
const attributeValue = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }),
  fc.array(fc.string()),
);
const attributes = fc.dictionary(
  fc.string().filter((key) => key !== '__proto__' && !key.startsWith('simvue.')),
  attributeValue,
  { maxKeys: 4, noNullPrototype: true },
);
const mapOf = (record: Record<string, unknown>) => new Map(Object.entries(record)) as Map<string, string>;

function request(resource: Record<string, unknown>, payload: Buffer): Buffer {
  const { body, payloadOffset } = requestHead(mapOf(resource), { name: 'test', version: '1' }).request(payload.length);
  payload.copy(body, payloadOffset);
  return body;
}

describe('what our writers encode is read as it was', () => {
  test('resources and points', () => {
    const call = fc.record({
      values: fc.dictionary(fc.string(), fc.double(), { noNullPrototype: true }),
      time,
      step: fc.option(fc.maxSafeInteger(), { nil: undefined }),
      runTime: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
      attributes,
    });
    fc.assert(
      fc.property(attributes, fc.array(call), (resource, calls) => {
        const writer = new OtlpMetricWriter();
        const payloads = calls.map(({ values, time, step, runTime, attributes }) => {
          writer.begin(time, step, runTime, mapOf(attributes));
          for (const [name, value] of Object.entries(values)) writer.value(name, value);
          const { buffer, length } = writer.output;
          return Buffer.from(buffer.subarray(FRAME_PREFIX_BYTES, FRAME_PREFIX_BYTES + length));
        });
        const body = request(resource, Buffer.concat(payloads));
        expect(readResource(body)).toEqual(resource);
        const expected = calls.flatMap(({ values, time: timeUnixNano, step, runTime, attributes }) =>
          Object.entries(values).map(([name, value]) => ({
            name,
            value,
            timeUnixNano,
            attributes: {
              ...attributes,
              ...(step === undefined ? {} : { 'simvue.step': step }),
              ...(runTime === undefined ? {} : { 'simvue.time': runTime }),
            },
          })),
        );
        expect([...readPoints(body)]).toEqual(expected);
      }),
    );
  });

  test('records', () => {
    const record = fc.record({
      timeUnixNano: time,
      observedTimeUnixNano: time,
      severityNumber: fc.integer({ min: 0, max: 24 }),
      severityText: fc.string(),
      body: fc.option(fc.string(), { nil: undefined }),
      eventName: fc.string(),
      attributes,
    });
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const writer = new ProtobufWriter();
        for (const each of records) writeLogRecord(writer, { ...each, attributes: mapOf(each.attributes) });
        const read = [...readRecords(request({}, writer.copy()))];
        expect(
          read.map(({ hrTime, severityNumber, body, eventName, attributes }) => {
            return { timeUnixNano: hrTimeToUnixNano(hrTime), severityNumber, body, eventName, attributes };
          }),
        ).toEqual(
          records.map(({ timeUnixNano, severityNumber, body, eventName, attributes }) => {
            return { timeUnixNano, severityNumber, body, eventName, attributes };
          }),
        );
      }),
    );
  });
});
