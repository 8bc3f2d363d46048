import { SeverityNumber } from '@opentelemetry/api-logs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { Run } from 'simvue-otel';
import { SimvueLogRecordExporter, SimvueMetricExporter } from 'simvue-otel/exporter';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { CollectorProcess } from '../../support/collector-process.ts';
import { FaultyProxy } from '../../support/faulty-proxy.ts';
import { eventually } from '../../support/rest-reader.ts';

let collector: CollectorProcess;

beforeAll(async () => {
  collector = await CollectorProcess.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

const runsNamed = async (name: string) => (await collector.rest.runs({ filters: [`name == ${name}`] })).data;

/** A program's own SDK: one resource, metrics each 100 ms, logs in batches. */
function ownSdk(name: string, url: string) {
  const resource = resourceFromAttributes({
    'simvue.run.id': name,
    'simvue.run.name': name,
    'simvue.run.folder': '/own/sdk',
    'simvue.run.tags': 'a;b',
    'simvue.run.metadata.mesh': 'fine',
  });
  const meters = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new SimvueMetricExporter({ url }),
        exportIntervalMillis: 100,
        exportTimeoutMillis: 100,
      }),
    ],
  });
  const exporter = new SimvueLogRecordExporter({ url });
  const loggers = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter })] });
  const end = async () => {
    await meters.shutdown();
    await loggers.shutdown();
  };
  return { meter: meters.getMeter('test'), logger: loggers.getLogger('test'), meters, end };
}

describe('the exporters in a program’s own SDK', () => {
  test('make one run of its resource, with its gauges, counters, histograms and log lines, and complete it at shutdown', async () => {
    const { meter, logger, meters, end } = ownSdk('own-sdk', collector.url);
    const gauge = meter.createGauge('residual');
    const counter = meter.createCounter('cells');
    const queue = meter.createUpDownCounter('queue');
    for (let i = 0; i < 3; i++) {
      gauge.record(1 / (i + 1), { field: 'p' });
      counter.add(10);
      queue.add(i === 2 ? -1 : 3);
      await meters.forceFlush();
    }
    meter.createHistogram('step.duration').record(4);
    logger.emit({ body: 'mesh refined', severityNumber: SeverityNumber.WARN });
    logger.emit({
      attributes: { 'exception.type': 'Error', 'exception.message': 'no', 'exception.stacktrace': 'at x' },
    });
    await end();
    const runs = await runsNamed('own-sdk');
    expect(runs).toHaveLength(1);
    const run = runs[0];
    expect(run).toMatchObject({
      folder: '/own/sdk',
      tags: ['a', 'b'],
      status: 'completed',
      metadata: { mesh: 'fine' },
    });
    const id = run?.id ?? '';
    const { rest } = collector;
    const values =
      (await rest.metricValues([id], ['residual(field=p)', 'cells', 'queue', 'step.duration.avg']))[id] ?? {};
    expect(values['residual(field=p)']?.map(({ value }) => value)).toEqual([1, 0.5, 1 / 3]);
    expect(values['cells']?.map(({ value }) => value)).toEqual([10, 10, 10]);
    expect([...new Set(values['queue']?.map(({ value }) => value))]).toEqual([3, 6, 5]);
    expect(values['step.duration.avg']?.map(({ value }) => value)).toEqual([4]);
    const { data } = await rest.events(id);
    expect(new Map(data.map(({ message, log_level }) => [message, log_level]))).toEqual(
      new Map([
        ['mesh refined', 'warning'],
        ['Error: no\nat x', null],
      ]),
    );
  });

  test('of programs that begin at the same time with the same resource make one run', async () => {
    const begin = (program: number) => {
      const exporter = new SimvueMetricExporter({ url: collector.url, headers: { 'x-program': String(program) } });
      const resource = resourceFromAttributes({ 'simvue.run.id': 'together', 'simvue.run.name': 'together' });
      const meters = new MeterProvider({ resource, readers: [new PeriodicExportingMetricReader({ exporter })] });
      meters.getMeter('test').createGauge('x').record(program);
      return meters;
    };
    const programs = Array.from({ length: 6 }, (_, i) => begin(i));
    await Promise.all(programs.map((meters) => meters.forceFlush()));
    const runs = await runsNamed('together');
    expect(runs).toHaveLength(1);
    const id = runs[0]?.id ?? '';
    const values = (await collector.rest.metricValues([id], ['x']))[id]?.['x'] ?? [];
    expect(values.map(({ value }) => value).toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
    await Promise.all(programs.map((meters) => meters.shutdown()));
  });

  test('find the same run again after a restart', async () => {
    const first = ownSdk('again', collector.url);
    first.meter.createGauge('x').record(1);
    await first.end();
    const second = ownSdk('again', collector.url);
    second.meter.createGauge('x').record(2);
    await second.meters.forceFlush();
    expect((await runsNamed('again')).map(({ status }) => status)).toEqual(['running']);
    await second.end();
    const runs = await runsNamed('again');
    expect(runs.map(({ status }) => status)).toEqual(['completed']);
    const id = runs[0]?.id ?? '';
    const values = (await collector.rest.metricValues([id], ['x']))[id]?.['x'];
    expect(values?.map(({ value }) => value).toSorted()).toEqual([1, 2]);
  });

  test('give a sign of life each minute, so that only a program that is killed is found lost', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const exporter = new SimvueMetricExporter({ url: collector.url, headers: { 'x-program': 'alive' } });
    const resource = resourceFromAttributes({ 'simvue.run.id': 'alive', 'simvue.run.name': 'alive' });
    const meters = new MeterProvider({ resource, readers: [new PeriodicExportingMetricReader({ exporter })] });
    meters.getMeter('test').createGauge('x').record(1);
    await meters.forceFlush();
    const [run] = await runsNamed('alive');
    const seen = await eventually(
      () => collector.rest.run(run?.id as string),
      ({ last_sign }) => last_sign !== null,
    );
    expect(seen.heartbeat_timeout).toBe(180);
    const minuteLater = async () => {
      await vi.advanceTimersByTimeAsync(60_000);
      return collector.rest.run(run?.id as string);
    };
    await eventually(minuteLater, ({ last_sign }) => String(last_sign) > String(seen.last_sign));
    await meters.shutdown();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("Run with transport: 'simvue'", () => {
  test('keeps every value with its step and time, the events, and what changes during the run', async () => {
    const run = new Run({
      url: collector.url,
      transport: 'simvue',
      disableResourcesMetrics: true,
      suppressErrors: false,
    });
    await run.init({ name: 'rest-run', folder: '/rest', tags: ['first'], metadata: { lr: 0.1 } });
    for (let i = 0; i < 5000; i++) run.logMetrics({ loss: i / 2, gap: i % 2 === 0 ? i : Number.NaN });
    run.logMetrics({ own: 1 }, { step: 7, time: -2.5 });
    run.logEvent('halfway');
    run.updateMetadata({ converged: true });
    run.updateTags(['second']);
    run.setFolderDetails({ description: 'by REST' });
    expect(await run.close()).toBe(true);
    const runs = await runsNamed('rest-run');
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ status: 'completed', folder: '/rest', metadata: { lr: 0.1, converged: true } });
    expect(runs[0]?.tags.toSorted()).toEqual(['first', 'second']);
    const id = runs[0]?.id ?? '';
    const { rest } = collector;
    const values = (await rest.metricValues([id], ['loss', 'own']))[id] ?? {};
    expect(values['loss']).toEqual(Array.from({ length: 5000 }, (_, i) => ({ step: i, value: i / 2 })));
    expect(values['own']).toEqual([{ step: 7, value: 1 }]);
    expect((await rest.events(id)).data.map(({ message }) => message)).toEqual(['halfway']);
    expect((await rest.folders()).data.find(({ path }) => path === '/rest')?.description).toBe('by REST');
  });

  test('sends again what a server that was down has not taken, in order', async () => {
    await using proxy = await FaultyProxy.start(collector.url, 'down');
    const run = new Run({ url: proxy.url, transport: 'simvue', disableResourcesMetrics: true });
    await run.init({ name: 'rest-down' });
    for (let i = 0; i < 100; i++) run.logMetrics({ x: i });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    proxy.condition = 'up';
    expect(await run.close()).toBe(true);
    const runs = await eventually(
      () => runsNamed('rest-down'),
      (found) => found.length === 1,
    );
    const id = runs[0]?.id ?? '';
    const values = (await collector.rest.metricValues([id], ['x']))[id]?.['x'];
    expect(values).toEqual(Array.from({ length: 100 }, (_, i) => ({ step: i, value: i })));
  });
});
