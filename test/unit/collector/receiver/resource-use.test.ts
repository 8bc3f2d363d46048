import { cpus } from 'node:os';
import { diag } from '@opentelemetry/api';
import { HostMetrics } from '@opentelemetry/host-metrics';
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { describe, expect, test, vi } from 'vitest';
import { RECORD_KIND, type RecordKind } from '../../../../collector/pipeline/record-kind.ts';
import { createRequestDecoder } from '../../../../collector/receiver/request-decoder.ts';
import { encodeProtobuf } from '../../../support/otlp-proto.ts';
import { CountingArena, readBack } from '../../../support/staged-points.ts';

const MEBIBYTE = 1024 * 1024;

function pointsOf(kind: RecordKind, body: Buffer) {
  const arena = new CountingArena();
  const decoded = createRequestDecoder({ arena }).decode(kind, body);
  expect(decoded.refusals.total).toBe(0);
  return readBack(decoded, arena).flatMap((part) => part.points);
}

interface Sample {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly time?: number;
}

const gauge = (name: string, ...samples: Sample[]) => ({
  name,
  gauge: {
    dataPoints: samples.map(({ value, labels = {}, time = 5 }) => ({
      timeUnixNano: String(time),
      asDouble: value,
      attributes: Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    })),
  },
});

const useOf = (...metrics: unknown[]) =>
  pointsOf(
    RECORD_KIND.otlpMetricsProtobuf,
    encodeProtobuf('MetricsRequest', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
  )
    .filter(({ series }) => series.startsWith('resources/'))
    .map(({ series, time, value, unit, temporality }) => [series, Number(time), value, unit, temporality]);

class OnDemandReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

describe('what @opentelemetry/host-metrics sends', () => {
  test('becomes the use of resources in our units, beside the names it has', async () => {
    vi.spyOn(diag, 'warn').mockReturnValue(undefined);
    const reader = new OnDemandReader();
    new HostMetrics({ meterProvider: new MeterProvider({ readers: [reader] }) }).start();
    await reader.collect();
    const started = performance.now();
    while (performance.now() - started < 50);
    const { resourceMetrics } = await reader.collect();
    for (const [kind, serializer] of [
      [RECORD_KIND.otlpMetricsProtobuf, ProtobufMetricsSerializer],
      [RECORD_KIND.otlpMetricsJson, JsonMetricsSerializer],
    ] as const) {
      const points = pointsOf(kind, Buffer.from(serializer.serializeRequest(resourceMetrics) ?? []));
      const values = new Map(points.map(({ series, value }) => [series, value]));
      const shareIn = (state: string) =>
        values.get(`process.cpu.utilization{process.cpu.state="${state}"}`) ?? Number.NaN;
      const cores = (shareIn('user') + shareIn('system')) * cpus().length;
      expect(cores).toBeGreaterThan(0);
      expect(values.get('resources/cpu.usage.percent')).toBeCloseTo(100 * cores, 6);
      expect(values.get('resources/memory.usage')).toBe((values.get('process.memory.usage') ?? 0) / MEBIBYTE);
      expect(values.get('resources/host.cpu.percent')).toBeGreaterThanOrEqual(0);
      expect(values.get('resources/host.cpu.percent')).toBeLessThanOrEqual(100);
      expect(values.get('resources/host.memory.usage')).toBe(
        (values.get('system.memory.usage{system.memory.state="used"}') ?? 0) / MEBIBYTE,
      );
    }
  });
});

describe('the use of resources', () => {
  const cpu = (cpu: string, state: string) => ({ cpu, state });

  test('is summed over states, in percent of a core, with the attribute names of any year', () => {
    const idle = gauge(
      'system.cpu.utilization',
      ...['0', '1', '2', '3'].map((one) => ({ value: 0.75, labels: cpu(one, 'idle') })),
      { value: 0.25, labels: cpu('0', 'user') },
    );
    const process = gauge('process.cpu.utilization', { value: 0.25, labels: { state: 'user' } }, { value: 0.125 });
    expect(useOf(process, idle)).toEqual([
      ['resources/cpu.usage.percent', 5, 150, '%', 'gauge'],
      ['resources/host.cpu.percent', 5, 25, '%', 'gauge'],
    ]);
  });

  test('of CPU is left out when nothing tells the number of CPUs', () => {
    expect(useOf(gauge('process.cpu.utilization', { value: 0.5 }))).toEqual([]);
  });

  test('is told for each time of a request', () => {
    const memory = gauge('process.memory.usage', { value: MEBIBYTE, time: 5 }, { value: 3 * MEBIBYTE, time: 6 });
    expect(useOf(memory)).toEqual([
      ['resources/memory.usage', 5, 1, 'MiBy', 'gauge'],
      ['resources/memory.usage', 6, 3, 'MiBy', 'gauge'],
    ]);
  });

  test('of the network is summed over devices, and stays a total', () => {
    const io = (direction: string, device: string) => ({ direction, device });
    const network = {
      name: 'system.network.io',
      sum: {
        ...gauge(
          '',
          { value: MEBIBYTE, labels: io('receive', 'eth0') },
          { value: 2 * MEBIBYTE, labels: io('receive', 'lo') },
          { value: MEBIBYTE / 2, labels: io('transmit', 'lo') },
        ).gauge,
        aggregationTemporality: 2,
        isMonotonic: true,
      },
    };
    expect(useOf(network)).toEqual([
      ['resources/host.network.receive', 5, 3, 'MiBy', 'cumulative'],
      ['resources/host.network.transmit', 5, 0.5, 'MiBy', 'cumulative'],
    ]);
  });

  test('is not made of values that are not finite', () => {
    expect(useOf(gauge('process.memory.usage', { value: 'NaN' as unknown as number }))).toEqual([]);
  });
});

describe('a program that sends its CPU seconds only', () => {
  const arena = new CountingArena();
  const time = (...samples: Sample[]) => {
    const { name, gauge: data } = gauge('process.cpu.time', ...samples);
    return { name, sum: { ...data, aggregationTemporality: 2, isMonotonic: true } };
  };
  const second = (at: number, user: number, system: number) =>
    time(
      { time: at * 1e9, value: user, labels: { 'cpu.mode': 'user' } },
      { time: at * 1e9, value: system, labels: { 'cpu.mode': 'system' } },
    );
  const sender = () => {
    const decoder = createRequestDecoder({ arena });
    return (...metrics: unknown[]) => {
      const body = encodeProtobuf('MetricsRequest', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
      const decoded = decoder.decode(RECORD_KIND.otlpMetricsProtobuf, body);
      const points = readBack(decoded, arena).flatMap((part) => part.points);
      decoded.release();
      return points
        .filter(({ series }) => series === 'resources/cpu.usage.percent')
        .map((point) => [Number(point.time) / 1e9, point.value]);
    };
  };

  test('has the use of CPU from its second sample on, over requests, late and repeated ones', () => {
    const send = sender();
    expect(send(second(10, 1, 1))).toEqual([]);
    expect(send(second(12, 2, 2))).toEqual([[12, 100]]);
    expect(send(second(12, 2, 2))).toEqual([[12, 100]]);
    expect(send(second(11, 1.5, 1))).toEqual([]);
    expect(send(second(14, 7, 3), second(13, 4, 2))).toEqual([
      [13, 200],
      [14, 400],
    ]);
  });

  test('has none across a restart of its counter, and another program does not mix with it', () => {
    const send = sender();
    send(second(10, 50, 0));
    expect(send(second(11, 1, 0))).toEqual([]);
    expect(send(second(12, 1.5, 0))).toEqual([[12, 50]]);
    expect(sender()(second(13, 9, 0))).toEqual([]);
  });

  test('uses a utilization where there is one', () => {
    const send = sender();
    send(second(10, 1, 0));
    const utilization = gauge('process.cpu.utilization', { value: 0.25, time: 11e9 });
    const cpu = gauge(
      'system.cpu.time',
      { value: 1, time: 11e9, labels: { cpu: '0' } },
      { value: 1, time: 11e9, labels: { cpu: '1' } },
    );
    expect(send(second(11, 2, 0), utilization, cpu)).toEqual([[11, 50]]);
  });
});
