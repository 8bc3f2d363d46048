import { diag } from '@opentelemetry/api';
import { HostMetrics } from '@opentelemetry/host-metrics';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';

const FIRST_WINDOW_MILLIS = 200;
const MEBIBYTE = 1024 * 1024;

/** Use of the machine by this process. */
export interface ResourceUse {
  /** Percent since the previous sample, 100 = one core. */
  readonly cpuPercent: number;
  /** Resident memory, MiB. */
  readonly memoryMebibytes: number;
}

/** The only reader of a private provider; collects when asked. */
class OnDemandReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * Samples the process with `@opentelemetry/host-metrics`: first over a short window, then every `intervalSeconds`.
 *
 * CPU use comes from differences of `process.cpu.time`, because the package computes utilisation from a state that all
 * its readers share.
 */
export class ResourceSampler {
  readonly #reader = new OnDemandReader();
  readonly #onSample: (use: ResourceUse) => void;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout;
  #previous: { cpuSeconds: number; atMillis: number } | undefined;

  constructor(intervalSeconds: number, onSample: (use: ResourceUse) => void, onError: (error: unknown) => void) {
    this.#onSample = onSample;
    this.#onError = onError;
    startHostMetrics(new MeterProvider({ readers: [this.#reader] }));
    const first = () => {
      this.#timer = setInterval(() => void this.#sample(), intervalSeconds * 1000).unref();
      void this.#sample();
    };
    this.#timer = setTimeout(first, Math.min(FIRST_WINDOW_MILLIS, intervalSeconds * 1000)).unref();
    void this.#sample();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#timer);
  }

  async #sample(): Promise<void> {
    try {
      const { cpuSeconds, memoryBytes } = await this.#collect();
      const atMillis = performance.now();
      const previous = this.#previous;
      this.#previous = { cpuSeconds, atMillis };
      if (previous === undefined || atMillis <= previous.atMillis) return;
      const cpuPercent = (100_000 * (cpuSeconds - previous.cpuSeconds)) / (atMillis - previous.atMillis);
      this.#onSample({ cpuPercent, memoryMebibytes: memoryBytes / MEBIBYTE });
    } catch (error) {
      this.#onError(error);
    }
  }

  async #collect(): Promise<{ cpuSeconds: number; memoryBytes: number }> {
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
