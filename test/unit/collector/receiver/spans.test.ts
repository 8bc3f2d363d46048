import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RECORD_KIND } from '../../../../collector/pipeline/record-kind.ts';
import type { DecodeLimits } from '../../../../collector/receiver/decode-limits.ts';
import { createRequestDecoder } from '../../../../collector/receiver/request-decoder.ts';
import { encodeJson, encodeProtobuf } from '../../../support/otlp-proto.ts';
import { CountingArena } from '../../../support/staged-points.ts';

const traceId = '000102030405060708090a0b0c0d0e0f';
const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const pair = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const good = {
  traceId: base64(traceId),
  spanId: base64('0102030405060708'),
  name: 'solve',
  startTimeUnixNano: '1790000000000000001',
  endTimeUnixNano: '1790000002500000003',
};
const resource = { attributes: [pair('service.instance.id', 'w1')] };
const request = (spans: unknown[]) => ({
  resourceSpans: [{ resource, scopeSpans: [{ spans, scope: { name: 'solver', version: '2.1' } }] }],
});

/** protobuf-es writes ids as base64, OTLP/JSON has them in hexadecimal. */
function otlpJson(spans: unknown[]): Buffer {
  const ids = new Set(['traceId', 'spanId', 'parentSpanId']);
  const json = JSON.parse(encodeJson('TracesRequest', request(spans)).toString(), (key, value) =>
    ids.has(key) ? Buffer.from(value, 'base64').toString('hex').toUpperCase() : value,
  );
  return Buffer.from(JSON.stringify(json));
}

function decode(spans: unknown[], encoding: 'protobuf' | 'json', limits: Partial<DecodeLimits> = {}) {
  const decoder = createRequestDecoder({ arena: new CountingArena(), limits });
  return encoding === 'protobuf'
    ? decoder.decode(RECORD_KIND.otlpTracesProtobuf, encodeProtobuf('TracesRequest', request(spans)))
    : decoder.decode(RECORD_KIND.otlpTracesJson, otlpJson(spans));
}

describe.each(['protobuf', 'json'] as const)('a span (%s)', (encoding) => {
  test('is kept with all it has', () => {
    const span = {
      ...good,
      traceState: 'vendor=1',
      parentSpanId: base64('00000000000000ff'),
      kind: 3,
      attributes: [pair('solver', 'GAMG'), { key: 'cells', value: { intValue: '120000' } }],
      events: [{ timeUnixNano: '1790000001000000002', name: 'restart', attributes: [pair('why', 'diverged')] }],
      links: [
        {
          traceId: base64(traceId),
          spanId: base64('00000000000000aa'),
          traceState: 'b=2',
          flags: 257,
          attributes: [pair('as', 'cause')],
        },
      ],
      status: { code: 2, message: 'did not converge' },
      flags: 0x8000_0301,
    };
    const { parts, records, refusals } = decode([span], encoding);
    expect([records, refusals.total, parts.length]).toEqual([1, 0, 1]);
    expect(parts[0]).toMatchObject({
      firstTimeUnixNano: 1790000000000000001n,
      lastTimeUnixNano: 1790000002500000003n,
      points: 0,
      events: [],
      spans: [
        {
          traceId,
          spanId: '0102030405060708',
          parentSpanId: '00000000000000ff',
          name: 'solve',
          kind: 3,
          startTimeUnixNano: 1790000000000000001n,
          endTimeUnixNano: 1790000002500000003n,
          statusCode: 2,
          statusMessage: 'did not converge',
          attributes: { solver: 'GAMG', cells: 120000 },
          events: [{ timeUnixNano: 1790000001000000002n, name: 'restart', attributes: { why: 'diverged' } }],
          links: [{ traceId, spanId: '00000000000000aa', traceState: 'b=2', flags: 257, attributes: { as: 'cause' } }],
          traceState: 'vendor=1',
          flags: 0x8000_0301,
          scope: { name: 'solver', version: '2.1' },
        },
      ],
    });
    expect(parts[0]?.spanBytes).toBeGreaterThan(60);
  });

  test.each([
    ['without ids', { ...good, traceId: '', spanId: '' }, /no trace_id of 16 bytes/],
    ['with an id of zeros', { ...good, spanId: base64('0000000000000000') }, /no span_id of 8/],
    ['without an end', { ...good, endTimeUnixNano: '0' }, /has no start or no end/],
    ['of the far future', { ...good, endTimeUnixNano: String(2n ** 63n) }, /after the year 2262/],
    [
      'with an event of the far future',
      { ...good, events: [{ timeUnixNano: String(2n ** 64n - 1n) }] },
      /after the year 2262/,
    ],
    ['that is too large', { ...good, attributes: [pair('text', 'x'.repeat(300 << 10))] }, /larger than 262144 bytes/],
  ] as const)('%s is refused with the reason, and the others are kept', (_title, bad, reason) => {
    const { parts, refusals } = decode([good, bad], encoding);
    expect([refusals.total, parts[0]?.spans.length]).toEqual([1, 1]);
    expect(refusals.message).toMatch(reason);
  });

  test('one too many makes the request too large', () => {
    expect(decode([good, good], encoding, { spansPerRequest: 2 }).records).toBe(2);
    expect(() => decode([good, good, good], encoding, { spansPerRequest: 2 })).toThrow(/more than 2 spans/);
  });

  test('of a kind or status that does not exist is kept without it', () => {
    const { parts } = decode([{ ...good, kind: 17, status: { code: -3 } }], encoding);
    expect(parts[0]?.spans[0]).toMatchObject({ kind: 0, statusCode: 0 });
  });
});

test('the names of kinds and statuses are understood in JSON', () => {
  const body = JSON.parse(otlpJson([good]).toString());
  Object.assign(body.resourceSpans[0].scopeSpans[0].spans[0], {
    kind: 'SPAN_KIND_PRODUCER',
    status: { code: 'STATUS_CODE_OK' },
  });
  const decoder = createRequestDecoder({ arena: new CountingArena() });
  const { parts } = decoder.decode(RECORD_KIND.otlpTracesJson, Buffer.from(JSON.stringify(body)));
  expect(parts[0]?.spans[0]).toMatchObject({ kind: 4, statusCode: 1 });
});

test('protobuf and JSON of the same spans decode to the same', () => {
  const attributes = fc.array(
    fc
      .record({ key: fc.constantFrom('a', 'b.c', '__proto__'), text: fc.string({ unit: 'grapheme', maxLength: 8 }) })
      .map(({ key, text }) => pair(key, text)),
    { maxLength: 3 },
  );
  const id = (bytes: number) =>
    fc.uint8Array({ minLength: bytes - 1, maxLength: bytes }).map((one) => base64(Buffer.from(one).toString('hex')));
  const time = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
  const flags = fc.nat(2 ** 32 - 1);
  const span = fc.record({
    traceId: id(16),
    spanId: id(8),
    parentSpanId: id(8),
    name: fc.string({ unit: 'grapheme', maxLength: 12 }),
    kind: fc.integer({ min: -1, max: 7 }),
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes,
    events: fc.array(fc.record({ timeUnixNano: time, name: fc.string(), attributes }), { maxLength: 2 }),
    traceState: fc.string(),
    flags,
    links: fc.array(fc.record({ traceId: id(16), spanId: id(8), traceState: fc.string(), flags, attributes }), {
      maxLength: 2,
    }),
    status: fc.record({ code: fc.integer({ min: -1, max: 4 }), message: fc.string() }),
  });
  fc.assert(
    fc.property(fc.array(span, { maxLength: 4 }), (spans) => {
      const [protobuf, json] = [decode(spans, 'protobuf'), decode(spans, 'json')];
      const withoutResource = ({ parts }: typeof json) =>
        parts.map(({ spans: kept, spanBytes, firstTimeUnixNano, lastTimeUnixNano }) => [
          kept,
          spanBytes,
          firstTimeUnixNano,
          lastTimeUnixNano,
        ]);
      expect(withoutResource(protobuf)).toEqual(withoutResource(json));
      expect(protobuf.refusals.message).toBe(json.refusals.message);
    }),
    { numRuns: 300 },
  );
});
