import { RESOURCE_METRIC } from '../semconv.ts';
import type { GpuUse } from './gpu.ts';
import type { TreeUse } from './process-tree.ts';

/** A run that is over in seconds has a sample too. */
const FIRST_WINDOW_MILLIS = 200;
const MEBIBYTE = 1024 * 1024;

export interface SamplerParts {
  readonly intervalSeconds: number;
  /** Sum of the use since the start of the processes; undefined when there are none. */
  readonly readUse: () => Promise<TreeUse | undefined>;
  /** Undefined when there is no driver: it is not asked again. */
  readonly readGpus: () => Promise<readonly GpuUse[] | undefined>;
  readonly onSample: (values: Readonly<Record<string, number>>) => void;
  readonly onError: (error: unknown) => void;
}

/** Samples resource use: first over a short window, then every `intervalSeconds`. */
export class ResourceSampler {
  readonly #parts: SamplerParts;
  #timer: NodeJS.Timeout;
  #previous: { readonly cpuSeconds: number; readonly atMillis: number } | undefined;
  #hasGpus = true;
  #sampling: Promise<void> | undefined;

  constructor(parts: SamplerParts) {
    this.#parts = parts;
    const intervalMillis = parts.intervalSeconds * 1000;
    const first = () => {
      this.#timer = setInterval(() => this.#sample(), intervalMillis).unref();
      // A first look that took longer than the window must not swallow this one.
      void Promise.resolve(this.#sampling).then(() => this.#sample());
    };
    this.#timer = setTimeout(first, Math.min(FIRST_WINDOW_MILLIS, intervalMillis)).unref();
    this.#sample();
  }

  /** Forgets what was measured: other processes come. */
  reset(): void {
    this.#previous = undefined;
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#timer);
  }

  /** One at a time: a driver that hangs costs samples, not memory. */
  #sample(): void {
    this.#sampling ??= this.#measure()
      .catch(this.#parts.onError)
      .finally(() => {
        this.#sampling = undefined;
      });
  }

  async #measure(): Promise<void> {
    const use = await this.#parts.readUse();
    if (use === undefined) return this.reset();
    const now = { cpuSeconds: use.cpuSeconds, atMillis: performance.now() };
    const previous = this.#previous;
    this.#previous = now;
    if (previous === undefined || now.atMillis <= previous.atMillis) return;
    // A child that nobody waited for takes its time away with it.
    const cpuSeconds = Math.max(0, now.cpuSeconds - previous.cpuSeconds);
    const values: Record<string, number> = {
      [RESOURCE_METRIC.cpuUsage]: (100_000 * cpuSeconds) / (now.atMillis - previous.atMillis),
      [RESOURCE_METRIC.memoryUsage]: use.memoryBytes / MEBIBYTE,
    };
    for (const gpu of await this.#gpus()) {
      if (gpu.computePercent !== undefined) values[`${RESOURCE_METRIC.gpuCompute}${gpu.index}`] = gpu.computePercent;
      if (gpu.memoryPercent !== undefined) values[`${RESOURCE_METRIC.gpuMemory}${gpu.index}`] = gpu.memoryPercent;
    }
    this.#parts.onSample(values);
  }

  async #gpus(): Promise<readonly GpuUse[]> {
    if (!this.#hasGpus) return [];
    try {
      const gpus = await this.#parts.readGpus();
      this.#hasGpus = gpus !== undefined;
      return gpus ?? [];
    } catch (error) {
      this.#parts.onError(error);
      return [];
    }
  }
}
