import type { AddressInfo } from 'node:net';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import type { IngestPort } from '../../../collector/pipeline/ingest-port.ts';
import { registerOtlpRoutes } from '../../../collector/receiver/otlp-routes.ts';
import { createRequestDecoder } from '../../../collector/receiver/request-decoder.ts';
import { CountingArena, type PlainPart, readBack } from '../../support/staged-points.ts';

async function receiver() {
  const arena = new CountingArena();
  const parts: PlainPart[] = [];
  const ingest: IngestPort = {
    hasRoom: true,
    async ingest({ decoded }) {
      parts.push(...readBack(decoded, arena));
      decoded.release();
      return { status: 'stored', rejected: decoded.refusals.total, message: decoded.refusals.message };
    },
  };
  const app = Fastify({ forceCloseConnections: true });
  registerOtlpRoutes(app, { ingest, decoder: createRequestDecoder({ arena }) });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    parts,
    arena,
    close: () => app.close(),
  };
}

const resource = resourceFromAttributes({
  'service.name': 'stock',
  'service.instance.id': 'w1',
  'simvue.run.tags': ['a', 'b'],
});

describe.each([
  ['protobuf', ProtobufMetricExporter, ProtobufLogExporter],
  ['JSON', JsonMetricExporter, JsonLogExporter],
] as const)('the stock exporters (%s, gzip)', (_encoding, MetricExporter, LogExporter) => {
  const options = (url: string) => ({ url, compression: CompressionAlgorithm.GZIP });

  test('deliver every kind of instrument', async () => {
    const { url, parts, arena, close } = await receiver();
    const reader = new PeriodicExportingMetricReader({
      exporter: new MetricExporter(options(`${url}/v1/metrics`)),
      exportIntervalMillis: 60_000,
    });
    const provider = new MeterProvider({
      resource,
      readers: [reader],
      views: [{ instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
    });
    const meter = provider.getMeter('stock');
    meter.createGauge('loss', { unit: 's' }).record(0.25, { 'simvue.step': 7, rank: 3 });
    meter.createGauge('bad').record(Number.NaN);
    meter.createCounter('steps').add(5);
    meter.createUpDownCounter('queue').add(-2);
    for (const value of [1, 30, 60]) {
      meter.createHistogram('latency', { unit: 'ms' }).record(value);
      meter.createHistogram('exponential').record(value);
    }
    await provider.shutdown();
    await close();
    const [part] = parts;
    expect(part?.instance).toBe('w1');
    expect(part?.resource).toMatchObject({ 'service.name': 'stock', 'simvue.run.tags': ['a', 'b'] });
    const read = new Map(part?.points.map((point) => [point.series, point]));
    expect(read.get('loss{rank="3"}')).toMatchObject({ value: 0.25, step: 7, unit: 's', temporality: 'gauge' });
    expect(read.get('bad')?.value).toBeNaN();
    expect(read.get('steps')).toMatchObject({ value: 5, temporality: 'cumulative' });
    expect(read.get('queue')).toMatchObject({ value: -2, temporality: 'cumulative' });
    for (const name of ['latency', 'exponential']) {
      expect(read.get(`${name}.count`)).toMatchObject({ value: 3, unit: '', temporality: 'cumulative' });
      expect(read.get(`${name}.sum`)?.value).toBe(91);
      expect(read.get(`${name}.min`)?.value).toBe(1);
      expect(read.get(`${name}.max`)).toMatchObject({ value: 60, temporality: 'gauge' });
      expect(read.get(`${name}.avg`)?.value).toBeCloseTo(91 / 3);
      expect(read.get(`${name}.p99`)?.value).toBeGreaterThan(45);
    }
    expect(Number((read.get('loss{rank="3"}')?.time ?? 0n) / 1_000_000n)).toBeGreaterThan(Date.now() - 30_000);
    expect(arena.references).toBe(0);
  });

  test('deliver log records', async () => {
    const { url, parts, close } = await receiver();
    const processor = new BatchLogRecordProcessor({ exporter: new LogExporter(options(`${url}/v1/logs`)) });
    const provider = new LoggerProvider({ resource, processors: [processor] });
    const logger = provider.getLogger('stock');
    logger.emit({
      eventName: 'checkpoint',
      severityNumber: SeverityNumber.WARN,
      severityText: 'WARN',
      body: 'saved',
      timestamp: [1_790_000_000, 123_456_789],
      attributes: { file: 'x', n: 3 },
    });
    logger.emit({
      eventName: 'simvue.metrics',
      body: { loss: 0.5, accuracy: 1 },
      attributes: { 'simvue.step': 4 },
      timestamp: [1_790_000_001, 1],
    });
    await provider.shutdown();
    await close();
    const [part] = parts;
    expect(part?.events).toHaveLength(1);
    expect(part?.events[0]).toMatchObject({
      timeUnixNano: 1_790_000_000_123_456_789n,
      severityNumber: 13,
      severityText: 'WARN',
      eventName: 'checkpoint',
      body: 'saved',
    });
    expect({ ...part?.events[0]?.attributes }).toEqual({ file: 'x', n: 3 });
    expect(part?.points.map(({ series, value, step, time }) => [series, value, step, time])).toEqual([
      ['loss', 0.5, 4, 1_790_000_001_000_000_001n],
      ['accuracy', 1, 4, 1_790_000_001_000_000_001n],
    ]);
  });
});
