/**
 * Speed of the OTLP decoder: bodies of 5,000 points (10 metrics x 500 steps), one thread. Prints one JSON line.
 *
 * Run after `npm run build`: `node bench/decode.mjs`.
 */

import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { RECORD_KIND } from '../collector/dist/pipeline/record-kind.js';
import { StagingArena } from '../collector/dist/pipeline/staging.js';
import { createRequestDecoder } from '../collector/dist/receiver/request-decoder.js';

const METRICS = 10;
const STEPS = 500;
const SECONDS = 2;

function body(labels) {
  const metrics = Array.from({ length: METRICS }, (_, metric) => ({
    descriptor: { name: `train/metric.${metric}`, description: '', unit: '', valueType: 1 },
    aggregationTemporality: 1,
    dataPointType: 2,
    dataPoints: Array.from({ length: STEPS }, (_, step) => ({
      startTime: [0, 0],
      endTime: [1_790_000_000 + step, 123_456_789],
      attributes: { ...labels, 'simvue.step': step },
      value: Math.sin(step) * metric,
    })),
  }));
  return Buffer.from(
    ProtobufMetricsSerializer.serializeRequest({
      resource: resourceFromAttributes({ 'service.name': 'bench', 'simvue.run.id': 'bench' }),
      scopeMetrics: [{ scope: { name: 'bench' }, metrics }],
    }),
  );
}

function pointsPerSecond(request) {
  const decoder = createRequestDecoder({ arena: new StagingArena(() => {}) });
  let points = 0;
  const started = process.hrtime.bigint();
  const deadline = started + BigInt(SECONDS) * 1_000_000_000n;
  do {
    for (let i = 0; i < 50; i++) {
      const decoded = decoder.decode(RECORD_KIND.otlpMetricsProtobuf, request);
      points += decoded.points;
      decoded.release();
    }
  } while (process.hrtime.bigint() < deadline);
  return Math.round(points / (Number(process.hrtime.bigint() - started) / 1e9));
}

const plain = body({});
const labelled = body({ phase: 'train', rank: '3' });
const result = {
  bytes_per_point: Math.round((10 * plain.length) / (METRICS * STEPS)) / 10,
  points_per_second: pointsPerSecond(plain),
  points_per_second_with_two_attributes: pointsPerSecond(labelled),
};
console.log(JSON.stringify(result));
