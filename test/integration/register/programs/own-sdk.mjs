// A program with an SDK of its own, which starts late; runs with SDK 2.x and 3.x. What it exports goes to APPLICATION_URL.
import * as api from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';

const { metrics } = api;
const logs = api.logs ?? (await import('@opentelemetry/api-logs')).logs;
const url = process.env.APPLICATION_URL;

const early = metrics.getMeter('early').createGauge('early');
early.record(1);
const earlyLogger = logs.getLogger('early');
earlyLogger.emit({ body: 'before the SDK' });

const metricExporter = new OTLPMetricExporter({ url: `${url}/v1/metrics` });
const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 });
const isRegistered = metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
const logExporter = new OTLPLogExporter({ url: `${url}/v1/logs` });
let processor;
try {
  processor = new SimpleLogRecordProcessor({ exporter: logExporter });
} catch {
  processor = new SimpleLogRecordProcessor(logExporter);
}
const loggerProvider = new LoggerProvider({ processors: [processor] });
logs.setGlobalLoggerProvider(loggerProvider);

const meter = metrics.getMeter('app', '1.0');
const gauge = meter.createGauge('gauge', { unit: 's' });
const counter = meter.createCounter('counter');
const both = meter.createUpDownCounter('both');
const histogram = meter.createHistogram('histogram');
const observed = meter.createObservableGauge('observed');
const batched = meter.createObservableCounter('batched');
let calls = 0;
const callback = (result) => result.observe(++calls, { a: 1 });
const removed = (result) => result.observe(1000);
observed.addCallback(callback);
observed.addCallback(callback);
observed.addCallback(removed);
observed.removeCallback(removed);
const batch = (result) => {
  result.observe(batched, 10 * calls);
  result.observe(observed, calls, { b: 2 });
};
meter.addBatchObservableCallback(batch, [batched, observed]);

early.record(2);
earlyLogger.emit({ body: 'early logger, after the SDK', severityNumber: 9 });
for (let round = 0; round < 2; round++) {
  for (let i = 0; i < 10; i++) {
    gauge.record(i, { a: 'x' });
    counter.add(1);
    both.add(i % 2 === 0 ? 1 : -3, { b: true });
    histogram.record(i);
  }
  logs.getLogger('app').emit({ body: { round }, attributes: { list: [1, 2] }, severityNumber: 17 });
  await metrics.getMeterProvider().forceFlush();
}
meter.removeBatchObservableCallback(batch, [batched, observed]);
await metrics.getMeterProvider().forceFlush();
await loggerProvider.shutdown();
await metrics.getMeterProvider().shutdown();
const isProvider = metrics.getMeterProvider() instanceof MeterProvider;
process.stdout.write(
  `${JSON.stringify({ isRegistered, isProvider, calls, again: metrics.setGlobalMeterProvider({}) })}\n`,
);
