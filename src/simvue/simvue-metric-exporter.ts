import { diag } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InstrumentType,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { earliestUnixNano, metricEntries } from './metric-entries.ts';
import { PendingExports } from './pending-exports.ts';
import { type SimvueExporterOptions, SimvueServer } from './simvue-server.ts';

/**
 * Sends metrics to a Simvue server over its REST API: each resource is a run there, made once.
 *
 * Give it to a `PeriodicExportingMetricReader` of your own NodeSDK. Every data point keeps its time; `simvue.step` is its step.
 */
export class SimvueMetricExporter implements PushMetricExporter {
  readonly #options: SimvueExporterOptions;
  readonly #server: SimvueServer;
  readonly #pending = new PendingExports();

  /** @throws `SIMVUE_ERR_CONFIG` for an address that is none. */
  constructor(options: SimvueExporterOptions = {}) {
    this.#options = options;
    this.#server = SimvueServer.open(options);
  }

  /**
   * Each recorded value once: what was not recorded since is not sent again. What goes up and down is its level, not its changes.
   *
   * @see OpenTelemetry, metrics exporter, temporality preference "delta"
   */
  selectAggregationTemporality(instrument?: InstrumentType): AggregationTemporality {
    const isLevel =
      instrument === InstrumentType.UP_DOWN_COUNTER || instrument === InstrumentType.OBSERVABLE_UP_DOWN_COUNTER;
    return isLevel ? AggregationTemporality.CUMULATIVE : AggregationTemporality.DELTA;
  }

  export(metrics: ResourceMetrics, done: (result: ExportResult) => void): void {
    this.#pending.add(() => this.#export(metrics), done);
  }

  forceFlush(): Promise<void> {
    return this.#pending.all();
  }

  async shutdown(): Promise<void> {
    await this.#pending.all();
    for (const problem of await this.#server.close()) diag.warn(`A Simvue run was not ended: ${problem}`);
  }

  async #export(metrics: ResourceMetrics): Promise<void> {
    const first = earliestUnixNano(metrics);
    if (first === undefined) return;
    const signal = this.#server.deadline(this.#options.timeoutMillis);
    const run = await this.#server.runs.of(metrics.resource, first, signal);
    const entries = metricEntries(metrics, { startUnixNano: run.startUnixNano, step: run.nextStep() });
    await run.postMetrics(entries, signal);
  }
}
