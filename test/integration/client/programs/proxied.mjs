// Asks its server for everything that a run can, and prints what it reads back.
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { Client, Run } from 'simvue-otel';
import { SimvueMetricExporter } from 'simvue-otel/exporter';

const config = { disableResourcesMetrics: true, disableProvenance: true, suppressErrors: false, abortOnAlert: 'run' };
const aborted = new Promise((resolve) => {
  config.onAbort = resolve;
});
const run = new Run(config);
await run.init({ id: process.env.RUN_ID, name: `proxied-${process.env.RUN_ID}` });
for (let i = 0; i < 100; i++) run.logMetrics({ x: i });
run.logEvent('the last line');
await run.createMetricThresholdAlert({ name: 'x is high', metric: 'x', rule: 'is above', threshold: 1000 });
await run.saveObject({ a: 1 }, 'output', { name: 'state' });
await run.assignMetricToGrid('field', 'line', [[0, 1, 2]], ['x']);
run.logMetrics({ field: [1, 2, 3] });

const exporter = new SimvueMetricExporter();
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
const resource = resourceFromAttributes({ 'simvue.run.name': `exported-${process.env.RUN_ID}` });
const meters = new MeterProvider({ resource, readers: [reader] });
meters.getMeter('test').createGauge('y').record(1);
await meters.shutdown();

if (process.argv[2] === 'abort') {
  console.log('waits for its abort');
  const waiting = setInterval(() => undefined, 1000);
  await aborted;
  clearInterval(waiting);
}
const closed = await run.close();
const client = new Client();
const id = await client.getRunIdFromName(`proxied-${process.env.RUN_ID}`);
const { status } = await client.getRun(id);
const artifact = await client.getArtifact(id, 'state');
const alerts = await client.getAlerts(id);
console.log(JSON.stringify({ closed, url: run.url, status, artifact, alerts: alerts.length }));
await client[Symbol.asyncDispose]();
