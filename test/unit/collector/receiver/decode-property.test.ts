import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RECORD_KIND } from '../../../../collector/pipeline/record-kind.ts';
import { printSeriesName } from '../../../../collector/pipeline/series-name.ts';
import { createRequestDecoder } from '../../../../collector/receiver/request-decoder.ts';
import { encodeJson, encodeProtobuf } from '../../../support/otlp-proto.ts';
import { CountingArena, type PlainPoint, readBack } from '../../../support/staged-points.ts';

type Value = { stringValue: string } | { intValue: string } | { doubleValue: number } | { boolValue: boolean };
interface Point {
  timeUnixNano: string;
  startTimeUnixNano?: string;
  asDouble?: number | string;
  asInt?: string;
  flags?: number;
  attributes: { key: string; value: Value }[];
}

/** JSON has no -0. */
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const doubles = fc.oneof(finite, fc.constantFrom('NaN', 'Infinity', '-Infinity'));
const steps = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 127, 128, 2 ** 28 - 1, 2 ** 28, 2 ** 53 - 1, -(2 ** 53) + 1),
);
const labels = fc.array(
  fc.record({
    key: fc.constantFrom('rank', 'phase', 'a.b', 'simv', 'x', '__proto__'),
    value: fc.oneof(
      fc.string({ maxLength: 12, unit: 'grapheme' }).map((stringValue) => ({ stringValue })),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ intValue: value.toString() })),
      fc.boolean().map((boolValue) => ({ boolValue })),
    ),
  }),
  { maxLength: 3 },
);
const own = fc.record(
  {
    step: fc.oneof(
      steps.map((step) => ({ intValue: String(step) })),
      steps.map((step) => ({ stringValue: String(step) })),
    ),
    time: finite,
    sequence: fc.nat({ max: 60 }),
  },
  { requiredKeys: [] },
);
const points: fc.Arbitrary<Point> = fc
  .record({
    time: fc.oneof(fc.bigInt({ min: 1n, max: 40n }), fc.bigInt({ min: 1n, max: 2n ** 63n - 1n })),
    value: fc.oneof(
      doubles.map((asDouble) => ({ asDouble })),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ asInt: value.toString() })),
    ),
    started: fc.boolean(),
    noValue: fc.constantFrom(0, 0, 0, 1),
    labels,
    own,
    ownFirst: fc.boolean(),
  })
  .map(({ time, value, started, noValue, labels, own, ownFirst }) => {
    const reserved = [
      ...(own.step === undefined ? [] : [{ key: 'simvue.step', value: own.step }]),
      ...(own.sequence === undefined ? [] : [{ key: 'simvue.seq', value: { intValue: String(own.sequence) } }]),
      ...(own.time === undefined ? [] : [{ key: 'simvue.time', value: { doubleValue: own.time } }]),
    ];
    return {
      timeUnixNano: time.toString(),
      ...(started ? { startTimeUnixNano: '7' } : {}),
      ...value,
      ...(noValue === 1 ? { flags: 1 } : {}),
      attributes: ownFirst ? [...reserved, ...labels] : [...labels, ...reserved],
    };
  });
const metrics = fc
  .record({
    name: fc.constantFrom('loss', 'train/loss.total', 'résidu', 'a{b}', 'x'.repeat(255)),
    unit: fc.constantFrom('', 's'),
    kind: fc.constantFrom('gauge', 'delta', 'cumulative'),
    dataPoints: fc.array(points, { maxLength: 12 }),
  })
  .map(({ name, unit, kind, dataPoints }) =>
    kind === 'gauge'
      ? { name, unit, gauge: { dataPoints } }
      : { name, unit, sum: { dataPoints, aggregationTemporality: kind === 'delta' ? 1 : 2, isMonotonic: true } },
  );
const requests = fc.record({
  resourceMetrics: fc.array(
    fc.record({
      resource: fc.constantFrom('a', 'b', 'c').map((run) => ({
        attributes: [
          { key: 'simvue.run.id', value: { stringValue: run } },
          { key: 'service.instance.id', value: { stringValue: `${run}-1` } },
        ],
      })),
      scopeMetrics: fc.array(fc.record({ metrics: fc.array(metrics, { maxLength: 4 }) }), { maxLength: 2 }),
    }),
    { maxLength: 4 },
  ),
});

/** The plainest possible reading of a request: points in order, by runs of the same resource. */
function oracle(request: typeof requests extends fc.Arbitrary<infer T> ? T : never, units: Map<string, string>) {
  const parts: { instance: string; points: PlainPoint[]; numbers: Set<number> }[] = [];
  let previous: string | undefined;
  for (const { resource, scopeMetrics } of request.resourceMetrics) {
    const instance = String(resource.attributes[1]?.value.stringValue);
    if (instance !== previous) parts.push({ instance, points: [], numbers: new Set() });
    previous = instance;
    for (const metric of scopeMetrics.flatMap((scope) => scope.metrics)) {
      const data = 'gauge' in metric ? metric.gauge : metric.sum;
      const temporality =
        'gauge' in metric ? 'gauge' : metric.sum.aggregationTemporality === 1 ? 'delta' : 'cumulative';
      for (const point of data.dataPoints) {
        if (point.flags === 1) continue;
        const texts = new Map<string, string>();
        let step = Number.NaN;
        let runTime = Number.NaN;
        for (const { key, value } of point.attributes) {
          const text = String(Object.values(value)[0]);
          if (key === 'simvue.step') step = Number(text) + 0;
          else if (key === 'simvue.time') runTime = Number(text);
          else if (key === 'simvue.seq') parts.at(-1)?.numbers.add(Number(text));
          else if (!key.startsWith('simvue.')) texts.set(key, text);
        }
        const sorted = [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
        const series = printSeriesName(metric.name, sorted);
        const key = `${instance} ${temporality} ${series}`;
        if (!units.has(key)) units.set(key, metric.unit);
        const value = Number(point.asDouble ?? point.asInt);
        const unit = units.get(key) as string;
        parts
          .at(-1)
          ?.points.push({ series, unit, temporality, time: BigInt(point.timeUnixNano), value, step, runTime });
      }
    }
  }
  return parts.filter((part) => part.points.length > 0);
}

/** The numbers in ranges that must ascend and lie apart. */
function numbersOf(edges: readonly number[]): Set<number> {
  const numbers = new Set<number>();
  for (let i = 0; i < edges.length; i += 2) {
    if (i > 0 && (edges[i] as number) <= (edges[i - 1] as number) + 1) throw new Error(`ranges touch: ${edges}`);
    for (let one = edges[i] as number; one <= (edges[i + 1] as number); one++) numbers.add(one);
  }
  return numbers;
}

describe('a request written by another encoder', () => {
  test.each(['protobuf', 'json'] as const)('is decoded as a naive walk reads it (%s)', (encoding) => {
    fc.assert(
      fc.property(fc.array(requests, { minLength: 1, maxLength: 3 }), (several) => {
        const arena = new CountingArena({ blockBytes: 7 * 32, maxBlocks: 400 });
        const decoder = createRequestDecoder({ arena });
        const units = new Map<string, string>();
        for (const request of several) {
          const decoded =
            encoding === 'protobuf'
              ? decoder.decode(RECORD_KIND.otlpMetricsProtobuf, encodeProtobuf('MetricsRequest', request))
              : decoder.decode(RECORD_KIND.otlpMetricsJson, encodeJson('MetricsRequest', request));
          const read = readBack(decoded, arena).map(({ instance, points }, index) => ({
            instance,
            points,
            numbers: numbersOf(decoded.parts[index]?.writer?.edges ?? []),
          }));
          expect(read).toEqual(oracle(request, units));
          expect(decoded.refusals.total).toBe(0);
          decoded.release();
          decoded.release();
          expect(arena.references).toBe(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
