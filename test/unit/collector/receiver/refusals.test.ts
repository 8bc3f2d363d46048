import { describe, expect, test } from 'vitest';
import { RECORD_KIND } from '../../../../collector/pipeline/record-kind.ts';
import { Refusals } from '../../../../collector/pipeline/telemetry-batch.ts';
import { createRequestDecoder } from '../../../../collector/receiver/request-decoder.ts';
import { encodeProtobuf } from '../../../support/otlp-proto.ts';
import { CountingArena, readBack } from '../../../support/staged-points.ts';

const good = { timeUnixNano: '5', asDouble: 1 };
const gauge = (...dataPoints: unknown[]) => ({ name: 'loss', gauge: { dataPoints: [good, ...dataPoints] } });
const attribute = (key: string, value: unknown) => ({ ...good, attributes: [{ key, value }] });
const long = 'n'.repeat(256);
const many = Array.from({ length: 65 }, (_, i) => ({ key: `k${i}`, value: { intValue: String(i) } }));

/** What is wrong, the metrics of the request, the reason, and how many points are kept and refused. */
const table: [title: string, metrics: unknown[], reason: RegExp, kept: number, refused: number][] = [
  ['a missing name', [gauge(), { gauge: { dataPoints: [good, good] } }], /no name: set Metric.name \(2 times\)/, 1, 2],
  ['a name of 256 characters', [gauge(), { name: long, gauge: { dataPoints: [good] } }], /longer than 255/, 1, 1],
  ['a point without a value', [gauge({ timeUnixNano: '5' })], /"loss" has no numeric value: set as_double/, 1, 1],
  ['a point without a time', [gauge({ asDouble: 1 })], /"loss" has no time: set time_unix_nano/, 1, 1],
  ['a time after 2262', [gauge({ ...good, timeUnixNano: String(2n ** 63n) })], /after the year 2262/, 1, 1],
  [
    'a step that is no number',
    [gauge(attribute('simvue.step', { stringValue: 'one' }))],
    /simvue.step of "loss"/,
    1,
    1,
  ],
  ['a step of 2^53', [gauge(attribute('simvue.step', { intValue: '9007199254740992' }))], /simvue.step/, 1, 1],
  ['a fractional step', [gauge(attribute('simvue.step', { doubleValue: 1.5 }))], /simvue.step/, 1, 1],
  ['a run time that is text', [gauge(attribute('simvue.time', { stringValue: 'x' }))], /simvue.time of "loss"/, 1, 1],
  ['65 attributes', [gauge({ ...good, attributes: many })], /more than 64 attributes/, 1, 1],
  [
    '64 attributes and a step',
    [gauge({ ...good, attributes: [...many.slice(1), { key: 'simvue.step', value: { intValue: '1' } }] })],
    /^$/,
    2,
    0,
  ],
  [
    'an attribute of 1 KiB',
    [gauge(attribute('k', { stringValue: 'v'.repeat(1024) }))],
    /"k" of "loss" is larger than 1024/,
    1,
    1,
  ],
  [
    'an attribute of 100 KiB',
    [gauge(attribute('k', { stringValue: 'v'.repeat(100 << 10) }))],
    /larger than 1024/,
    1,
    1,
  ],
  [
    'a sum without temporality',
    [gauge(), { name: 'n', sum: { dataPoints: [good] } }],
    /aggregation_temporality of "n"/,
    1,
    1,
  ],
  [
    'a temporality of 7',
    [gauge(), { name: 'n', sum: { aggregationTemporality: 7, dataPoints: [good] } }],
    /neither delta/,
    1,
    1,
  ],
  [
    'buckets that do not fit',
    [
      gauge(),
      {
        name: 'h',
        histogram: {
          aggregationTemporality: 1,
          dataPoints: [{ timeUnixNano: '5', count: '1', bucketCounts: ['1'], explicitBounds: [1, 2] }],
        },
      },
    ],
    /bucket_counts of "h"/,
    1,
    1,
  ],
  [
    'a histogram point without a time',
    [gauge(), { name: 'h', histogram: { aggregationTemporality: 1, dataPoints: [{ count: '1' }] } }],
    /"h" has no time/,
    1,
    1,
  ],
  ['a point that says "no recorded value"', [gauge({ timeUnixNano: '5', flags: 1 })], /^$/, 1, 0],
  ['an unknown kind of metric', [gauge(), { name: 'future' }], /^$/, 1, 0],
];

/** What only JSON can say. */
const jsonTable: typeof table = [
  ['a value that is a word', [gauge({ timeUnixNano: '5', asDouble: 'much' })], /has no numeric value/, 1, 1],
  ['a value that is no text of a number', [gauge({ timeUnixNano: '5', asDouble: '1,5' })], /as_double/, 1, 1],
  ['a value that is the empty text', [gauge({ timeUnixNano: '5', asDouble: '' })], /as_double/, 1, 1],
  ['an integer with a fraction', [gauge({ timeUnixNano: '5', asInt: '1.5' })], /as_int/, 1, 1],
  ['a time that is a word', [gauge({ timeUnixNano: 'now', asDouble: 1 })], /set time_unix_nano/, 1, 1],
  ...(['count', 'bucketCounts', 'explicitBounds', 'sum'] as const).map((field): (typeof table)[number] => [
    `a histogram whose ${field} is a word`,
    [
      gauge(),
      {
        name: 'h',
        histogram: {
          aggregationTemporality: 1,
          dataPoints: [
            {
              ...{ timeUnixNano: '5', count: '1', sum: 1, bucketCounts: ['1', '0'], explicitBounds: [1] },
              [field]: field.endsWith('s') ? ['x', '0'] : 'x',
            },
          ],
        },
      },
    ],
    new RegExp(`${field} of "h" is not a number`),
    ...([1, 1] as const),
  ]),
  ...(['scale', 'zeroCount', 'zeroThreshold', 'positive'] as const).map((field): (typeof table)[number] => [
    `an exponential histogram whose ${field} is a word`,
    [
      gauge(),
      {
        name: 'h',
        exponentialHistogram: {
          aggregationTemporality: 1,
          dataPoints: [{ timeUnixNano: '5', count: '1', [field]: field === 'positive' ? { offset: 'x' } : 'x' }],
        },
      },
    ],
    new RegExp(`${field === 'positive' ? 'offset' : field} of "h" is not a number`),
    ...([1, 1] as const),
  ]),
  [
    'a summary whose quantile is a word',
    [gauge(), { name: 'h', summary: { dataPoints: [{ timeUnixNano: '5', quantileValues: [{ quantile: 'x' }] }] } }],
    /quantile of "h" is not a number/,
    1,
    1,
  ],
  ['an integer that is a word', [gauge({ timeUnixNano: '5', asInt: 'many' })], /has no numeric value/, 1, 1],
  ['a point that is a number', [gauge(3)], /a data point is not a JSON object/, 1, 1],
  [
    'null, "NaN" and infinities as values',
    [
      gauge(
        { timeUnixNano: '5', asDouble: null },
        { timeUnixNano: '5', asDouble: 'NaN' },
        { timeUnixNano: '5', asDouble: '-Infinity' },
      ),
    ],
    /^$/,
    4,
    0,
  ],
  ['numbers where 64-bit integers are usually text', [gauge({ timeUnixNano: 5, asInt: 3 })], /^$/, 2, 0],
  [
    'enums by name and unknown fields',
    [
      gauge(),
      {
        name: 'n',
        later: 1,
        sum: { aggregationTemporality: 'AGGREGATION_TEMPORALITY_DELTA', dataPoints: [{ ...good, x: 1 }] },
      },
    ],
    /^$/,
    2,
    0,
  ],
  [
    'a sum of a histogram that is text',
    [
      gauge(),
      {
        name: 'h',
        histogram: { aggregationTemporality: 1, dataPoints: [{ timeUnixNano: '5', count: '1', sum: 'x' }] },
      },
    ],
    /sum of "h" is not a number/,
    1,
    1,
  ],
];

const request = (metrics: unknown[]) => ({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });

function check(kind: 1 | 4, body: Buffer, reason: RegExp, kept: number, refused: number): void {
  const arena = new CountingArena();
  const decoded = createRequestDecoder({ arena }).decode(kind, body);
  expect(decoded.refusals.message).toMatch(reason);
  expect([decoded.points, decoded.refusals.total]).toEqual([kept, refused]);
  expect(readBack(decoded, arena)[0]?.points[0]).toMatchObject({ series: 'loss', value: 1, time: 5n });
}

describe('good points are kept beside', () => {
  test.each(table)('%s (protobuf)', (_title, metrics, reason, kept, refused) => {
    check(RECORD_KIND.otlpMetricsProtobuf, encodeProtobuf('MetricsRequest', request(metrics)), reason, kept, refused);
  });
  test.each([...table, ...jsonTable])('%s (JSON)', (_title, metrics, reason, kept, refused) => {
    check(RECORD_KIND.otlpMetricsJson, Buffer.from(JSON.stringify(request(metrics))), reason, kept, refused);
  });
});

describe('JSON as protobuf writes and reads it', () => {
  const valuesOf = (...points: unknown[]) => {
    const arena = new CountingArena();
    const body = Buffer.from(JSON.stringify(request([gauge(...points)])));
    const decoded = createRequestDecoder({ arena }).decode(RECORD_KIND.otlpMetricsJson, body);
    expect(decoded.refusals.message).toBe('');
    return readBack(decoded, arena)[0]
      ?.points.slice(1)
      .map(({ value, time, step }) => [value, time, step]);
  };

  test.each([
    ['asDouble', '1.5', 1.5],
    ['asDouble', '-2e-3', -2e-3],
    ['asDouble', '.5', 0.5],
    ['asDouble', '+1', 1],
    ['asDouble', 'NaN', Number.NaN],
    ['asDouble', 'Infinity', Infinity],
    ['asDouble', '-Infinity', -Infinity],
    ['asInt', 3, 3],
    ['asInt', '3', 3],
    ['asInt', '1e3', 1000],
    ['asInt', 2.0, 2],
    ['asInt', '-4.0', -4],
    ['asInt', '-9007199254740991', -9007199254740991],
  ] as const)('%s %j is %j', (field, written, value) => {
    expect(valuesOf({ timeUnixNano: '7', [field]: written })).toEqual([[value, 7n, Number.NaN]]);
  });

  test.each([
    [1790000000000000000, 1790000000000000000n],
    ['1790000000000000001', 1790000000000000001n],
    ['1.79e18', 1790000000000000000n],
  ])('a time %j is %s ns', (timeUnixNano, time) => {
    expect(valuesOf({ timeUnixNano, asDouble: '2' })).toEqual([[2, time, Number.NaN]]);
  });

  test('a step may be a number or its text', () => {
    const step = (value: unknown) => ({ ...good, attributes: [{ key: 'simvue.step', value }] });
    const points = [step({ intValue: 4 }), step({ intValue: '5' }), step({ doubleValue: '6' })];
    expect(valuesOf(...points)?.map(([, , at]) => at)).toEqual([4, 5, 6]);
  });
});

describe('the answer', () => {
  test('names at most twenty reasons, whatever a request holds', () => {
    const refusals = new Refusals();
    for (let i = 0; i < 1000; i++) refusals.add(`reason ${i}`);
    refusals.add('reason 3', 2);
    expect(refusals.total).toBe(1002);
    expect([...refusals.entries]).toHaveLength(21);
    expect(refusals.message).toContain('reason 3 (3 times)');
    expect(refusals.message).toContain('other reasons (980 times)');
  });
});
