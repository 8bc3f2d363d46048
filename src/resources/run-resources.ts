import { platform } from 'node:os';
import type { Reports } from '../reports.ts';
import type { RunConfig } from '../run-options.ts';
import type { RunSession } from '../run-session.ts';
import type { ResourceSampler } from './resource-sampler.ts';

const DEFAULT_INTERVAL_SECONDS = 30;

/** Resource use of a run's process tree, or of another one, as metrics of the run with steps of their own. */
export class RunResources {
  readonly #session: RunSession;
  readonly #reports: Reports;
  readonly #intervalSeconds: number;
  #pid = process.pid;
  #step = 0;
  #sampler: Promise<ResourceSampler> | undefined;

  constructor(session: RunSession, config: RunConfig, reports: Reports) {
    this.#session = session;
    this.#reports = reports;
    this.#intervalSeconds = config.resourcesMetricsInterval ?? DEFAULT_INTERVAL_SECONDS;
  }

  start(): void {
    this.#sampler = this.#createSampler();
    this.#sampler.catch(this.#onError);
  }

  /** Samples another process and its children from here on. */
  setPid(pid: number): void {
    this.#pid = pid;
    this.#sampler?.then((sampler) => sampler.reset(), this.#onError);
  }

  stop(): void {
    this.#sampler?.then((sampler) => sampler.stop(), this.#onError);
  }

  async #createSampler(): Promise<ResourceSampler> {
    const [{ ResourceSampler }, { readGpus }, readUse] = await Promise.all([
      import('./resource-sampler.ts'),
      import('./gpu.ts'),
      this.#reader(),
    ]);
    return new ResourceSampler({
      intervalSeconds: this.#intervalSeconds,
      readUse,
      readGpus,
      onSample: (values) => {
        const { sink, clock } = this.#session;
        sink.writePoints(Object.keys(values), Object.values(values), clock.now(), this.#step++, undefined);
      },
      onError: this.#onError,
    });
  }

  /** Without `/proc`, this process alone. */
  async #reader() {
    if (platform() === 'linux') {
      const { readTreeUse } = await import('./process-tree.ts');
      return () => readTreeUse(this.#pid);
    }
    const { HostMetricsReader } = await import('./host-metrics.ts');
    const reader = new HostMetricsReader();
    return async () => (this.#pid === process.pid ? reader.read() : undefined);
  }

  readonly #onError = (error: unknown): void => {
    this.#reports.once('resources', `Resource use is not sampled: ${String(error)}`);
  };
}
