import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { Run } from 'simvue-otel';
import { describe, expect, test } from 'vitest';
import { OtlpSinkServer } from '../../support/otlp-sink.ts';

const CONFIG = { disableResourcesMetrics: true, suppressErrors: false };

describe('a pair of stock exporters', () => {
  test('exporter-metrics-otlp-http gets each value as a gauge data point with its own time and step', async () => {
    await using sink = await OtlpSinkServer.start();
    const metrics = new OTLPMetricExporter({ url: `${sink.url}/v1/metrics` });
    const logs = new OTLPLogExporter({ url: `${sink.url}/v1/logs` });
    const run = new Run({ ...CONFIG, exporter: { metrics, logs } });
    await run.init({ name: 'stock', tags: ['a', 'b'] });
    run.logMetrics({ x: 0.5, y: 7n }, { step: 3, timestamp: 1_790_000_000_123_456_789n });
    run.logMetrics({ x: 1.5 });
    run.logEvent('hello', { level: 'warn' });
    expect(await run.close()).toBe(true);
    expect(run.url).toBeUndefined();

    const bodies = (path: string) =>
      sink.requests.filter((r) => r.path === path).map((r) => JSON.parse(r.body.toString()));
    const resource = bodies('/v1/metrics')[0].resourceMetrics[0];
    expect(resource.resource.attributes).toContainEqual({ key: 'simvue.run.id', value: { stringValue: run.id } });
    const sent = resource.scopeMetrics[0].metrics;
    expect(sent.map((metric: { name: string }) => metric.name)).toEqual(['x', 'y', 'x']);
    expect(sent.every((metric: { gauge: { dataPoints: unknown[] } }) => metric.gauge.dataPoints.length === 1)).toBe(
      true,
    );
    expect(sent[0].gauge.dataPoints[0]).toMatchObject({
      timeUnixNano: '1790000000123456789',
      asDouble: 0.5,
      attributes: [{ key: 'simvue.step', value: { intValue: 3 } }],
    });
    const records = bodies('/v1/logs').flatMap((body) => body.resourceLogs[0].scopeLogs[0].logRecords);
    expect(records.map((record) => record.eventName ?? '')).toEqual(['simvue.run.start', '', 'simvue.run.end']);
    expect(records[1]).toMatchObject({ body: { stringValue: 'hello' }, severityNumber: 13, severityText: 'WARN' });
  });

  test('the protobuf exporters send what our own sender sends', async () => {
    await using stock = await OtlpSinkServer.start();
    await using own = await OtlpSinkServer.start();
    const metrics = new ProtobufMetricExporter({ url: `${stock.url}/v1/metrics` });
    const logs = new ProtobufLogExporter({ url: `${stock.url}/v1/logs` });
    for (const run of [new Run({ ...CONFIG, exporter: { metrics, logs } }), new Run({ ...CONFIG, url: own.url })]) {
      await run.init({ id: 'same' });
      for (let i = 0; i < 2500; i++) run.logMetrics({ x: i / 3, bad: Number.NaN });
      run.updateMetadata({ a: 1, b: [true, 'x'], c: null });
      await run.close();
    }
    const values = (sink: OtlpSinkServer) => sink.points.map(({ name, value, step }) => [name, value, step]);
    expect(values(stock)).toEqual(values(own));
    expect(stock.points).toHaveLength(5000);
    const changes = (sink: OtlpSinkServer) => sink.records.map(({ eventName }) => eventName);
    expect(changes(stock)).toEqual(changes(own));
  });

  test('a failed export is kept and exported again', async () => {
    await using sink = await OtlpSinkServer.start();
    const results = [1, 1, 0];
    const exported: number[] = [];
    const metrics = {
      export: (batch: { scopeMetrics: { metrics: unknown[] }[] }, done: (result: { code: number }) => void) => {
        exported.push(batch.scopeMetrics[0]?.metrics.length ?? 0);
        done({ code: results.shift() ?? 0 });
      },
      forceFlush: async () => undefined,
      shutdown: async () => undefined,
    };
    const logs = new OTLPLogExporter({ url: `${sink.url}/v1/logs` });
    const run = new Run({ ...CONFIG, exporter: { metrics, logs } });
    await run.init();
    run.logMetrics({ a: 1, b: 2 });
    expect(await run.close()).toBe(true);
    expect(exported).toEqual([2, 2, 2]);
    expect(run.counters).toMatchObject({ pendingPoints: 0, dropped: 0, delivered: 4 });
  });
});

describe('resource use', () => {
  test('CPU and memory are sampled at once and then at the interval, with steps of their own', async () => {
    await using sink = await OtlpSinkServer.start();
    const run = new Run({ url: sink.url, suppressErrors: false, resourcesMetricsInterval: 0.3 });
    await run.init();
    const samples = (name: string) => sink.points.filter((point) => point.name === name);
    while (samples('resources/cpu.usage.percent').length < 3) {
      for (let i = 0; i < 1e6; i++) Math.sqrt(i);
      await new Promise((resolve) => setImmediate(resolve));
    }
    run.logMetrics({ user: 1 });
    await run.close();
    const cpu = samples('resources/cpu.usage.percent');
    const memory = samples('resources/memory.usage');
    expect(cpu.map((point) => point.step)).toEqual(cpu.map((_, i) => i));
    expect(memory.map((point) => point.timeUnixNano)).toEqual(cpu.map((point) => point.timeUnixNano));
    const cpuPercents = cpu.map((point) => Number(point.value));
    expect(Math.min(...cpuPercents)).toBeGreaterThan(1);
    expect(Math.max(...cpuPercents)).toBeLessThan(800);
    const residentMebibytes = process.memoryUsage.rss() / 2 ** 20;
    expect(Number(memory.at(-1)?.value)).toBeGreaterThan(residentMebibytes / 3);
    expect(Number(memory.at(-1)?.value)).toBeLessThan(residentMebibytes * 3);
    expect(sink.userPoints.map((point) => point.step)).toEqual([0]);
  });
});
