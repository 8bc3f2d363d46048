import { diag } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { hrTimeToUnixNano } from '../time.ts';
import { PendingExports } from './pending-exports.ts';
import { RecordSender } from './record-sender.ts';
import { type SimvueExporterOptions, SimvueServer } from './simvue-server.ts';

/**
 * Sends log records to a Simvue server over its REST API: plain ones as events of their resource's run, those with a
 * reserved name as changes of it.
 */
export class SimvueLogRecordExporter implements LogRecordExporter {
  readonly #options: SimvueExporterOptions;
  readonly #server: SimvueServer;
  readonly #pending = new PendingExports();
  readonly #sender = new RecordSender();

  /** @throws `SIMVUE_ERR_CONFIG` for an address that is none. */
  constructor(options: SimvueExporterOptions = {}) {
    this.#options = options;
    this.#server = SimvueServer.open(options);
  }

  export(records: ReadableLogRecord[], done: (result: ExportResult) => void): void {
    this.#pending.add(() => this.#export(records), done);
  }

  forceFlush(): Promise<void> {
    return this.#pending.all();
  }

  async shutdown(): Promise<void> {
    await this.#pending.all();
    for (const problem of await this.#server.close()) diag.warn(`A Simvue run was not ended: ${problem}`);
  }

  async #export(records: readonly ReadableLogRecord[]): Promise<void> {
    const signal = this.#server.deadline(this.#options.timeoutMillis);
    const firsts = new Map(records.toReversed().map(({ resource, hrTime }) => [resource, hrTime]));
    for (const [resource, firstTime] of firsts) {
      const group = records.filter((record) => record.resource === resource);
      const run = await this.#server.runs.of(resource, hrTimeToUnixNano(firstTime), signal);
      await this.#sender.send(run, group, signal);
    }
  }
}
