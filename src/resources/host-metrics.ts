import { diag } from '@opentelemetry/api';
import { HostMetrics } from '@opentelemetry/host-metrics';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import type { TreeUse } from './process-tree.ts';

/** The only reader of a private provider; collects when asked. */
class OnDemandReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Reads the use of this process, without its children, through `@opentelemetry/host-metrics`. */
export class HostMetricsReader {
  readonly #reader = new OnDemandReader();

  constructor() {
    startHostMetrics(new MeterProvider({ readers: [this.#reader] }));
  }

  /** CPU seconds and not utilisation, which the package computes from a state that all its readers share. */
  async read(): Promise<TreeUse> {
    const { resourceMetrics } = await this.#reader.collect();
    const sum = (name: string) => {
      const metric = resourceMetrics.scopeMetrics
        .flatMap((scope) => scope.metrics)
        .find((m) => m.descriptor.name === name);
      return (metric?.dataPoints ?? []).reduce((total, point) => total + Number(point.value), 0);
    };
    return { cpuSeconds: sum('process.cpu.time'), memoryBytes: sum('process.memory.usage') };
  }
}

/** The package warns on construction that it is deprecated; its successor needs Node 22. */
function startHostMetrics(meterProvider: MeterProvider): void {
  const { warn } = diag;
  diag.warn = () => undefined;
  try {
    new HostMetrics({ meterProvider, metricGroups: ['process.cpu', 'process.memory'] }).start();
  } finally {
    diag.warn = warn;
  }
}
