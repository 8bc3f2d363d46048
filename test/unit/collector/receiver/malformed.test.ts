import fc from 'fast-check';
import { SimvueError } from 'simvue-otel/errors';
import { describe, expect, test } from 'vitest';
import { RECORD_KIND, type RecordKind } from '../../../../collector/pipeline/record-kind.ts';
import { createRequestDecoder } from '../../../../collector/receiver/request-decoder.ts';
import { encodeJson, encodeProtobuf } from '../../../support/otlp-proto.ts';
import { CountingArena, readBack } from '../../../support/staged-points.ts';

const resource = { attributes: [{ key: 'simvue.run.id', value: { stringValue: 'run' } }] };
const point = (time: number) => ({
  timeUnixNano: String(time),
  asDouble: time / 3,
  attributes: [
    { key: 'simvue.step', value: { intValue: String(time) } },
    {
      key: 'rank',
      value: { arrayValue: { values: [{ intValue: '1' }, { kvlistValue: { values: [{ key: 'k' }] } }] } },
    },
  ],
});
const metricsRequest = {
  resourceMetrics: [1, 2].map((part) => ({
    resource,
    scopeMetrics: [
      {
        metrics: [
          { name: 'loss', gauge: { dataPoints: [point(part), point(part + 1)] } },
          { name: 'n', sum: { aggregationTemporality: 1, dataPoints: [{ timeUnixNano: '9', asInt: '-4' }] } },
          {
            name: 'h',
            histogram: {
              aggregationTemporality: 2,
              dataPoints: [{ timeUnixNano: '5', count: '3', sum: 6, bucketCounts: ['1', '2'], explicitBounds: [1] }],
            },
          },
          {
            name: 'e',
            exponentialHistogram: {
              aggregationTemporality: 1,
              dataPoints: [
                { timeUnixNano: '5', count: '3', scale: -1, negative: { offset: -2, bucketCounts: ['1', '300'] } },
              ],
            },
          },
          {
            name: 's',
            summary: { dataPoints: [{ timeUnixNano: '5', count: '1', quantileValues: [{ quantile: 0.5 }] }] },
          },
        ],
      },
    ],
  })),
};
const logsRequest = {
  resourceLogs: [
    {
      resource,
      scopeLogs: [
        {
          logRecords: [
            { timeUnixNano: '5', body: { stringValue: 'hello' }, traceId: 'AAECAwQFBgcICQoLDA0ODw==', eventName: 'e' },
            {
              timeUnixNano: '6',
              eventName: 'simvue.metrics',
              attributes: [{ key: 'loss', value: { doubleValue: 2 } }],
            },
          ],
        },
      ],
    },
  ],
};
const bodies: [RecordKind, Buffer][] = [
  [RECORD_KIND.otlpMetricsProtobuf, encodeProtobuf('MetricsRequest', metricsRequest)],
  [RECORD_KIND.otlpLogsProtobuf, encodeProtobuf('LogsRequest', logsRequest)],
  [RECORD_KIND.otlpMetricsJson, encodeJson('MetricsRequest', metricsRequest)],
  [RECORD_KIND.otlpLogsJson, encodeJson('LogsRequest', logsRequest)],
  [
    RECORD_KIND.otlpTracesProtobuf,
    encodeProtobuf('TracesRequest', { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'x' }] }] }] }),
  ],
];

/** Decodes; a malformed request is undefined, any other error fails the test. */
function attempt(arena: CountingArena, kind: RecordKind, body: Buffer) {
  const before = arena.used;
  try {
    return createRequestDecoder({ arena }).decode(kind, body);
  } catch (error) {
    if (!(error instanceof SimvueError) || error.code !== 'SIMVUE_ERR_MALFORMED') throw error;
    expect(arena.references).toBe(0);
    expect(arena.used).toBeLessThanOrEqual(before);
    return undefined;
  }
}

describe('a damaged request', () => {
  test.each(bodies)('cut off anywhere is refused as a whole, or ends between two resources (kind %i)', (kind, body) => {
    const accepted: number[] = [];
    for (let length = 0; length < body.length; length++) {
      const arena = new CountingArena();
      const decoded = attempt(arena, kind, body.subarray(0, length));
      if (decoded === undefined) continue;
      accepted.push(length);
      readBack(decoded, arena);
      decoded.release();
      expect(arena.references).toBe(0);
    }
    const isMetrics = kind === RECORD_KIND.otlpMetricsProtobuf;
    const isProtobuf = kind <= RECORD_KIND.otlpTracesProtobuf;
    expect(accepted).toEqual(isMetrics ? [0, body.length / 2] : isProtobuf ? [0] : []);
  });

  test('with random bytes changed, removed or repeated is decoded or refused, and leaks nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...bodies),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom('set', 'cut', 'copy')), {
          minLength: 1,
          maxLength: 6,
        }),
        ([kind, original], changes) => {
          let body = Buffer.from(original);
          for (const [where, value, action] of changes) {
            const at = where % body.length;
            if (action === 'set') body[at] = value;
            else if (action === 'cut' && body.length > 1)
              body = Buffer.concat([body.subarray(0, at), body.subarray(at + 1)]);
            else body = Buffer.concat([body.subarray(0, at), body.subarray(at, at + (value % 16)), body.subarray(at)]);
          }
          const arena = new CountingArena({ blockBytes: 96, maxBlocks: 200 });
          const decoded = attempt(arena, kind, body);
          if (decoded === undefined) return;
          readBack(decoded, arena);
          decoded.release();
          expect(arena.references).toBe(0);
        },
      ),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['wire type 3', Buffer.from([0x0b])],
    ['wire type 7', Buffer.from([0x0f])],
    ['field number 0', Buffer.from([0x02, 0x00])],
    ['a varint of 11 bytes', Buffer.from([0x18, ...Array(10).fill(0xff), 0x01])],
    ['a length beyond 32 bits', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f])],
    ['a length beyond the body', Buffer.from([0x0a, 0x05, 0x00])],
    ['a message that leaves its parent', Buffer.from([0x0a, 0x03, 0x12, 0x02, 0x00, 0x00])],
  ])('with %s is malformed', (_title, body) => {
    expect(attempt(new CountingArena(), RECORD_KIND.otlpMetricsProtobuf, body)).toBeUndefined();
  });

  const nested = (depth: number) => {
    let value: Buffer = Buffer.from([0x18, 0x01]);
    const wrap = (tag: number, bytes: Buffer) => {
      const length: number[] = [];
      for (let rest = bytes.length; ; rest >>>= 7) {
        if (rest < 128) {
          length.push(rest);
          break;
        }
        length.push((rest & 127) | 128);
      }
      return Buffer.concat([Buffer.from([tag, ...length]), bytes]);
    };
    for (let level = 1; level < depth; level++) value = wrap(0x2a, wrap(0x0a, value));
    const attribute = wrap(0x32, Buffer.concat([wrap(0x0a, Buffer.from('k')), wrap(0x12, value)]));
    const record = Buffer.concat([Buffer.from([0x09, 1, 0, 0, 0, 0, 0, 0, 0]), attribute]);
    return wrap(0x0a, wrap(0x12, wrap(0x12, record)));
  };
  const nestedJson = (depth: number) => {
    const value = `${'{"arrayValue":{"values":['.repeat(depth - 1)}{"intValue":1}${']}}'.repeat(depth - 1)}`;
    return Buffer.from(
      `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","attributes":[{"key":"k","value":${value}}]}]}]}]}`,
    );
  };
  test.each([
    ['protobuf', RECORD_KIND.otlpLogsProtobuf, nested],
    ['JSON', RECORD_KIND.otlpLogsJson, nestedJson],
  ] as const)('may nest attribute values 64 deep, not 65 and not 20,000 (%s)', (_title, kind, build) => {
    const arena = new CountingArena();
    expect(attempt(arena, kind, build(64))?.records).toBe(1);
    expect(attempt(arena, kind, build(65))).toBeUndefined();
    expect(attempt(arena, kind, build(20_000))).toBeUndefined();
  });

  test('of 8 MiB of JSON brackets is refused before it is parsed', () => {
    const started = performance.now();
    expect(attempt(new CountingArena(), RECORD_KIND.otlpMetricsJson, Buffer.alloc(8 << 20, '['))).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('throws "overloaded" when no staging block is free and "too large" when it could never fit', () => {
    const dataPoints = Array.from({ length: 9 }, (_, i) => ({ timeUnixNano: String(i + 1), asDouble: i }));
    const body = encodeProtobuf('MetricsRequest', {
      resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'a', gauge: { dataPoints } }] }] }],
    });
    const arena = new CountingArena({ blockBytes: 4 * 32, maxBlocks: 2 });
    const kind = RECORD_KIND.otlpMetricsProtobuf;
    expect(() => createRequestDecoder({ arena }).decode(kind, body)).toThrow(
      expect.objectContaining({ code: 'SIMVUE_ERR_OVERLOADED' }),
    );
    const roomy = new CountingArena();
    expect(() => createRequestDecoder({ arena: roomy, limits: { pointsPerRequest: 8 } }).decode(kind, body)).toThrow(
      expect.objectContaining({ code: 'SIMVUE_ERR_TOO_LARGE' }),
    );
    expect([arena.references, roomy.references, roomy.used]).toEqual([0, 0, 0]);
  });
});
